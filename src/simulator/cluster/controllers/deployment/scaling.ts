import type { Deployment } from '../../kinds/deployment.ts'
import { type ReplicaSet, replicaSet } from '../../kinds/replicaSet.ts'
import type { Control } from '../controller.ts'
import {
  compareCreation,
  desiredReplicasAnnotation,
  isRolling,
  maxReplicasAnnotation,
  maxSurge,
  proportionalSizes,
  wanted,
} from './arithmetic.ts'
import type { Revisions } from './revisions.ts'

/** Sets that should have pods. */
export function activeSets(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets.filter(set => wanted(set) > 0)
}

/** Whether `spec.replicas` has changed since the sets were last scaled. */
export function isScaled(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return activeSets(sets).some(set => {
    const desired = set.metadata.annotations?.[desiredReplicasAnnotation]
    return desired !== undefined && Number(desired) !== wanted(deployment)
  })
}

/** Gives a set another size and tells of it; the set as it is afterwards. */
export function scaleSet(deployment: Deployment, set: ReplicaSet, size: number, control: Control): ReplicaSet {
  const annotations = {
    ...set.metadata.annotations,
    [desiredReplicasAnnotation]: String(wanted(deployment)),
    [maxReplicasAnnotation]: String(wanted(deployment) + maxSurge(deployment)),
  }
  const isAnnotated =
    set.metadata.annotations?.[desiredReplicasAnnotation] === annotations[desiredReplicasAnnotation] &&
    set.metadata.annotations?.[maxReplicasAnnotation] === annotations[maxReplicasAnnotation]
  if (size === wanted(set) && isAnnotated) return set
  const scaled = control.client.update(replicaSet, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas: size },
  })
  if (size === wanted(set)) return scaled
  const direction = size > wanted(set) ? 'up' : 'down'
  control.record(
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${direction} replica set ${set.metadata.name} from ${wanted(set)} to ${size}`,
  )
  return scaled
}

/** Follows a change of `spec.replicas` outside of an update, or in the middle of one. */
export function scale({ deployment, newSet, oldSets, sets }: Revisions, control: Control): void {
  const only = activeOrLatest(newSet, oldSets)
  if (only) {
    if (wanted(only) !== wanted(deployment)) scaleSet(deployment, only, wanted(deployment), control)
    return
  }
  if (isSaturated(deployment, newSet)) {
    for (const set of activeSets(oldSets)) scaleSet(deployment, set, 0, control)
    return
  }
  if (!isRolling(deployment)) return
  for (const [set, size] of proportionalSizes(deployment, activeSets(sets))) scaleSet(deployment, set, size, control)
}

/** The only set with pods; with none, the newest. */
function activeOrLatest(newSet: ReplicaSet | undefined, oldSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const active = activeSets(newSet ? [...oldSets, newSet] : oldSets)
  if (active.length > 1) return undefined
  return active[0] ?? newSet ?? [...oldSets].sort(compareCreation).at(-1)
}

/** Whether the newest set alone is all that is wanted. */
function isSaturated(deployment: Deployment, newSet: ReplicaSet | undefined): boolean {
  if (!newSet) return false
  const size = wanted(deployment)
  return (
    wanted(newSet) === size &&
    Number(newSet.metadata.annotations?.[desiredReplicasAnnotation]) === size &&
    (newSet.status?.availableReplicas ?? 0) === size
  )
}
