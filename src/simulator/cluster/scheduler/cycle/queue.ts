import type { Clock, Timer } from '../../../clock.ts'
import { isEqual } from '../../api/equality.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { Filter } from '../filter.ts'

// Failed pods wait 1 s, 2 s, 4 s … up to 10 s before another try, and are tried again after 5 minutes in any case.
const firstBackOff = 1000
const lastBackOff = 10_000
const leftover = 300_000

/** A pod that waits for a node. */
export interface Waiting {
  readonly pod: Pod
  readonly since: number
  readonly attempts: number
  /** Who refused it at the last try; none while it has not been tried. */
  readonly rejectedBy: ReadonlySet<Filter>
  readonly triedAt: number
}

/** Pods without a node: those to be tried now, the most important first, and those that wait for something to change. */
export class SchedulingQueue {
  readonly #clock: Clock
  readonly #run: () => void
  readonly #active = new Map<string, Waiting>()
  readonly #parked = new Map<string, Waiting>()
  readonly #timers = new Map<string, Timer>()
  /** Active entries in the order of their turns; entries that are no longer active are passed over. */
  #turns: Waiting[] = []
  #isInOrder = true
  #isScheduled = false

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  /** A pod is new, or has itself changed. */
  put(pod: Pod): void {
    const { uid } = pod.metadata
    const known = this.#active.get(uid) ?? this.#parked.get(uid)
    const entry = { since: this.#clock.now, attempts: 0, rejectedBy: new Set<Filter>(), triedAt: 0, ...known, pod }
    const isSame = isEqual(pod.spec, known?.pod.spec) && isEqual(pod.metadata.labels, known?.pod.metadata.labels)
    if (!known || this.#active.has(uid) || !isSame) this.#activate(uid, entry)
    else this.#parked.set(uid, entry)
  }

  remove(uid: string): void {
    this.#active.delete(uid)
    this.#parked.delete(uid)
    this.#timers.get(uid)?.cancel()
    this.#timers.delete(uid)
  }

  /** Takes out the pod whose turn it is. */
  take(): Waiting | undefined {
    if (!this.#isInOrder) this.#turns = [...this.#active.values()].sort(compareTurns).reverse()
    this.#isInOrder = true
    for (let next = this.#turns.pop(); next; next = this.#turns.pop()) {
      const { uid } = next.pod.metadata
      if (this.#active.get(uid) !== next) continue
      this.remove(uid)
      return next
    }
    return undefined
  }

  /** Puts a pod that no node could take aside until something changes that may help. */
  park(entry: Waiting, rejectedBy: ReadonlySet<Filter>): void {
    const { uid } = entry.pod.metadata
    this.#parked.set(uid, { ...entry, rejectedBy, attempts: entry.attempts + 1, triedAt: this.#clock.now })
    this.#wake(uid, leftover)
  }

  /** The pods that wait for a change. */
  get parked(): Iterable<Waiting> {
    return [...this.#parked.values()]
  }

  /** Tries a parked pod again as soon as its back-off allows. */
  retry({ pod, attempts, triedAt }: Waiting): void {
    const backOff = Math.min(lastBackOff, firstBackOff * 2 ** Math.max(0, attempts - 1))
    this.#wake(pod.metadata.uid, Math.max(0, triedAt + backOff - this.#clock.now))
  }

  #wake(uid: string, delay: number): void {
    this.#timers.get(uid)?.cancel()
    const timer = this.#clock.after(delay, () => {
      const entry = this.#parked.get(uid)
      if (entry) this.#activate(uid, entry)
    })
    this.#timers.set(uid, timer)
  }

  #activate(uid: string, entry: Waiting): void {
    this.remove(uid)
    this.#active.set(uid, entry)
    this.#isInOrder = false
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#clock.after(1, () => {
      this.#isScheduled = false
      this.#run()
    })
  }
}

function compareTurns(a: Waiting, b: Waiting): number {
  return (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0) || a.since - b.since
}
