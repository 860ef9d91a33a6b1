import type { Random } from '../../../random.ts'
import type { Process } from '../../program.ts'

/** The times, counts and addresses of one transfer, for `--write-out` and the progress meter. */
export class Measures {
  /** Seconds from the start of the transfer. */
  readonly times = { namelookup: 0, connect: 0, appconnect: 0, pretransfer: 0, starttransfer: 0, redirect: 0, total: 0 }
  readonly sizes = { download: 0, header: 0, request: 0, upload: 0 }
  readonly remote = { ip: '', port: 0 }
  readonly local = { ip: '', port: 0 }
  status = 0
  httpVersion = '0'
  contentType = ''
  redirectUrl = ''
  redirects = 0
  connects = 0
  method = ''
  scheme = ''
  effectiveUrl = ''
  fileName = ''
  verifyResult = 0
  /** Header lines of the last answer, names in lower case. */
  headers: readonly (readonly [string, string])[] = []
  readonly #process: Process
  readonly #start: number
  readonly #random: Random
  #fine = 0

  constructor(process: Process) {
    this.#process = process
    this.#start = process.kernel.clock.now
    this.#random = process.kernel.random.fork(`curl ${process.pid} ${this.#start}`)
  }

  /** Milliseconds since the start, as the simulation counts. */
  get elapsed(): number {
    return this.#process.kernel.clock.now - this.#start
  }

  /**
   * Notes that something has been reached now. The simulated clock knows no fractions of a millisecond, so each step
   * takes a random few microseconds of its own.
   */
  reach(step: keyof Measures['times']): void {
    this.#fine += 40 + this.#random.below(160)
    this.times[step] = (this.elapsed * 1000 + this.#fine) / 1e6
  }
}
