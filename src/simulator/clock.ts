/** A call that waits for its time. */
export interface Timer {
  readonly at: number
  cancel(): void
}

interface Entry extends Timer {
  at: number
  readonly order: number
  run: (() => void) | undefined
}

/** Simulated time in integer milliseconds since the lab began. Nothing happens until someone runs what is due. */
export class Clock {
  #now = 0
  #order = 0
  #heap: Entry[] = []

  get now(): number {
    return this.#now
  }

  /** Runs something `delay` milliseconds from now; equal times run in the order they were asked for. */
  after(delay: number, run: () => void): Timer {
    const at = this.#now + Math.max(0, Math.round(delay))
    const entry: Entry = {
      at,
      order: this.#order++,
      run,
      cancel() {
        entry.run = undefined
      },
    }
    this.#push(entry)
    return entry
  }

  /** When the next call is due, if any waits. */
  get next(): number | undefined {
    for (let top = this.#heap[0]; top && !top.run; top = this.#heap[0]) this.#pop()
    return this.#heap[0]?.at
  }

  /** Runs the next call that is due by `end`; false when none is left, and then the time is `end`. */
  step(end: number): boolean {
    const next = this.next
    if (next === undefined || next > end) {
      this.#now = Math.max(this.#now, end)
      return false
    }
    const entry = this.#pop()
    this.#now = Math.max(this.#now, entry.at)
    const run = entry.run
    entry.run = undefined
    run?.()
    return true
  }

  /** Moves time forward, running everything that falls due, in order. Coroutines need `Kernel.advance` instead. */
  advance(duration: number): void {
    const end = this.#now + duration
    while (this.step(end));
  }

  /** Lets time pass in which nothing happens: all that waits goes on waiting as long as before, as if asleep meanwhile. */
  skip(duration: number): void {
    this.#now += duration
    for (const entry of this.#heap) entry.at += duration
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let i = heap.length
    heap.push(entry)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(entry, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = entry
  }

  #pop(): Entry {
    const heap = this.#heap
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return top
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
    return top
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
