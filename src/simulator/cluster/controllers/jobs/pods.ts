import type { Container, PodTemplateSpec } from 'kubernetes-types/core/v1'
import type { Draft } from '../../api/object.ts'
import type { Job } from '../../kinds/job.ts'
import type { Pod } from '../../kinds/pod.ts'
import { podFromTemplate } from '../pods/create.ts'
import { isActive } from '../pods/state.ts'
import { indexAnnotation, indexOf } from './indexes.ts'

/** Holds a pod back until the Job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed'
}

/** The next pod of a Job; pods of an Indexed Job know their number from a label, a variable and their host name. */
export function jobPod(job: Job, index: number | undefined): Draft<Pod> {
  const { template } = job.spec
  const finalizers = [...(template.metadata?.finalizers ?? []), trackingFinalizer]
  if (index === undefined) return podFromTemplate({ ...template, metadata: { ...template.metadata, finalizers } }, job)
  const mark = { [indexAnnotation]: String(index) }
  const { labels, annotations } = template.metadata ?? {}
  const indexed: PodTemplateSpec = {
    metadata: {
      ...template.metadata,
      labels: { ...labels, ...mark },
      annotations: { ...annotations, ...mark },
      finalizers,
    },
    spec: {
      ...template.spec!,
      hostname: `${job.metadata.name}-${index}`,
      containers: template.spec!.containers.map(withIndex),
      ...(template.spec!.initContainers && { initContainers: template.spec!.initContainers.map(withIndex) }),
    },
  }
  const draft = podFromTemplate(indexed, job)
  return { ...draft, metadata: { ...draft.metadata, generateName: `${job.metadata.name}-${index}-` } }
}

function withIndex(container: Container): Container {
  const fieldPath = `metadata.labels['${indexAnnotation}']`
  const variable = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath } } }
  if (container.env?.some(({ name }) => name === variable.name)) return container
  return { ...container, env: [...(container.env ?? []), variable] }
}

/** The lowest numbers that nobody has done or is doing. */
export function freeIndexes(completions: number, pods: readonly Pod[], done: ReadonlySet<number>): number[] {
  const busy = new Set(pods.filter(isActive).map(indexOf))
  return Array.from({ length: completions }, (_, index) => index).filter(index => !done.has(index) && !busy.has(index))
}

/** When the last container of a failed pod ended, in milliseconds since 1970. */
export function failedAt({ status, metadata }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''))
  const known = ends.filter(end => !Number.isNaN(end))
  if (known.length > 0) return Math.max(...known)
  return Date.parse(metadata.deletionTimestamp ?? metadata.creationTimestamp)
}
