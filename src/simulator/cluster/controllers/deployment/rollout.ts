import type { Deployment } from '../../kinds/deployment.ts'
import type { ReplicaSet } from '../../kinds/replicaSet.ts'
import type { Control } from '../controller.ts'
import { compareCreation, maxUnavailable, newSetSize, totalStatus, totalWanted, wanted } from './arithmetic.ts'
import type { Revisions } from './revisions.ts'
import { activeSets, scaleSet } from './scaling.ts'

/** One step of a rolling update: makes room upwards first, then takes old pods away as new ones become available. */
export function roll(revisions: Revisions, control: Control): void {
  if (!growNewSet(revisions, control)) shrinkOldSets(revisions, control)
}

/** Brings the newest set to the size that is wanted, or that the surge allows; whether there was anything to do. */
export function growNewSet({ deployment, newSet, sets }: Revisions, control: Control): boolean {
  if (!newSet || wanted(newSet) === wanted(deployment)) return false
  const size = wanted(newSet) > wanted(deployment) ? wanted(deployment) : newSetSize(deployment, sets, newSet)
  if (size === wanted(newSet)) return false
  scaleSet(deployment, newSet, size, control)
  return true
}

/** Takes all old pods away at once; whether there were any. */
export function emptyOldSets({ deployment, oldSets }: Revisions, control: Control): boolean {
  const active = activeSets(oldSets)
  for (const set of active) scaleSet(deployment, set, 0, control)
  return active.length > 0
}

/** Old pods that serve nobody go first; those that serve go while enough others do. */
function shrinkOldSets({ deployment, newSet, oldSets, sets }: Revisions, control: Control): void {
  const old = activeSets(oldSets).sort(compareCreation)
  if (old.length === 0) return
  const minAvailable = wanted(deployment) - maxUnavailable(deployment)
  const newUnavailable = newSet ? wanted(newSet) - (newSet.status?.availableReplicas ?? 0) : 0
  const removable = totalWanted(sets) - minAvailable - newUnavailable
  if (removable <= 0) return

  const rest = removeUnavailable(deployment, old, removable, control)
  let left = totalStatus(sets, 'availableReplicas') - minAvailable
  for (const set of rest) {
    const removed = Math.min(Math.max(0, left), wanted(set))
    if (removed > 0) scaleSet(deployment, set, wanted(set) - removed, control)
    left -= removed
  }
}

/** Pods that serve nobody can go whatever the others do. Gives the sets as they are afterwards. */
function removeUnavailable(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  limit: number,
  control: Control,
): ReplicaSet[] {
  let left = limit
  return sets.map(set => {
    const removed = Math.min(left, Math.max(0, wanted(set) - (set.status?.availableReplicas ?? 0)))
    left -= removed
    return removed > 0 ? scaleSet(deployment, set, wanted(set) - removed, control) : set
  })
}
