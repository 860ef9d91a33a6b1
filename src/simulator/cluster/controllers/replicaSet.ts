import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import { controllerOf } from '../api/object.ts'
import { isEmptySelector, matchesSelector } from '../api/selector.ts'
import type { Change, Client } from '../client.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type ReplicaSet, replicaSet } from '../kinds/replicaSet.ts'
import { batched, type Control, defineController, keyOf, lookUp, ownerKeys, watch } from './controller.ts'
import { claim } from './pods/claim.ts'
import { podFromTemplate } from './pods/create.ts'
import { sortForScaleDown } from './pods/scaleDown.ts'
import { isActive, isAvailable, isReady, nextAvailability } from './pods/state.ts'

/** Keeps `spec.replicas` pods alive for every ReplicaSet. */
export const replicaSetController = defineController<Pauses>({
  name: 'replicaset-controller',
  watches: [watch(replicaSet, setKeys), batched(20, watch(pod, podKeys))],
  memory: () => new Map(),
  reconcile(key, control, pauses) {
    const { client } = control
    const set = lookUp(client, replicaSet, key)
    if (!set) {
      pauses.delete(key)
      return
    }
    const pods = claim(control, pod, set, set.spec.selector)
    const counted = count(set, pods, control.now)
    const waits = set.metadata.deletionTimestamp || waitsForKubelet(key, counted, set, control, pauses)
    const failure = waits ? undefined : matchReplicas(set, counted.active, control)
    updateStatus(set, counted, failure, control)
    if (failure) throw failure.error
  },
})

/** Until when a set replaces no more pods, in clock time: only sets whose pods kubelets turn away are here. */
type Pauses = Map<string, number>

const pauseOfEach = 20
const longestPause = 10_000

// Simplified: real clusters replace such pods as fast as the controller may send requests, by the thousand. Here each
// takes longer than the one before.
/** Whether a set has to wait before it replaces another pod that a kubelet has turned away. */
function waitsForKubelet(key: string, counted: Counted, set: ReplicaSet, control: Control, pauses: Pauses): boolean {
  const { active, turnedAway } = counted
  if (turnedAway === 0 || active.length >= (set.spec.replicas ?? 1)) return false
  const { now } = control.clock
  const until = pauses.get(key) ?? 0
  if (now < until) {
    control.enqueue(key, until - now)
    return true
  }
  pauses.set(key, now + Math.min(longestPause, pauseOfEach * turnedAway))
  return false
}

interface Failure {
  readonly reason: 'FailedCreate' | 'FailedDelete'
  readonly error: ApiError
}

/** A set whose status alone has changed needs no second look: the loop itself writes that. */
function setKeys({ type, object, previous }: Change<ReplicaSet>): string[] {
  const isSame = type === 'MODIFIED' && object.metadata.generation === previous?.metadata.generation
  return isSame ? [] : [keyOf(object)]
}

/** The set that controls the pod; for a pod without a controller every set that could adopt it. */
function podKeys(change: Parameters<typeof ownerKeys>[0], client: Client): string[] {
  const owners = ownerKeys(change, 'ReplicaSet')
  const orphan = change.object as Pod
  if (change.type === 'DELETED' || controllerOf(orphan)) return owners
  const adopters = client
    .list(replicaSet, { namespace: orphan.metadata.namespace! })
    .filter(set => !isEmptySelector(set.spec.selector) && matchesSelector(set.spec.selector, orphan.metadata.labels))
  return [...owners, ...adopters.map(keyOf)]
}

/** Creates or deletes pods until there are as many as wanted; stops at the first refusal. */
function matchReplicas(set: ReplicaSet, active: readonly Pod[], control: Control): Failure | undefined {
  const { client, record } = control
  const missing = (set.spec.replicas ?? 1) - active.length
  for (let i = 0; i < missing; i++) {
    try {
      const created = client.create(pod, podFromTemplate(set.spec.template!, set))
      record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      record(set, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)
      return { reason: 'FailedCreate', error }
    }
  }
  if (missing >= 0) return undefined
  for (const victim of victims(set, active, -missing, control)) {
    try {
      client.delete(pod, victim.metadata.name, victim.metadata.namespace)
      record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${victim.metadata.name}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      record(set, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`)
      return { reason: 'FailedDelete', error }
    }
  }
  return undefined
}

/** Pods that share a node with many pods of the same Deployment go first. */
function victims(set: ReplicaSet, active: readonly Pod[], count: number, control: Control): Pod[] {
  if (count >= active.length) return [...active]
  const owner = controllerOf(set)
  const related = owner ? control.client.ownedBy(replicaSet, owner.uid) : [set]
  const perNode = new Map<string, number>()
  for (const sibling of related)
    for (const { spec } of control.client.ownedBy(pod, sibling.metadata.uid).filter(isActive))
      perNode.set(spec.nodeName ?? '', (perNode.get(spec.nodeName ?? '') ?? 0) + 1)
  return sortForScaleDown(active, ({ spec }) => perNode.get(spec.nodeName ?? '') ?? 0, control.now).slice(0, count)
}

function updateStatus(set: ReplicaSet, counted: Counted, failure: Failure | undefined, control: Control): void {
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const { active, ready, available, labelled, terminating } = counted
  const conditions = (set.status?.conditions ?? []).filter(condition => condition.type !== 'ReplicaFailure')
  if (failure)
    conditions.push(
      set.status?.conditions?.find(({ type, reason }) => type === 'ReplicaFailure' && reason === failure.reason) ?? {
        type: 'ReplicaFailure',
        status: 'True',
        lastTransitionTime: control.timestamp,
        reason: failure.reason,
        message: failure.error.message,
      },
    )
  const status: ReplicaSet['status'] = {
    replicas: active.length,
    ...(labelled > 0 && { fullyLabeledReplicas: labelled }),
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    ...(available > 0 && { availableReplicas: available }),
    terminatingReplicas: terminating,
    observedGeneration: set.metadata.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  }
  if (!isEqual(status, set.status)) control.client.updateStatus(replicaSet, { ...set, status })
  const next = nextAvailability(ready, minReadySeconds, control.now)
  if (next !== undefined) control.enqueue(keyOf(set), next)
}

/** A set's pods, as its status tells of them. */
interface Counted {
  readonly active: readonly Pod[]
  readonly ready: readonly Pod[]
  readonly available: number
  readonly labelled: number
  readonly terminating: number
  /** Pods that a kubelet would not start. */
  readonly turnedAway: number
}

/** Looks at every pod once: a set may have thousands. */
function count(set: ReplicaSet, pods: readonly Pod[], now: number): Counted {
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const templateLabels = { matchLabels: set.spec.template?.metadata?.labels ?? {} }
  const active: Pod[] = []
  const ready: Pod[] = []
  let [available, labelled, terminating, turnedAway] = [0, 0, 0, 0]
  for (const member of pods) {
    if (isTerminating(member)) terminating++
    if (isTurnedAway(member)) turnedAway++
    if (!isActive(member)) continue
    active.push(member)
    if (matchesSelector(templateLabels, member.metadata.labels)) labelled++
    if (!isReady(member)) continue
    ready.push(member)
    if (minReadySeconds === 0 || isAvailable(member, minReadySeconds, now)) available++
  }
  return { active, ready, available, labelled, terminating, turnedAway }
}

function isTerminating(candidate: Pod): boolean {
  return candidate.metadata.deletionTimestamp !== undefined && !isEnded(candidate)
}

/** A pod that failed before any of its containers was looked at. */
function isTurnedAway({ status }: Pod): boolean {
  return status?.phase === 'Failed' && !status.containerStatuses?.length
}

function isEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}
