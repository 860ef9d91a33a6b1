import { isEqual } from '../../api/equality.ts'
import { type Deployment, deployment as kind } from '../../kinds/deployment.ts'
import type { ReplicaSet } from '../../kinds/replicaSet.ts'
import { type Control, keyOf } from '../controller.ts'
import { maxUnavailable, totalStatus, totalWanted, wanted } from './arithmetic.ts'
import {
  conditionOf,
  hasProgressDeadline,
  newCondition,
  replaceCondition,
  withCondition,
  withoutCondition,
} from './conditions.ts'
import type { Revisions } from './revisions.ts'

type Status = NonNullable<Deployment['status']>

/** Counts the pods of all sets, without judging progress: for paused and scaled Deployments. */
export function syncStatus(revisions: Revisions, control: Control): void {
  const status = calculateStatus(revisions, control)
  if (!isEqual(status, revisions.deployment.status)) save(revisions.deployment, status, control)
}

/** Counts the pods of all sets and says whether the update is complete, gets on, or has run out of time. */
export function syncRolloutStatus(revisions: Revisions, control: Control): void {
  const { deployment } = revisions
  const status = judgeProgress(revisions, calculateStatus(revisions, control), control)
  if (isEqual(status, deployment.status)) lookAgainBeforeDeadline(deployment, status, control)
  else save(deployment, status, control)
}

/** All that is wanted is up to date and available, and nothing old is left. */
export function isComplete(deployment: Deployment, status: Status): boolean {
  const size = wanted(deployment)
  return (
    (status.updatedReplicas ?? 0) === size &&
    (status.replicas ?? 0) === size &&
    (status.availableReplicas ?? 0) === size &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

function calculateStatus({ deployment, newSet, sets }: Revisions, control: Control): Status {
  const available = totalStatus(sets, 'availableReplicas')
  const unavailable = Math.max(0, totalWanted(sets) - available)
  const replicas = totalStatus(sets, 'replicas')
  const updated = newSet?.status?.replicas ?? 0
  const ready = totalStatus(sets, 'readyReplicas')
  const isEnough = available >= wanted(deployment) - maxUnavailable(deployment)
  const condition = isEnough
    ? newCondition(
        'Available',
        'True',
        'MinimumReplicasAvailable',
        'Deployment has minimum availability.',
        control.timestamp,
      )
    : newCondition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        control.timestamp,
      )
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...(replicas && { replicas }),
    ...(updated && { updatedReplicas: updated }),
    ...(ready && { readyReplicas: ready }),
    ...(available && { availableReplicas: available }),
    ...(unavailable && { unavailableReplicas: unavailable }),
    terminatingReplicas: totalStatus(sets, 'terminatingReplicas'),
    ...(deployment.status?.collisionCount !== undefined && { collisionCount: deployment.status.collisionCount }),
    conditions: withCondition(deployment.status?.conditions ?? [], condition),
  }
}

function judgeProgress({ deployment, newSet, sets }: Revisions, status: Status, control: Control): Status {
  let conditions = status.conditions ?? []
  const current = conditionOf(deployment.status?.conditions, 'Progressing')
  const subject = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const isDone =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable'
  if (!hasProgressDeadline(deployment)) conditions = withoutCondition(conditions, 'Progressing')
  else if (!isDone) {
    const progressing = (state: 'True' | 'False', reason: string, message: string) =>
      newCondition('Progressing', state, reason, message, control.timestamp)
    if (isComplete(deployment, status)) {
      const done = progressing('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`)
      conditions = withCondition(conditions, done)
    } else if (hasMoved(deployment.status, status)) {
      const moving = progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`)
      conditions = replaceCondition(
        conditions,
        current?.status === 'True' ? { ...moving, lastTransitionTime: current.lastTransitionTime! } : moving,
      )
    } else if (isTimedOut(deployment, control.now)) {
      const late = progressing('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`)
      conditions = withCondition(conditions, late)
    }
  }
  const failure = replicaFailure(newSet, sets)
  conditions = failure ? withCondition(conditions, failure) : withoutCondition(conditions, 'ReplicaFailure')
  return { ...status, conditions }
}

/** The first refusal to create pods, of the newest set before the others. */
function replicaFailure(newSet: ReplicaSet | undefined, sets: readonly ReplicaSet[]) {
  for (const set of newSet ? [newSet, ...sets] : sets) {
    const failure = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure')
    if (failure) return { ...failure, lastUpdateTime: failure.lastTransitionTime! }
  }
  return undefined
}

function hasMoved(before: Status | undefined, status: Status): boolean {
  const old = (counts: Status | undefined) => (counts?.replicas ?? 0) - (counts?.updatedReplicas ?? 0)
  return (
    (status.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    old(status) < old(before) ||
    (status.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  )
}

function isTimedOut(deployment: Deployment, now: number): boolean {
  const current = conditionOf(deployment.status?.conditions, 'Progressing')
  if (!current || current.reason === 'NewReplicaSetAvailable') return false
  if (current.reason === 'ProgressDeadlineExceeded') return true
  return deadlineOf(deployment, current.lastUpdateTime!) < now
}

function deadlineOf(deployment: Deployment, since: string): number {
  return Date.parse(since) + deployment.spec.progressDeadlineSeconds! * 1000
}

function lookAgainBeforeDeadline(deployment: Deployment, status: Status, control: Control): void {
  const current = conditionOf(status.conditions, 'Progressing')
  if (!hasProgressDeadline(deployment) || !current) return
  if (isComplete(deployment, status) || current.reason === 'ProgressDeadlineExceeded') return
  const wait = deadlineOf(deployment, current.lastUpdateTime!) - control.now
  control.enqueue(keyOf(deployment), Math.max(0, wait) + 1000)
}

function save(deployment: Deployment, status: Status, control: Control): void {
  control.client.updateStatus(kind, { ...deployment, status })
}
