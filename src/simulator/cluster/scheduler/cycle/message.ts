import type { Refusal } from '../filter.ts'
import type { Fit } from './fit.ts'

/** What `FailedScheduling` says: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).` */
export function fitMessage({ refusals, refusal, feasible }: Fit, nodes: number, afterwards: string): string {
  if (nodes === 0) return 'no nodes available to schedule pods'
  const start = `${feasible.length}/${nodes} nodes are available:`
  // Without a look at the nodes the plugin for claims of devices has no state to speak of: hence its "not found".
  if (refusal !== undefined) return `${start} ${refusal}. not found`
  const counts = countReasons(refusals.values())
  return `${start}${counts ? ` ${counts}.` : ''}${afterwards ? ` ${afterwards}` : ''}`
}

/** How often each reason was given, sorted as text: a larger number does not come first. */
export function countReasons(refusals: Iterable<Refusal>): string {
  const counts = new Map<string, number>()
  for (const { reasons } of refusals) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')
}
