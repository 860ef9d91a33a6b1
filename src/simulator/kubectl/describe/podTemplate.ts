import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import { describeContainers } from './containers.ts'
import type { Description } from './description.ts'
import { describeSpread, describeTolerations } from './placement.ts'
import { describeVolumes } from './volumes.ts'

/** Writes the template that a workload makes its pods from. */
export function describePodTemplate(template: PodTemplateSpec | undefined, text: Description): void {
  text.heading('Pod Template')
  if (!template) return text.write('  <unset>')
  const { metadata, spec } = template
  text.labels('  Labels', metadata?.labels)
  if (metadata?.annotations && Object.keys(metadata.annotations).length > 0) {
    text.annotations(metadata.annotations, '  Annotations')
  }
  if (spec?.serviceAccountName) text.field('Service Account', spec.serviceAccountName, 1)
  if (spec?.initContainers?.length) describeContainers('Init Containers', spec.initContainers, text, { indent: '  ' })
  describeContainers('Containers', spec?.containers ?? [], text, { indent: '  ' })
  describeVolumes(spec?.volumes, text, '  ')
  describeSpread(spec?.topologySpreadConstraints, text, '  ')
  if (spec?.priorityClassName) text.field('Priority Class Name', spec.priorityClassName, 1)
  text.labels('  Node-Selectors', spec?.nodeSelector)
  describeTolerations('  Tolerations', spec?.tolerations, text)
}
