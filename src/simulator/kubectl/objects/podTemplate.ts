import type { PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1'
import { type AnyObject, valueAt } from '../server/object.ts'

const templatePaths: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  PodTemplate: ['template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
}

/** The template from which a workload makes its pods. */
export function podTemplateOf(object: AnyObject): PodTemplateSpec | undefined {
  const path = templatePaths[object.kind]
  return path && (valueAt(object, ...path) as PodTemplateSpec | undefined)
}

/** The specification of a pod, or of the pods that a workload makes. */
export function podSpecOf(object: AnyObject): PodSpec | undefined {
  return object.kind === 'Pod' ? (object['spec'] as PodSpec) : podTemplateOf(object)?.spec
}
