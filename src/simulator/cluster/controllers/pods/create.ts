import type { PodTemplateSpec } from 'kubernetes-types/core/v1'
import { controllerReference, type Draft, type KubernetesObject } from '../../api/object.ts'
import type { Pod } from '../../kinds/pod.ts'

/** The pod that a workload's template describes, controlled by the workload. */
export function podFromTemplate(template: PodTemplateSpec, owner: KubernetesObject): Draft<Pod> {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  return {
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace!,
      ...(labels && { labels: { ...labels } }),
      ...(annotations && { annotations: { ...annotations } }),
      ...(finalizers && { finalizers: [...finalizers] }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec as Pod['spec'],
  }
}
