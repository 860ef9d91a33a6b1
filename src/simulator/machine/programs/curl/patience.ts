import type { Process } from '../../program.ts'
import { CurlError } from './curlError.ts'
import type { Measures } from './measures.ts'

/** How long curl is willing to wait for a connection. */
export class Patience {
  readonly #process: Process
  readonly #measures: Measures
  readonly #deadline: number | undefined
  readonly #connectDeadline: number

  constructor(process: Process, measures: Measures, deadline: number | undefined, connecting: number | undefined) {
    this.#process = process
    this.#measures = measures
    this.#deadline = deadline
    this.#connectDeadline = process.kernel.clock.now + (connecting || defaultConnectTimeout)
  }

  /** Milliseconds. */
  get left(): number {
    const end = Math.min(this.#deadline ?? Number.POSITIVE_INFINITY, this.#connectDeadline)
    return Math.max(0, end - this.#process.kernel.clock.now)
  }

  /** Whether it is the time for connecting that ends first, not that for the whole transfer. */
  get isForConnecting(): boolean {
    return this.#connectDeadline < (this.#deadline ?? Number.POSITIVE_INFINITY)
  }

  over(what: string): CurlError {
    return new CurlError(28, `${what} after ${this.#measures.elapsed + 1} milliseconds`)
  }
}

/** curl gives up connecting after five minutes when nothing else is said. */
const defaultConnectTimeout = 300_000
