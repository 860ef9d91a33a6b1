import type { Lab } from '../../simulator/lab.ts'

/** Real milliseconds: a slice of work, after which requests get their turn, and the longest pause between slices. */
const slice = 8
const longestPause = 50
/** How much real time the lab may lag behind before it gives up catching up, as after a sleep of the machine. */
const longestLag = 2000

/** Drives a lab's clock by real time. */
export class Pace {
  readonly #lab: Lab
  readonly #speed: number
  /** Real and simulated time that belong together. */
  #since = 0
  #from = 0
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<void> | undefined
  #isRunning = false
  #isPoked = false

  /** `speed` is how many simulated seconds pass in a real one. */
  constructor(lab: Lab, speed: number) {
    this.#lab = lab
    this.#speed = speed
  }

  start(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#rebase()
    this.poke()
  }

  /** Resolves when the clock stands still. */
  async stop(): Promise<void> {
    this.#isRunning = false
    clearTimeout(this.#timer)
    await this.#turn
  }

  /** Something came in from outside: what it started goes on at once. */
  poke(): void {
    if (this.#turn) this.#isPoked = true
    else this.#later(0)
  }

  #later(pause: number): void {
    clearTimeout(this.#timer)
    if (!this.#isRunning) return
    this.#timer = setTimeout(() => {
      this.#turn = this.#advance().then(pause => {
        this.#turn = undefined
        this.#later(pause)
      })
    }, pause)
  }

  /** Moves the lab to where it should be by now, for one slice; gives the pause until there is more to do. */
  async #advance(): Promise<number> {
    const lab = this.#lab
    const stop = performance.now() + slice
    const due = Math.floor(this.#target - lab.now)
    if (due > 0 || !lab.isIdle) await lab.advance(Math.max(0, due), () => performance.now() > stop)
    if (this.#target - lab.now > longestLag * this.#speed) this.#rebase()
    if (this.#isPoked || performance.now() > stop) {
      this.#isPoked = false
      return 0
    }
    const wait = ((lab.nextEvent ?? Number.POSITIVE_INFINITY) - this.#target) / this.#speed
    return Math.min(longestPause, Math.max(1, Math.ceil(wait)))
  }

  get #target(): number {
    return this.#from + (performance.now() - this.#since) * this.#speed
  }

  #rebase(): void {
    this.#since = performance.now()
    this.#from = this.#lab.now
  }
}
