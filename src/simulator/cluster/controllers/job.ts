import type { JobCondition } from 'kubernetes-types/batch/v1'
import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import type { Change } from '../client.ts'
import { type Job, job } from '../kinds/job.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { batched, type Control, defineController, type Key, keyOf, lookUp, ownerKeys, watch } from './controller.ts'
import { formatIndexes, indexOf, parseIndexes } from './jobs/indexes.ts'
import { deadlineOf, type Ending, endingOf, isFinished } from './jobs/outcome.ts'
import { failedAt, freeIndexes, isIndexed, jobPod, trackingFinalizer } from './jobs/pods.ts'
import { claim } from './pods/claim.ts'
import { isActive, isReady, isTerminal } from './pods/state.ts'

// Changes of pods are looked at a second later, many at once: syncJobBatchPeriod in kubernetes/pkg/controller/job.
const batchPeriod = 1000
// A failed pod is replaced after 10 s, 20 s, 40 s … up to 10 minutes.
const firstBackOff = 10_000
const lastBackOff = 600_000

/** Failures in a row of each Job, since a pod last succeeded. */
interface Failures {
  readonly count: number
  readonly lastAt: number
}

/**
 * Runs pods until enough of them have succeeded.
 * Simplified: podFailurePolicy, successPolicy and backoffLimitPerIndex are stored and have no effect.
 */
export const jobController = defineController<Map<string, Failures>>({
  name: 'job-controller',
  watches: [watch(job), watch(pod, jobsOfNewPod), batched(batchPeriod, watch(pod, jobsOfPod))],
  memory: () => new Map(),
  reconcile(key, control, failures) {
    const found = lookUp(control.client, job, key)
    if (!found || isFinished(found)) {
      if (found) failures.delete(found.metadata.uid)
      if (found) releaseAll(found, control)
      return
    }
    if (found.metadata.deletionTimestamp) {
      releaseAll(found, control)
      return
    }
    sync(start(found, control), control, failures)
  },
})

function jobsOfNewPod(change: Change<Pod>): Key[] {
  return change.type === 'ADDED' ? ownerKeys(change, 'Job') : []
}

function jobsOfPod(change: Change<Pod>): Key[] {
  return change.type === 'ADDED' ? [] : ownerKeys(change, 'Job')
}

function start(found: Job, control: Control): Job {
  if (found.status?.startTime || found.spec.suspend) return found
  return control.client.updateStatus(job, { ...found, status: { ...found.status, startTime: control.timestamp } })
}

function sync(found: Job, control: Control, failures: Map<string, Failures>): void {
  const pods = claim(control, pod, found, found.spec.selector)
  const counted = count(found, pods, control, failures)
  const active = pods.filter(isActive)
  const ending = endingOf(found, { active, ...counted }, control.now)
  const deadline = deadlineOf(found)
  if (!ending && deadline !== undefined) control.enqueue(keyOf(found), Math.max(1, deadline - control.now))

  let running: readonly Pod[] = active
  let refusal: ApiError | undefined
  if (ending || found.spec.suspend) {
    removeAll(found, active, control)
    running = []
  } else {
    try {
      running = matchParallelism(found, pods, counted, control, failures)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      refusal = error
    }
  }
  const ids = new Set(running.map(({ metadata }) => metadata.uid))
  const left = control.client.ownedBy(pod, found.metadata.uid)
  const terminating = left.filter(member => member.metadata.deletionTimestamp && !isTerminal(member)).length
  writeStatus(
    found,
    { ...counted, running: left.filter(({ metadata }) => ids.has(metadata.uid)), terminating, ending },
    control,
  )
  release(pods.filter(isTerminal), control)
  release(
    pods.filter(({ metadata }) => metadata.deletionTimestamp),
    control,
  )
  if (refusal) throw refusal
}

interface Counted {
  readonly succeeded: number
  readonly failed: number
  readonly done: ReadonlySet<number>
}

/** Adds the pods that have ended since the last time; those without the finalizer are counted already. */
function count(found: Job, pods: readonly Pod[], { now }: Control, failures: Map<string, Failures>): Counted {
  const fresh = pods.filter(({ metadata }) => metadata.finalizers?.includes(trackingFinalizer))
  const successes = fresh.filter(({ status }) => status?.phase === 'Succeeded')
  const losses = fresh.filter(
    ({ status, metadata }) =>
      status?.phase === 'Failed' || (metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded'),
  )
  const done = parseIndexes(found.status?.completedIndexes)
  for (const member of successes) {
    const index = indexOf(member)
    if (index !== undefined) done.add(index)
  }
  if (successes.length > 0) failures.delete(found.metadata.uid)
  if (losses.length > 0) {
    const before = failures.get(found.metadata.uid)?.count ?? 0
    const lastAt = Math.min(now, Math.max(...losses.map(failedAt)))
    failures.set(found.metadata.uid, { count: before + losses.length, lastAt })
  }
  const succeeded = isIndexed(found) ? done.size : (found.status?.succeeded ?? 0) + successes.length
  return { succeeded, failed: (found.status?.failed ?? 0) + losses.length, done }
}

/** Creates pods up to `parallelism`, no more than are still to succeed; gives the pods that run afterwards. */
function matchParallelism(
  found: Job,
  pods: readonly Pod[],
  { succeeded, done }: Counted,
  control: Control,
  failures: Map<string, Failures>,
): readonly Pod[] {
  const { client, record } = control
  const active = pods.filter(isActive)
  const parallelism = found.spec.parallelism ?? 1
  const { completions } = found.spec
  const wanted =
    completions === undefined
      ? succeeded > 0
        ? active.length
        : parallelism
      : Math.min(parallelism, completions - succeeded)
  if (active.length > wanted) {
    const surplus = [...active].sort((a, b) => Number(isReady(a)) - Number(isReady(b))).slice(0, active.length - wanted)
    removeAll(found, surplus, control)
    return active.filter(member => !surplus.includes(member))
  }
  const replaced = found.spec as { podReplacementPolicy?: string }
  const leaving = replaced.podReplacementPolicy === 'Failed' ? pods.filter(isLeaving).length : 0
  const missing = wanted - active.length - leaving
  if (missing <= 0) return active
  const wait = backOff(failures.get(found.metadata.uid), control.now)
  if (wait > 0) {
    control.enqueue(keyOf(found), wait)
    return active
  }
  const indexes = isIndexed(found) ? freeIndexes(completions ?? 0, pods, done) : []
  const created: Pod[] = []
  for (let i = 0; i < missing; i++) {
    if (isIndexed(found) && indexes[i] === undefined) break
    try {
      const member = client.create(pod, jobPod(found, indexes[i]))
      created.push(member)
      record(found, 'Normal', 'SuccessfulCreate', `Created pod: ${member.metadata.name}`)
    } catch (error) {
      if (client.isRefusal(error))
        record(found, 'Warning', 'FailedCreate', `Error creating: ${(error as ApiError).message}`)
      throw error
    }
  }
  return [...active, ...created]
}

function isLeaving(member: Pod): boolean {
  return member.metadata.deletionTimestamp !== undefined && !isTerminal(member)
}

function backOff(failures: Failures | undefined, now: number): number {
  if (!failures) return 0
  const delay = Math.min(lastBackOff, firstBackOff * 2 ** (failures.count - 1))
  return Math.max(0, failures.lastAt + delay - now)
}

function removeAll(found: Job, pods: readonly Pod[], { client, record }: Control): void {
  for (const { metadata } of pods) {
    client.delete(pod, metadata.name, metadata.namespace)
    record(found, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
  }
}

/** Lets go of pods that have been counted. */
function release(pods: readonly Pod[], { client }: Control): void {
  for (const { metadata } of pods) {
    const current = client.get(pod, metadata.name, metadata.namespace)
    const finalizers = current?.metadata.finalizers
    if (current?.metadata.uid !== metadata.uid || !finalizers?.includes(trackingFinalizer)) continue
    const others = finalizers.filter(finalizer => finalizer !== trackingFinalizer)
    client.patch(pod, metadata.name, metadata.namespace, {
      metadata: { finalizers: others.length > 0 ? others : null },
    })
  }
}

function releaseAll(found: Job, control: Control): void {
  release(control.client.ownedBy(pod, found.metadata.uid), control)
}

interface State extends Counted {
  readonly running: readonly Pod[]
  readonly terminating: number
  readonly ending: Ending | undefined
}

function writeStatus(found: Job, state: State, control: Control): void {
  const { running, terminating, ending, succeeded, failed, done } = state
  const isOver = ending !== undefined && running.length === 0 && terminating === 0
  const conditions = conditionsFor(found, ending, isOver, control)
  const { active: _, succeeded: __, failed: ___, conditions: ____, ...rest } = found.status ?? {}
  const status: Job['status'] = {
    ...rest,
    ...(conditions.length > 0 && { conditions }),
    ...(found.spec.suspend && !ending ? { startTime: undefined as never } : {}),
    ...(ending?.type === 'Complete' && isOver && { completionTime: control.timestamp }),
    ...(running.length > 0 && { active: running.length }),
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    ...({ terminating } as object),
    ...(isIndexed(found) && done.size > 0 && { completedIndexes: formatIndexes(done) }),
    uncountedTerminatedPods: {},
    ready: running.filter(isReady).length,
  }
  if (!isEqual(status, found.status)) control.client.updateStatus(job, { ...found, status })
  if (!isOver) return
  if (ending.type === 'Complete') control.record(found, 'Normal', 'Completed', 'Job completed')
  else control.record(found, 'Warning', ending.reason, ending.message)
}

/** The ending is announced when it is certain, and holds when the last pod is gone. */
function conditionsFor(found: Job, ending: Ending | undefined, isOver: boolean, control: Control): JobCondition[] {
  const conditions = suspension(found, control)
  if (!ending) return conditions
  const add = (type: string) => {
    if (conditions.some(condition => condition.type === type)) return
    const { timestamp } = control
    conditions.push({
      type,
      status: 'True',
      lastProbeTime: timestamp,
      lastTransitionTime: timestamp,
      reason: ending.reason,
      message: ending.message,
    })
  }
  add(ending.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget')
  if (isOver) add(ending.type)
  return conditions
}

function suspension(found: Job, { record, timestamp }: Control): JobCondition[] {
  const conditions = found.status?.conditions ?? []
  const before = conditions.find(({ type }) => type === 'Suspended')
  const isSuspended = found.spec.suspend === true
  if (isSuspended === (before?.status === 'True')) return [...conditions]
  if (!isSuspended && !before) return [...conditions]
  const [reason, message] = isSuspended ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed']
  record(found, 'Normal', isSuspended ? 'Suspended' : 'Resumed', message)
  const condition = {
    type: 'Suspended',
    status: isSuspended ? 'True' : 'False',
    lastProbeTime: timestamp,
    lastTransitionTime: timestamp,
    reason,
    message,
  }
  return [...conditions.filter(({ type }) => type !== 'Suspended'), condition]
}
