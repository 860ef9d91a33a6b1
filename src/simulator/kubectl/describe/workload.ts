import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { controllerOf, type KubernetesObject } from '../../cluster/api/object.ts'
import { formatSelector } from '../../cluster/api/selector.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import type { View } from './describer.ts'
import type { Description } from './description.ts'

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
}

/** `2 Running / 0 Waiting / 0 Succeeded / 0 Failed`: the pods that a workload controls. */
export async function podCounts(
  owner: KubernetesObject,
  selector: LabelSelector | undefined,
  view: View,
): Promise<string> {
  const pods = await view.list<Pod>('pods', {
    namespace: owner.metadata.namespace,
    selector: formatSelector(selector).replace('<none>', ''),
  })
  const own = pods.filter(pod => controllerOf(pod)?.uid === owner.metadata.uid)
  const count = (phase: string) => own.filter(({ status }) => status.phase === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}

/** Writes conditions with their reasons. */
export function describeConditions(conditions: readonly Condition[] | undefined, text: Description): void {
  if (!conditions?.length) return
  text.heading('Conditions')
  text.header(['Type', 'Status', 'Reason'])
  for (const { type, status, reason = '' } of conditions) text.line(`${type} \t${status}\t${reason}`, 1)
}
