import type { JobCondition } from 'kubernetes-types/batch/v1'
import { isEqual } from '../../api/equality.ts'
import { type Job, job } from '../../kinds/job.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { Control } from '../controller.ts'
import { isReady } from '../pods/state.ts'
import { formatIndexes } from './indexes.ts'
import type { Ending } from './outcome.ts'
import { isIndexed } from './pods.ts'
import type { Tally } from './tally.ts'

/** What the status of a Job is made of. */
export interface State extends Tally {
  readonly running: readonly Pod[]
  readonly terminating: number
  readonly ending: Ending | undefined
}

/** Writes the status where it has changed; the end is announced once all pods are gone. */
export function writeStatus(found: Job, state: State, control: Control): void {
  const { running, terminating, ending, succeeded, failed, done, byIndex } = state
  const isOver = ending !== undefined && running.length === 0 && terminating === 0
  const conditions = conditionsFor(found, ending, isOver, control)
  const { active: _, succeeded: __, failed: ___, conditions: ____, ...rest } = found.status ?? {}
  const counted = failed - (ending ? 0 : (byIndex?.waiting.size ?? 0))
  const status: Job['status'] = {
    ...rest,
    ...(conditions.length > 0 && { conditions }),
    ...(found.spec.suspend && !ending ? { startTime: undefined as never } : {}),
    ...(ending?.type === 'Complete' && isOver && { completionTime: control.timestamp }),
    ...(running.length > 0 && { active: running.length }),
    ...(succeeded > 0 && { succeeded }),
    ...(counted > 0 && { failed: counted }),
    terminating,
    ...(isIndexed(found) && done.size > 0 && { completedIndexes: formatIndexes(done) }),
    ...(byIndex && { failedIndexes: formatIndexes(byIndex.failed) }),
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
