import type { Job } from '../../kinds/job.ts'
import type { Pod } from '../../kinds/pod.ts'
import { isActive } from '../pods/state.ts'
import { hasFailed, judge } from './failurePolicy.ts'
import { indexOf, parseIndexes } from './indexes.ts'

const failureCount = 'batch.kubernetes.io/job-index-failure-count'
const ignoredFailureCount = 'batch.kubernetes.io/job-index-ignored-failure-count'

/** The failures of each number of an Indexed Job with a limit for each of them. */
export interface IndexFailures {
  /** Numbers that are given up. */
  readonly failed: ReadonlySet<number>
  /** The last failed pod of each number that waits for its next pod, which will know the count from it. */
  readonly waiting: ReadonlyMap<number, Pod>
}

/** Looks at failed pods, which keep their finalizer until a new pod carries the count on. */
export function failuresByIndex(job: Job, pods: readonly Pod[], done: ReadonlySet<number>): IndexFailures | undefined {
  const { backoffLimitPerIndex: limit, completions = 0 } = job.spec
  if (limit === undefined) return undefined
  const failed = parseIndexes(job.status?.failedIndexes)
  const losses = pods.filter(member => hasFailed(member, job) && (indexOf(member) ?? completions) < completions)
  for (const member of losses) {
    const index = indexOf(member)!
    const { counts, endsIndex } = judge(member, job)
    if (!done.has(index) && (endsIndex || (counts && countOf(member, failureCount) >= limit))) failed.add(index)
  }
  const busy = new Set(pods.filter(isActive).map(indexOf))
  const waiting = new Map<number, Pod>()
  for (const member of losses) {
    const index = indexOf(member)!
    if (busy.has(index) || done.has(index) || failed.has(index)) continue
    const known = waiting.get(index)
    if (!known || attemptsOf(known) < attemptsOf(member)) waiting.set(index, member)
  }
  return { failed, waiting }
}

/** How many pods have failed up to this one, for its number. */
export function attemptsOf(failed: Pod): number {
  return countOf(failed, failureCount) + countOf(failed, ignoredFailureCount) + 1
}

/** The annotations of the pod that takes the place of a failed one. */
export function failureAnnotations(job: Job, failed: Pod | undefined): Record<string, string> {
  const { counts } = failed ? judge(failed, job) : { counts: false }
  const counted = failed ? countOf(failed, failureCount) + Number(counts) : 0
  const ignored = failed ? countOf(failed, ignoredFailureCount) + Number(!counts) : 0
  return { [failureCount]: String(counted), ...(ignored > 0 && { [ignoredFailureCount]: String(ignored) }) }
}

function countOf({ metadata }: Pod, annotation: string): number {
  return Number(metadata.annotations?.[annotation] ?? 0)
}
