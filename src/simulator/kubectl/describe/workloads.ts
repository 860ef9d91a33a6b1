import type { KubernetesObject } from '../../cluster/api/object.ts'
import { isControlledBy } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import { type Pod, pod } from '../../cluster/kinds/pod.ts'
import type { ReplicaSet } from '../../cluster/kinds/replicaSet.ts'
import type { Surroundings } from './describer.ts'

/** The pods that a workload owns, among those that its selector matches. */
export async function podsOf(
  owner: KubernetesObject,
  selector: Parameters<typeof formatSelector>[0],
  around: Surroundings,
): Promise<readonly Pod[]> {
  const { namespace } = owner.metadata
  const labels = formatSelector(selector)
  const pods = await around.list(pod, { ...(namespace ? { namespace } : {}), labels })
  return pods.filter(one => isControlledBy(one, owner))
}

/** `Pods Status:` of a workload: how many pods are in which phase. */
export function phaseCounts(pods: readonly Pod[]): string {
  const count = (phase: string) => pods.filter(one => one.status.phase === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}

/** `web-8446669fb (1/1 replicas created)`, comma-separated; `<none>` when there is none. */
export function replicaSetsText(sets: readonly ReplicaSet[]): string {
  const texts = sets.map(
    ({ metadata, spec, status }) => `${metadata.name} (${status.replicas}/${spec.replicas} replicas created)`,
  )
  return texts.join(', ') || '<none>'
}
