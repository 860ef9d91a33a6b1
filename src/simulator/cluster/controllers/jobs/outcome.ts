import type { Job } from '../../kinds/job.ts'
import type { Pod } from '../../kinds/pod.ts'
import { restartsOf } from '../pods/state.ts'

/** Why a Job is at its end. */
export interface Ending {
  readonly type: 'Complete' | 'Failed'
  readonly reason: string
  readonly message: string
}

/** What has become of the pods so far. */
export interface Tally {
  readonly active: readonly Pod[]
  readonly succeeded: number
  readonly failed: number
}

export function isFinished({ status }: Job): boolean {
  return status?.conditions?.some(({ type, status: state }) => isFinal(type) && state === 'True') ?? false
}

function isFinal(type: string): boolean {
  return type === 'Complete' || type === 'Failed'
}

/** When the Job must be over, in milliseconds since 1970. */
export function deadlineOf({ spec, status }: Job): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || !status?.startTime || spec.suspend) return undefined
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000
}

/** Whether the Job is at its end, and how. An ending that was already announced stays. */
export function endingOf(job: Job, { active, succeeded, failed }: Tally, now: number): Ending | undefined {
  const announced = job.status?.conditions?.find(
    ({ type }) => type === 'FailureTarget' || type === 'SuccessCriteriaMet',
  )
  if (announced)
    return {
      type: announced.type === 'FailureTarget' ? 'Failed' : 'Complete',
      reason: announced.reason ?? '',
      message: announced.message ?? '',
    }
  const limit = job.spec.backoffLimit ?? 6
  if (failed > limit || restartsBeyond(job, active, limit))
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
  const deadline = deadlineOf(job)
  if (deadline !== undefined && now >= deadline)
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
  const isComplete =
    job.spec.completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= job.spec.completions
  if (!isComplete || job.spec.suspend) return undefined
  return { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
}

/** Pods that restart by themselves count each restart against the limit. */
function restartsBeyond({ spec }: Job, active: readonly Pod[], limit: number): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false
  const restarts = active.reduce((sum, member) => sum + restartsOf(member), 0)
  return limit === 0 ? restarts > 0 : restarts >= limit
}
