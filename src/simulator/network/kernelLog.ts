import type { Clock } from '../clock.ts'

/** A line of the kernel's log. */
export interface KernelMessage {
  /** Milliseconds of the clock. */
  readonly at: number
  readonly level: 'warn' | 'info'
  readonly text: string
}

// Of messages that many packets could cause the kernel prints ten in five seconds: net_ratelimit.
const interval = 5_000
const burst = 10
const longest = 500

/** What the kernel of a machine has to say, as `dmesg` shows it. */
export class KernelLog {
  readonly #clock: Clock
  #messages: KernelMessage[] = []
  #beganAt = Number.NEGATIVE_INFINITY
  #printed = 0
  #missed = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The oldest first. */
  get messages(): readonly KernelMessage[] {
    return this.#messages
  }

  /** Writes a message. */
  print(text: string, level: KernelMessage['level'] = 'info'): void {
    this.#messages.push({ at: this.#clock.now, level, text })
    if (this.#messages.length > longest) this.#messages.shift()
  }

  /** Writes a warning that packets cause, unless there have been too many just now. */
  warnOfPacket(text: string): void {
    const { now } = this.#clock
    if (now >= this.#beganAt + interval) {
      if (this.#missed > 0) this.print(`net_ratelimit: ${this.#missed} callbacks suppressed`, 'warn')
      this.#beganAt = now
      this.#printed = 0
      this.#missed = 0
    }
    if (++this.#printed <= burst) this.print(text, 'warn')
    else this.#missed++
  }

  clear(): void {
    this.#messages = []
  }
}
