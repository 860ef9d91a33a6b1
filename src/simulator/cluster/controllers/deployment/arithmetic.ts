import type { Deployment } from '../../kinds/deployment.ts'
import type { ReplicaSet } from '../../kinds/replicaSet.ts'
import { portion } from '../pods/portion.ts'

export const revisionAnnotation = 'deployment.kubernetes.io/revision'
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas'
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas'

/** How many pods are wanted. */
export function wanted(owner: Deployment | ReplicaSet): number {
  return owner.spec.replicas ?? 1
}

export function totalWanted(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + wanted(set), 0)
}

export function totalStatus(
  sets: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas',
): number {
  return sets.reduce((sum, set) => sum + (set.status?.[field] ?? 0), 0)
}

export function isRolling(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== 'Recreate'
}

/** How many pods above `spec.replicas` an update may make: percentages round up. */
export function maxSurge(deployment: Deployment): number {
  return isRolling(deployment) ? fenceposts(deployment).surge : 0
}

/** How many of the wanted pods may be missing during an update: percentages round down. */
export function maxUnavailable(deployment: Deployment): number {
  if (!isRolling(deployment) || wanted(deployment) === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, wanted(deployment))
}

/** Both zero would never get on, which only percentages can lead to: then one may be missing. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 0 } = deployment.spec.strategy?.rollingUpdate ?? {}
  const surge = portion(maxSurge, wanted(deployment))
  const unavailable = portion(maxUnavailable, wanted(deployment), Math.floor)
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

/** How many pods the newest set of an update may have now. */
export function newSetSize(deployment: Deployment, sets: readonly ReplicaSet[], newSet: ReplicaSet): number {
  if (!isRolling(deployment)) return wanted(deployment)
  const room = wanted(deployment) + maxSurge(deployment) - totalWanted(sets)
  if (room <= 0) return wanted(newSet)
  return wanted(newSet) + Math.min(room, wanted(deployment) - wanted(newSet))
}

/**
 * Shares a change of `spec.replicas` in the middle of an update out over all sets with pods, in proportion to their
 * size; what rounding leaves over goes to the largest.
 */
export function proportionalSizes(deployment: Deployment, active: readonly ReplicaSet[]): Map<ReplicaSet, number> {
  const allowed = wanted(deployment) > 0 ? wanted(deployment) + maxSurge(deployment) : 0
  const toAdd = allowed - totalWanted(active)
  const newestFirst = toAdd > 0 ? 1 : -1
  const sets = [...active].sort((a, b) => wanted(b) - wanted(a) || newestFirst * compareCreation(b, a))
  const sizes = new Map(sets.map(set => [set, wanted(set)]))
  if (toAdd === 0) return sizes
  let added = 0
  for (const set of sets) {
    const share = proportion(deployment, set, toAdd, added)
    sizes.set(set, wanted(set) + share)
    added += share
  }
  if (sets[0]) sizes.set(sets[0], Math.max(0, sizes.get(sets[0])! + toAdd - added))
  return sizes
}

function proportion(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (wanted(set) === 0) return 0
  const allowedChange = toAdd - added
  const fraction = fractionOf(deployment, set)
  return toAdd > 0 ? Math.min(fraction, allowedChange) : Math.max(fraction, allowedChange)
}

/** The set's part of the change from the size it was last scaled for to the size that is wanted now. */
function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  if (wanted(deployment) === 0) return -wanted(set)
  const before = Number(set.metadata.annotations?.[maxReplicasAnnotation] ?? 0) || deployment.status?.replicas
  if (!before) return 0
  return Math.round((wanted(set) * (wanted(deployment) + maxSurge(deployment))) / before) - wanted(set)
}

/** Oldest first; sets of the same second by name. */
export function compareCreation(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  return first < second ? -1 : first > second ? 1 : a.metadata.name < b.metadata.name ? -1 : 1
}
