import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import { controllerOf, isControlledBy } from '../api/object.ts'
import { matchesSelector } from '../api/selector.ts'
import type { Change, Client } from '../client.ts'
import { type ControllerRevision, controllerRevision } from '../kinds/controllerRevision.ts'
import { persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type StatefulSet, statefulSet } from '../kinds/statefulSet.ts'
import { type Control, defineController, type Key, keyOf, lookUp, ownerKeys, watch, watchOwned } from './controller.ts'
import { claim } from './pods/claim.ts'
import { portion } from './pods/portion.ts'
import { isAvailable, isReady, nextAvailability } from './pods/state.ts'
import { patchHash } from './pods/templateHash.ts'
import { forgetRevisions, revisionsOf, syncRevision, templatePatch } from './revisions/history.ts'
import { ownClaims } from './stateful/claims.ts'
import { claimsOf, firstOrdinal, ordinalOf, podOf, revisionLabel } from './stateful/identity.ts'

/** Keeps numbered pods alive, by default one after the other. */
export const statefulSetController = defineController({
  name: 'statefulset-controller',
  watches: [watch(statefulSet), watch(pod, setsOfPod), watchOwned(controllerRevision, 'StatefulSet')],
  reconcile(key, control) {
    const set = lookUp(control.client, statefulSet, key)
    if (!set) return
    const pods = claim(control, pod, set, set.spec.selector).filter(member => ordinalOf(set, member) !== undefined)
    const revisions = syncHistory(set, control.client)
    let failure: ApiError | undefined
    try {
      if (!set.metadata.deletionTimestamp) step(set, pods, revisions, control)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failure = error
    }
    const members = control.client.ownedBy(pod, set.metadata.uid)
    const current = updateStatus(set, members, revisions, control)
    const names = new Set([current.status.currentRevision, current.status.updateRevision])
    for (const { metadata } of members) names.add(metadata.labels?.[revisionLabel])
    forgetRevisions(set, revisionsOf(set, control.client), ({ metadata }) => names.has(metadata.name), control.client)
    if (failure) throw failure
  },
})

function setsOfPod(change: Change<Pod>, client: Client): Key[] {
  const owners = ownerKeys(change, 'StatefulSet')
  const { metadata } = change.object
  if (change.type === 'DELETED' || controllerOf(change.object)) return owners
  const adopters = client
    .list(statefulSet, { namespace: metadata.namespace! })
    .filter(({ spec }) => matchesSelector(spec.selector, metadata.labels))
  return [...owners, ...adopters.map(keyOf)]
}

/** The template that pods have until they are updated, and the one that they are updated to. */
interface Revisions {
  readonly current: ControllerRevision
  readonly update: ControllerRevision
}

function syncHistory(set: StatefulSet, client: Client): Revisions {
  const hash = patchHash(templatePatch(set), set.status?.collisionCount)
  const labels = { 'controller.kubernetes.io/hash': hash }
  const update = syncRevision(set, revisionsOf(set, client), `${set.metadata.name}-${hash}`, labels, client)
  const current = revisionsOf(set, client).find(({ metadata }) => metadata.name === set.status?.currentRevision)
  return { current: current ?? update, update }
}

/** One step: pods in order, each when its predecessor works; then those above the wanted number; then one old one. */
function step(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, control: Control): void {
  const isOrdered = set.spec.podManagementPolicy !== 'Parallel'
  const start = firstOrdinal(set)
  const end = start + (set.spec.replicas ?? 1)
  const byOrdinal = new Map(pods.map(member => [ordinalOf(set, member)!, member]))
  for (let ordinal = start; ordinal < end; ordinal++) {
    const isDone = keepPod(set, ordinal, byOrdinal.get(ordinal), revisions, control)
    if (!isDone && isOrdered) return
  }
  const condemned = pods.filter(member => !isWanted(ordinalOf(set, member)!)).sort(byOrdinalDown(set))
  const unhealthy = pods.filter(member => !isHealthy(member)).sort((a, b) => byOrdinalDown(set)(b, a))
  for (const member of condemned) {
    if (member.metadata.deletionTimestamp) {
      if (isOrdered) return
      continue
    }
    if (isOrdered && !isHealthy(member) && unhealthy[0] !== member) return
    ownClaims(set, ordinalOf(set, member)!, member, true, control.client)
    remove(set, member, control)
    if (isOrdered) return
  }
  updateSome(set, byOrdinal, start, end, revisions, control)

  function isWanted(ordinal: number): boolean {
    return ordinal >= start && ordinal < end
  }
}

/** Whether the pod of a number is there and works, so that the next one may follow. */
function keepPod(
  set: StatefulSet,
  ordinal: number,
  found: Pod | undefined,
  revisions: Revisions,
  control: Control,
): boolean {
  if (found?.status?.phase === 'Failed' || found?.status?.phase === 'Succeeded') {
    const { namespace, name } = set.metadata
    if (found.metadata.deletionTimestamp) return false
    if (found.status.phase === 'Failed')
      control.record(
        set,
        'Warning',
        'RecreatingFailedPod',
        `StatefulSet ${namespace}/${name} is recreating failed Pod ${found.metadata.name}`,
      )
    else
      control.record(
        set,
        'Normal',
        'RecreatingTerminatedPod',
        `StatefulSet ${namespace}/${name} is recreating terminated Pod ${found.metadata.name}`,
      )
    remove(set, found, control)
    return false
  }
  if (!found) {
    createPod(set, ordinal, revisions, control)
    return false
  }
  if (found.metadata.deletionTimestamp) return false
  ownClaims(set, ordinal, found, false, control.client)
  return isHealthy(found) && isAvailable(found, set.spec.minReadySeconds ?? 0, control.now)
}

function createPod(set: StatefulSet, ordinal: number, revisions: Revisions, control: Control): void {
  const { client, record } = control
  const isUpdated = ordinal >= updatedFrom(set)
  const revision = isUpdated ? revisions.update : revisions.current
  const template = isUpdated ? set.spec.template : templateOf(revision)
  const name = `${set.metadata.name}-${ordinal}`
  for (const draft of claimsOf(set, ordinal)) {
    const claimName = draft.metadata.name!
    if (client.get(persistentVolumeClaim, claimName, set.metadata.namespace)) continue
    client.create(persistentVolumeClaim, draft)
    const message = `Create Claim ${claimName} Pod ${name} in StatefulSet ${set.metadata.name} success`
    record(set, 'Normal', 'SuccessfulCreate', message)
  }
  try {
    client.create(pod, podOf(set, template, ordinal, revision.metadata.name))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const message = `Create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${error.message}`
    record(set, 'Warning', 'FailedCreate', message)
    throw error
  }
  record(set, 'Normal', 'SuccessfulCreate', `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`)
}

/** Numbers from here on get the new template when they are created. */
function updatedFrom(set: StatefulSet): number {
  const { updateStrategy } = set.spec
  if (updateStrategy?.type === 'OnDelete') return 0
  const { partition } = updateStrategy?.rollingUpdate ?? {}
  return firstOrdinal(set) + (partition ?? set.status?.currentReplicas ?? 0)
}

function templateOf(revision: ControllerRevision): StatefulSet['spec']['template'] {
  const { data } = revision as { data?: { spec?: { template?: Record<string, unknown> } } }
  const { $patch: _, ...template } = data?.spec?.template ?? {}
  return template
}

/** A rolling update goes from the highest number to the lowest, by default one pod at a time. */
function updateSome(
  set: StatefulSet,
  byOrdinal: ReadonlyMap<number, Pod>,
  start: number,
  end: number,
  { update }: Revisions,
  control: Control,
): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return
  const from = start + (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0)
  let spare = maxUnavailable(set)
  for (let ordinal = end - 1; ordinal >= from; ordinal--) {
    const member = byOrdinal.get(ordinal)
    const isOld = member?.metadata.labels?.[revisionLabel] !== update.metadata.name
    if (member && isOld && !member.metadata.deletionTimestamp) remove(set, member, control)
    else if (member && isHealthy(member)) continue
    spare--
    if (spare <= 0) return
  }
}

function maxUnavailable({ spec }: StatefulSet): number {
  const { maxUnavailable: limit = 1 } = spec.updateStrategy?.rollingUpdate ?? {}
  return Math.max(1, portion(limit, spec.replicas ?? 1, Math.floor))
}

function remove(set: StatefulSet, { metadata }: Pod, { client, record }: Control): void {
  client.delete(pod, metadata.name, metadata.namespace)
  const message = `Delete Pod ${metadata.name} in StatefulSet ${set.metadata.name} successful`
  record(set, 'Normal', 'SuccessfulDelete', message)
}

function isHealthy(member: Pod): boolean {
  return member.status?.phase === 'Running' && isReady(member) && !member.metadata.deletionTimestamp
}

function byOrdinalDown(set: StatefulSet): (a: Pod, b: Pod) => number {
  return (a, b) => ordinalOf(set, b)! - ordinalOf(set, a)!
}

function updateStatus(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, control: Control): StatefulSet {
  const members = pods.filter(member => isControlledBy(member, set))
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const ready = members.filter(({ status }) => status?.phase === 'Running').filter(isReady)
  const isAt = (revision: ControllerRevision) => (member: Pod) =>
    !member.metadata.deletionTimestamp && member.metadata.labels?.[revisionLabel] === revision.metadata.name
  const updated = members.filter(isAt(revisions.update)).length
  const isComplete =
    set.spec.updateStrategy?.type !== 'OnDelete' && updated === members.length && ready.length === members.length
  const current = isComplete ? updated : members.filter(isAt(revisions.current)).length
  const available = ready.filter(member => isAvailable(member, minReadySeconds, control.now)).length
  const status: StatefulSet['status'] = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: members.length,
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    ...(current > 0 && { currentReplicas: current }),
    ...(updated > 0 && { updatedReplicas: updated }),
    currentRevision: (isComplete ? revisions.update : revisions.current).metadata.name,
    updateRevision: revisions.update.metadata.name,
    collisionCount: set.status?.collisionCount ?? 0,
    availableReplicas: available,
  }
  const next = nextAvailability(ready, minReadySeconds, control.now)
  if (next !== undefined) control.enqueue(keyOf(set), next)
  const latest = control.client.get(statefulSet, set.metadata.name, set.metadata.namespace)
  if (!latest || isEqual(status, latest.status)) return latest ?? set
  return control.client.updateStatus(statefulSet, { ...latest, status })
}
