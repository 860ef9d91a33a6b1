import type { Job } from '../../kinds/job.ts'
import type { Pod } from '../../kinds/pod.ts'
import { restartsOf } from '../pods/state.ts'
import { hasFailed, judge } from './failurePolicy.ts'
import { parseIndexes } from './indexes.ts'
import type { Tally } from './tally.ts'

/** Why a Job is at its end. */
export interface Ending {
  readonly type: 'Complete' | 'Failed'
  readonly reason: string
  readonly message: string
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
export function endingOf(
  job: Job,
  tally: Tally,
  pods: readonly Pod[],
  active: readonly Pod[],
  now: number,
): Ending | undefined {
  return (
    announced(job) ??
    failureOf(job, tally, pods, active, now) ??
    indexFailureOf(job, tally) ??
    earlySuccessOf(job, tally) ??
    completionOf(job, tally, active)
  )
}

function announced({ status }: Job): Ending | undefined {
  const condition = status?.conditions?.find(({ type }) => type === 'FailureTarget' || type === 'SuccessCriteriaMet')
  if (!condition) return undefined
  const { type, reason = '', message = '' } = condition
  return { type: type === 'FailureTarget' ? 'Failed' : 'Complete', reason, message }
}

function failureOf(
  job: Job,
  { failed }: Tally,
  pods: readonly Pod[],
  active: readonly Pod[],
  now: number,
): Ending | undefined {
  for (const member of pods) {
    const verdict = hasFailed(member, job) ? judge(member, job).verdict : undefined
    if (verdict !== undefined) return { type: 'Failed', reason: 'PodFailurePolicy', message: verdict }
  }
  const limit = job.spec.backoffLimit ?? 6
  if (failed > limit || restartsBeyond(job, active, limit))
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
  const deadline = deadlineOf(job)
  if (deadline !== undefined && now >= deadline)
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
  return undefined
}

function indexFailureOf({ spec }: Job, { byIndex, done }: Tally): Ending | undefined {
  const failed = byIndex?.failed.size ?? 0
  if (spec.maxFailedIndexes !== undefined && failed > spec.maxFailedIndexes)
    return {
      type: 'Failed',
      reason: 'MaxFailedIndexesExceeded',
      message: 'Job has exceeded the specified maximal number of failed indexes',
    }
  if (failed > 0 && failed + done.size >= (spec.completions ?? 0))
    return { type: 'Failed', reason: 'FailedIndexes', message: 'Job has failed indexes' }
  return undefined
}

/** A Job may be content with some of its numbers. */
function earlySuccessOf({ spec }: Job, { done }: Tally): Ending | undefined {
  const met = (spec.successPolicy?.rules ?? []).findIndex(({ succeededCount, succeededIndexes }) => {
    if (succeededIndexes === undefined) return done.size >= (succeededCount ?? Number.POSITIVE_INFINITY)
    const wanted = [...parseIndexes(succeededIndexes)]
    return wanted.filter(index => done.has(index)).length >= (succeededCount ?? wanted.length)
  })
  if (met < 0 || done.size === 0) return undefined
  return { type: 'Complete', reason: 'SuccessPolicy', message: `Matched rules at index ${met}` }
}

function completionOf({ spec }: Job, { succeeded }: Tally, active: readonly Pod[]): Ending | undefined {
  const isComplete =
    spec.completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= spec.completions
  if (!isComplete || spec.suspend) return undefined
  return { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
}

/** Pods that restart by themselves count each restart against the limit. */
function restartsBeyond({ spec }: Job, active: readonly Pod[], limit: number): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false
  const restarts = active.reduce((sum, member) => sum + restartsOf(member), 0)
  return limit === 0 ? restarts > 0 : restarts >= limit
}
