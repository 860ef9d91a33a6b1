import type { Random } from '../../../random.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { NodeState, Snapshot } from '../filter.ts'
import { scores } from '../scores/registry.ts'

/** The best of the nodes that can take a pod; among equals chance decides. */
export function chooseNode(pod: Pod, candidates: readonly NodeState[], snapshot: Snapshot, random: Random): NodeState {
  if (candidates.length === 1) return candidates[0]!
  const totals = candidates.map(() => 0)
  for (const score of scores) {
    const prepared = score.prepare?.(pod, candidates, snapshot)
    if (prepared === undefined) continue
    const ratings = candidates.map(on => score.rate(pod, on, prepared))
    const normalized = score.normalize?.(ratings, prepared) ?? ratings
    for (let i = 0; i < totals.length; i++) totals[i]! += normalized[i]! * score.weight
  }
  const best = Math.max(...totals)
  return random.pick(candidates.filter((_, i) => totals[i] === best))
}
