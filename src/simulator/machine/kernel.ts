import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'

/**
 * Runs coroutines on the simulated clock, one at a time: a coroutine runs until it waits through the kernel or ends,
 * and time moves on only when every coroutine waits. A coroutine never awaits another one but through `wait`
 * (no `Promise.all`, no `Promise.race`), so its own computation may await whatever it likes.
 */
export class Kernel {
  readonly clock: Clock
  readonly random: Random
  /** Called with an error that a coroutine let through: a bug of the simulator. */
  onBug: (error: unknown) => void = error => {
    throw error
  }

  #ready: (() => void)[] = []
  #isRunning = false
  #whenIdle: (() => void)[] = []

  constructor(clock: Clock, random: Random) {
    this.clock = clock
    this.random = random
  }

  /** Starts a coroutine; it takes its first step when the kernel gets to it. */
  start(body: () => Promise<void>): void {
    this.#ready.push(() => {
      body()
        .catch(error => this.onBug(error))
        .finally(() => this.#yield())
    })
    this.#dispatch()
  }

  /**
   * Suspends the running coroutine until `wake` is called. `register` receives the callbacks; only the first call of
   * either counts.
   */
  wait<T>(register: (wake: (value: T) => void, fail: (error: unknown) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isOver = false
      const resume = (run: () => void) => {
        if (isOver) return
        isOver = true
        this.#ready.push(run)
        this.#dispatch()
      }
      register(
        value => resume(() => resolve(value)),
        error => resume(() => reject(error)),
      )
      this.#yield()
    })
  }

  /** Suspends the running coroutine for simulated milliseconds. */
  sleep(duration: number): Promise<void> {
    return this.wait(wake => void this.clock.after(duration, () => wake()))
  }

  /** Resolves when every coroutine waits. Called from outside, never by a coroutine. */
  idle(): Promise<void> | undefined {
    if (this.isIdle) return undefined
    return new Promise(resolve => this.#whenIdle.push(resolve))
  }

  get isIdle(): boolean {
    return !this.#isRunning && this.#ready.length === 0
  }

  /**
   * Moves time forward by `duration`, running timers and coroutines in order, until `until` says stop. It stops only
   * when a millisecond is over: whoever comes in then finds the same state as in a replay up to that time.
   */
  async advance(duration: number, until?: () => boolean): Promise<void> {
    const end = this.clock.now + duration
    if (!this.isIdle) await this.idle()
    for (;;) {
      const next = this.clock.next
      if ((next === undefined || next > this.clock.now) && until?.()) return
      if (!this.clock.step(end)) return
      if (!this.isIdle) await this.idle()
    }
  }

  #yield(): void {
    this.#isRunning = false
    this.#dispatch()
  }

  #dispatch(): void {
    if (this.#isRunning) return
    const next = this.#ready.shift()
    if (next) {
      this.#isRunning = true
      next()
    } else if (this.#whenIdle.length > 0) {
      const waiting = this.#whenIdle
      this.#whenIdle = []
      for (const resolve of waiting) resolve()
    }
  }
}
