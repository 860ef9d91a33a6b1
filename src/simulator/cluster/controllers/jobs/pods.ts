import type { Container, PodTemplateSpec } from 'kubernetes-types/core/v1'
import type { Draft } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import type { Job } from '../../kinds/job.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import { podFromTemplate } from '../pods/create.ts'
import { indexAnnotation, indexOf } from './indexes.ts'

/** Holds a pod back until the Job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed'
}

/** The next pod of a Job; pods of an Indexed Job know their number from a label, a variable and their host name. */
export function jobPod(job: Job, index: number | undefined, failures: Record<string, string> = {}): Draft<Pod> {
  const { template } = job.spec
  const finalizers = [...(template.metadata?.finalizers ?? []), trackingFinalizer]
  if (index === undefined) return podFromTemplate({ ...template, metadata: { ...template.metadata, finalizers } }, job)
  const mark = { [indexAnnotation]: String(index) }
  const { labels, annotations } = template.metadata ?? {}
  const indexed: PodTemplateSpec = {
    metadata: {
      ...template.metadata,
      labels: { ...labels, ...mark },
      annotations: { ...annotations, ...mark, ...failures },
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

/** Numbers that nobody has done, given up or is doing, the lowest first. */
export function freeIndexes(completions: number, pods: readonly Pod[], over: ReadonlySet<number>): number[] {
  const busy = new Set(pods.map(indexOf))
  return Array.from({ length: completions }, (_, index) => index).filter(index => !over.has(index) && !busy.has(index))
}

/** Lets go of pods: they have been counted, or nobody counts them any more. */
export function release(pods: readonly Pod[], client: Client): void {
  for (const { metadata } of pods) {
    const current = client.get(pod, metadata.name, metadata.namespace)
    const finalizers = current?.metadata.finalizers
    if (current?.metadata.uid !== metadata.uid || !finalizers?.includes(trackingFinalizer)) continue
    const others = finalizers.filter(finalizer => finalizer !== trackingFinalizer)
    client.patch(pod, metadata.name, metadata.namespace, {
      metadata: { finalizers: others.length > 0 ? others : null },
    })
  }
}
