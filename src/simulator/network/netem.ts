import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import { type Frame, frameLength } from './packet.ts'

/** What a line does to frames; absent means that it does not. */
export interface NetemSettings {
  /** Frames that may wait at once. */
  readonly limit: number
  /** Milliseconds that each frame is held back, and by how much that may vary. */
  readonly delay?: number
  readonly jitter?: number
  /** Shares of the frames that get lost or come twice, in percent. */
  readonly loss?: number
  readonly duplicate?: number
  /** Bits in a second. */
  readonly rate?: number
}

/** What has passed a queueing discipline, as `tc -s` shows it. */
export interface QueueCounters {
  bytes: number
  packets: number
  dropped: number
  waiting: number
  waitingBytes: number
}

/** A queueing discipline that makes an interface behave like a bad line: `netem`. */
// Simplified: chances are independent of each other, and a delay that varies is spread evenly.
export class Netem {
  readonly handle: number
  settings: NetemSettings
  readonly counters: QueueCounters = { bytes: 0, packets: 0, dropped: 0, waiting: 0, waitingBytes: 0 }
  readonly #clock: Clock
  readonly #random: Random
  /** When the line has sent everything that it has been given. */
  #freeAt = 0

  constructor(handle: number, settings: NetemSettings, clock: Clock, random: Random) {
    this.handle = handle
    this.settings = settings
    this.#clock = clock
    this.#random = random
  }

  /** Takes a frame and sends it when its time has come; false when it is lost. */
  enqueue(frame: Frame, send: (frame: Frame) => void): boolean {
    const { loss = 0, duplicate = 0, limit } = this.settings
    const copies = this.#happens(duplicate) ? 2 : 1
    const left = copies - (this.#happens(loss) ? 1 : 0)
    if (left === 0) {
      this.counters.dropped++
      return false
    }
    for (let i = 0; i < left; i++) {
      if (this.counters.waiting >= limit) {
        this.counters.dropped++
        return false
      }
      this.#hold(frame, send)
    }
    return true
  }

  #hold(frame: Frame, send: (frame: Frame) => void): void {
    const length = frameLength(frame)
    const wait = this.#delayOf(length)
    const leave = () => {
      this.counters.packets++
      this.counters.bytes += length
      send(frame)
    }
    if (wait <= 0) return leave()
    this.counters.waiting++
    this.counters.waitingBytes += length
    this.#clock.after(wait, () => {
      this.counters.waiting--
      this.counters.waitingBytes -= length
      leave()
    })
  }

  #delayOf(length: number): number {
    const { delay = 0, jitter = 0, rate } = this.settings
    const held = Math.max(0, delay + (jitter > 0 ? this.#random.below(2 * jitter + 1) - jitter : 0))
    if (rate === undefined) return Math.round(held)
    const { now } = this.#clock
    this.#freeAt = Math.max(this.#freeAt, now) + (length * 8000) / rate
    return Math.round(held + this.#freeAt - now)
  }

  #happens(percent: number): boolean {
    return percent > 0 && this.#random.below(1_000_000) < percent * 10_000
  }
}
