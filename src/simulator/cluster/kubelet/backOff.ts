import type { Clock } from '../../clock.ts'

interface Entry {
  delay: number
  updatedAt: number
}

/**
 * Waiting times that double for every failure of one thing, up to a limit, and begin anew when it has been quiet for
 * twice the limit (k8s.io/client-go/util/flowcontrol/backoff.go).
 */
export class BackOff {
  readonly #clock: Clock
  readonly #first: number
  readonly #limit: number
  readonly #entries = new Map<string, Entry>()

  constructor(clock: Clock, first = 10_000, limit = 300_000) {
    this.#clock = clock
    this.#first = first
    this.#limit = limit
  }

  /** Takes note of another failure; `since` is when it happened. */
  next(key: string, since: number): void {
    const entry = this.#entries.get(key)
    const delay = entry && !this.#isOver(entry, since) ? Math.min(entry.delay * 2, this.#limit) : this.#first
    this.#entries.set(key, { delay, updatedAt: this.#clock.now })
  }

  /** Milliseconds to wait still, counted from an event such as the end of a container. */
  remainingSince(key: string, since: number): number {
    const entry = this.#entries.get(key)
    if (!entry || this.#isOver(entry, since)) return 0
    return Math.max(0, since + entry.delay - this.#clock.now)
  }

  /** Milliseconds to wait still, counted from the last failure that was noted. */
  remaining(key: string): number {
    const entry = this.#entries.get(key)
    if (!entry || this.#isOver(entry, this.#clock.now)) return 0
    return Math.max(0, entry.updatedAt + entry.delay - this.#clock.now)
  }

  /** The whole waiting time after the last failure. */
  delayOf(key: string): number {
    return this.#entries.get(key)?.delay ?? this.#first
  }

  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key)
  }

  #isOver(entry: Entry, since: number): boolean {
    return since - entry.updatedAt > this.#limit * 2
  }
}
