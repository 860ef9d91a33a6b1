import type { Job } from '../../kinds/job.ts'
import type { Pod } from '../../kinds/pod.ts'
import { hasFailed, judge } from './failurePolicy.ts'
import { indexOf, parseIndexes } from './indexes.ts'
import { failuresByIndex, type IndexFailures } from './indexFailures.ts'
import { isIndexed, trackingFinalizer } from './pods.ts'

/** What has become of the pods so far. */
export interface Tally {
  readonly succeeded: number
  readonly failed: number
  /** Numbers of an Indexed Job that have succeeded. */
  readonly done: ReadonlySet<number>
  readonly byIndex: IndexFailures | undefined
  /** Pods that have ended since the last time. */
  readonly newSuccesses: readonly Pod[]
  readonly newFailures: readonly Pod[]
}

/** Adds the pods that have ended since the last time; those without the finalizer are counted already. */
export function tally(job: Job, pods: readonly Pod[]): Tally {
  const fresh = pods.filter(({ metadata }) => metadata.finalizers?.includes(trackingFinalizer))
  const newSuccesses = fresh.filter(({ status }) => status?.phase === 'Succeeded')
  const newFailures = fresh.filter(member => hasFailed(member, job))
  const done = parseIndexes(job.status?.completedIndexes)
  for (const member of newSuccesses) {
    const index = indexOf(member)
    if (index !== undefined && index < (job.spec.completions ?? 0)) done.add(index)
  }
  const counted = newFailures.filter(member => judge(member, job).counts)
  return {
    succeeded: isIndexed(job) ? done.size : (job.status?.succeeded ?? 0) + newSuccesses.length,
    failed: (job.status?.failed ?? 0) + counted.length,
    done,
    byIndex: failuresByIndex(job, fresh, done),
    newSuccesses,
    newFailures,
  }
}
