import { controllerOf } from '../api/object.ts'
import type { Change, Client } from '../client.ts'
import { type Deployment, deployment } from '../kinds/deployment.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type ReplicaSet, replicaSet } from '../kinds/replicaSet.ts'
import { type Control, defineController, joinKey, lookUp, watch, watchOwned } from './controller.ts'
import { isRolling, wanted } from './deployment/arithmetic.ts'
import { conditionOf, hasProgressDeadline, newCondition, withCondition } from './deployment/conditions.ts'
import { type Revisions, revisionOf, syncRevisions } from './deployment/revisions.ts'
import { emptyOldSets, growNewSet, roll } from './deployment/rollout.ts'
import { isScaled, scale } from './deployment/scaling.ts'
import { isComplete, syncRolloutStatus, syncStatus } from './deployment/status.ts'
import { claim } from './pods/claim.ts'
import { isTerminal } from './pods/state.ts'

/** Replaces pods of an old template by pods of the new one, a set of replicas for each template. */
export const deploymentController = defineController({
  name: 'deployment-controller',
  watches: [watch(deployment), watchOwned(replicaSet, 'Deployment'), watch(pod, deploymentOfDeletedPod)],
  reconcile(key, control) {
    const found = lookUp(control.client, deployment, key)
    if (!found) return
    const sets = claim(control, replicaSet, found, found.spec.selector)
    if (found.metadata.deletionTimestamp) {
      syncStatus(syncRevisions(found, sets, control, false), control)
      return
    }
    const current = notePause(found, control)
    if (current.spec.paused || isScaled(current, sets)) followScale(current, sets, control)
    else if (isRolling(current)) update(current, sets, control)
    else recreate(current, sets, control)
  },
})

/** A Deployment that recreates waits for the last old pod to be gone. */
function deploymentOfDeletedPod(change: Change<Pod>, client: Client): string[] {
  if (change.type !== 'DELETED') return []
  const owner = controllerOf(change.object)
  if (owner?.kind !== 'ReplicaSet') return []
  const { namespace } = change.object.metadata
  const set = client.get(replicaSet, owner.name, namespace)
  const top = set && controllerOf(set)
  return top?.kind === 'Deployment' ? [joinKey(namespace, top.name)] : []
}

function followScale(current: Deployment, sets: readonly ReplicaSet[], control: Control): void {
  const revisions = syncRevisions(current, sets, control, false)
  scale(revisions, control)
  if (current.spec.paused) forgetOldRevisions(revisions, control)
  syncStatus(revisions, control)
}

function update(current: Deployment, sets: readonly ReplicaSet[], control: Control): void {
  const revisions = syncRevisions(current, sets, control, true)
  roll(revisions, control)
  finish(revisions, control)
}

function recreate(current: Deployment, sets: readonly ReplicaSet[], control: Control): void {
  let revisions = syncRevisions(current, sets, control, false)
  if (!emptyOldSets(revisions, control) && !hasOldPods(revisions, control)) {
    if (!revisions.newSet) revisions = syncRevisions(revisions.deployment, sets, control, true)
    growNewSet(revisions, control)
  }
  finish(revisions, control)
}

function finish(revisions: Revisions, control: Control): void {
  const { deployment: current } = revisions
  if (isComplete(current, current.status ?? {})) forgetOldRevisions(revisions, control)
  syncRolloutStatus(revisions, control)
}

function hasOldPods({ oldSets }: Revisions, { client }: Control): boolean {
  return oldSets.some(
    set =>
      (set.status?.replicas ?? 0) > 0 ||
      client.ownedBy(pod, set.metadata.uid).some(candidate => !isTerminal(candidate)),
  )
}

/** Keeps as many old sets as `spec.revisionHistoryLimit` says, to roll back to. */
function forgetOldRevisions({ deployment: current, oldSets }: Revisions, { client }: Control): void {
  const limit = current.spec.revisionHistoryLimit ?? 2 ** 31 - 1
  const alive = oldSets
    .filter(set => !set.metadata.deletionTimestamp)
    .sort((a, b) => Number(revisionOf(a) - revisionOf(b)))
  for (const set of alive.slice(0, Math.max(0, alive.length - limit))) {
    const isIdle =
      wanted(set) === 0 &&
      (set.status?.replicas ?? 0) === 0 &&
      (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0)
    if (isIdle) client.delete(replicaSet, set.metadata.name, set.metadata.namespace)
  }
}

/** The deadline for progress stands still while a Deployment is paused. */
function notePause(current: Deployment, control: Control): Deployment {
  if (!hasProgressDeadline(current)) return current
  const progress = conditionOf(current.status?.conditions, 'Progressing')
  if (progress?.reason === 'ProgressDeadlineExceeded') return current
  const isNoted = progress?.reason === 'DeploymentPaused'
  const isPaused = current.spec.paused === true
  if (isNoted === isPaused) return current
  const condition = isPaused
    ? newCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', control.timestamp)
    : newCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', control.timestamp)
  const conditions = withCondition(current.status?.conditions ?? [], condition)
  return control.client.updateStatus(deployment, { ...current, status: { ...current.status, conditions } })
}
