import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import { describeContainers } from './containers.ts'
import type { Description } from './description.ts'
import { describeScheduling } from './scheduling.ts'
import { describeVolumes } from './volumes.ts'

/** Adds the template from which a workload makes its pods. */
export function describePodTemplate(text: Description, template: PodTemplateSpec | undefined): void {
  text.line(0, 'Pod Template:')
  if (!template) return text.line(0, '  <unset>')
  const { metadata, spec } = template
  text.labels(0, metadata?.labels, '  Labels')
  if (Object.keys(metadata?.annotations ?? {}).length > 0) text.annotations(metadata?.annotations, '  Annotations')
  if (spec?.serviceAccountName) text.line(0, `  Service Account:\t${spec.serviceAccountName}`)
  if (spec?.initContainers?.length) describeContainers(text, 'Init Containers', spec.initContainers, undefined, '  ')
  describeContainers(text, 'Containers', spec?.containers ?? [], undefined, '  ')
  describeVolumes(text, spec?.volumes, '  ')
  if (spec?.priorityClassName) text.line(0, `  Priority Class Name:\t${spec.priorityClassName}`)
  if (spec) describeScheduling(text, spec, '  ')
}
