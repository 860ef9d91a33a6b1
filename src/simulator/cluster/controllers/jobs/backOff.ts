import type { Pod } from '../../kinds/pod.ts'
import { attemptsOf } from './indexFailures.ts'
import type { Tally } from './tally.ts'

// A failed pod is replaced after 10 s, 20 s, 40 s … up to 10 minutes.
const first = 10_000
const last = 600_000

interface Failures {
  readonly count: number
  readonly lastAt: number
}

/** Failures in a row of each Job since a pod last succeeded, by the Job's uid. */
export class FailureMemory {
  readonly #failures = new Map<string, Failures>()

  note(uid: string, { newSuccesses, newFailures }: Tally, now: number): void {
    if (newSuccesses.length > 0) this.#failures.delete(uid)
    if (newFailures.length === 0) return
    const before = this.#failures.get(uid)?.count ?? 0
    const lastAt = Math.min(now, Math.max(...newFailures.map(failedAt)))
    this.#failures.set(uid, { count: before + newFailures.length, lastAt })
  }

  /** How long the next pod has to wait. */
  waitOf(uid: string, now: number): number {
    const failures = this.#failures.get(uid)
    return failures ? waitAfter(failures.count, failures.lastAt, now) : 0
  }

  forget(uid: string): void {
    this.#failures.delete(uid)
  }
}

/** How long the next pod has to wait that takes the place of a failed one of the same number. */
export function waitForIndex(failed: Pod | undefined, now: number): number {
  return failed ? waitAfter(attemptsOf(failed), failedAt(failed), now) : 0
}

function waitAfter(failures: number, lastAt: number, now: number): number {
  return Math.max(0, lastAt + Math.min(last, first * 2 ** (failures - 1)) - now)
}

/** When the last container of a failed pod ended, in milliseconds since 1970. */
function failedAt({ status, metadata }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''))
  const known = ends.filter(end => !Number.isNaN(end))
  if (known.length > 0) return Math.max(...known)
  return Date.parse(metadata.deletionTimestamp ?? metadata.creationTimestamp)
}
