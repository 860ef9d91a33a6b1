import { ApiError } from '../api/error.ts'
import type { Change } from '../client.ts'
import { type Job, job } from '../kinds/job.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { batched, type Control, defineController, type Key, keyOf, lookUp, ownerKeys, watch } from './controller.ts'
import { FailureMemory, waitForIndex } from './jobs/backOff.ts'
import { failureAnnotations } from './jobs/indexFailures.ts'
import { deadlineOf, endingOf, isFinished } from './jobs/outcome.ts'
import { freeIndexes, isIndexed, jobPod, release } from './jobs/pods.ts'
import { writeStatus } from './jobs/status.ts'
import { type Tally, tally } from './jobs/tally.ts'
import { claim } from './pods/claim.ts'
import { isActive, isReady, isTerminal } from './pods/state.ts'

// Changes of pods are looked at a second later, many at once: syncJobBatchPeriod in kubernetes/pkg/controller/job.
const batchPeriod = 1000
/** Who manages a Job that names nobody. */
const manager = 'kubernetes.io/job-controller'

/** Runs pods until enough of them have succeeded. */
export const jobController = defineController<FailureMemory>({
  name: 'job-controller',
  watches: [watch(job), watch(pod, jobsOfNewPod), batched(batchPeriod, watch(pod, jobsOfPod))],
  memory: () => new FailureMemory(),
  reconcile(key, control, memory) {
    const found = lookUp(control.client, job, key)
    if (!found || (found.spec.managedBy ?? manager) !== manager) return
    if (!isFinished(found) && !found.metadata.deletionTimestamp) return sync(start(found, control), control, memory)
    memory.forget(found.metadata.uid)
    release(control.client.ownedBy(pod, found.metadata.uid), control.client)
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

function sync(found: Job, control: Control, memory: FailureMemory): void {
  const pods = claim(control, pod, found, found.spec.selector)
  const counted = tally(found, pods)
  memory.note(found.metadata.uid, counted, control.now)
  const active = pods.filter(isActive)
  const ending = endingOf(found, counted, pods, active, control.now)
  const deadline = deadlineOf(found)
  if (!ending && deadline !== undefined) control.enqueue(keyOf(found), Math.max(1, deadline - control.now))

  let running: readonly Pod[] = active
  let refusal: ApiError | undefined
  if (ending || found.spec.suspend) {
    removeAll(found, active, control)
    running = []
  } else {
    try {
      running = matchParallelism(found, pods, counted, control, memory)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      refusal = error
    }
  }
  const ids = new Set(running.map(({ metadata }) => metadata.uid))
  const left = control.client.ownedBy(pod, found.metadata.uid)
  const terminating = left.filter(isLeaving).length
  const stillRunning = left.filter(({ metadata }) => ids.has(metadata.uid))
  writeStatus(found, { ...counted, running: stillRunning, terminating, ending }, control)
  const held = new Set(ending ? [] : counted.byIndex?.waiting.values())
  const over = [...counted.newSuccesses, ...counted.newFailures].filter(member => !held.has(member))
  release(over, control.client)
  if (refusal) throw refusal
}

/** Creates pods up to `parallelism`, no more than are still to succeed; gives the pods that run afterwards. */
function matchParallelism(
  found: Job,
  pods: readonly Pod[],
  counted: Tally,
  control: Control,
  memory: FailureMemory,
): readonly Pod[] {
  const { succeeded } = counted
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
  const leaving = found.spec.podReplacementPolicy === 'Failed' ? pods.filter(isLeaving) : []
  const missing = wanted - active.length - leaving.length
  if (missing <= 0) return active
  if (isIndexed(found))
    return [...active, ...createIndexed(found, [...active, ...leaving], missing, counted, control, memory)]
  if (mustWait(found, control, memory)) return active
  return [...active, ...Array.from({ length: missing }, () => create(found, undefined, control))]
}

function createIndexed(
  found: Job,
  busy: readonly Pod[],
  count: number,
  { done, byIndex }: Tally,
  control: Control,
  memory: FailureMemory,
): Pod[] {
  const over = new Set([...done, ...(byIndex?.failed ?? [])])
  const free = freeIndexes(found.spec.completions ?? 0, busy, over).slice(0, count)
  if (!byIndex) return mustWait(found, control, memory) ? [] : free.map(index => create(found, index, control))
  const waits = free.map(index => waitForIndex(byIndex.waiting.get(index), control.now))
  const due = free.filter((_, i) => waits[i] === 0)
  if (due.length === 0 && waits.length > 0) control.enqueue(keyOf(found), Math.min(...waits))
  return due.map(index => create(found, index, control, failureAnnotations(found, byIndex.waiting.get(index))))
}

function mustWait(found: Job, control: Control, memory: FailureMemory): boolean {
  const wait = memory.waitOf(found.metadata.uid, control.now)
  if (wait > 0) control.enqueue(keyOf(found), wait)
  return wait > 0
}

function create(found: Job, index: number | undefined, control: Control, failures?: Record<string, string>): Pod {
  const { client, record } = control
  try {
    const member = client.create(pod, jobPod(found, index, failures))
    record(found, 'Normal', 'SuccessfulCreate', `Created pod: ${member.metadata.name}`)
    return member
  } catch (error) {
    if (client.isRefusal(error))
      record(found, 'Warning', 'FailedCreate', `Error creating: ${(error as ApiError).message}`)
    throw error
  }
}

function isLeaving(member: Pod): boolean {
  return member.metadata.deletionTimestamp !== undefined && !isTerminal(member)
}

function removeAll(found: Job, pods: readonly Pod[], { client, record }: Control): void {
  for (const { metadata } of pods) {
    client.delete(pod, metadata.name, metadata.namespace)
    record(found, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
  }
}
