import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { NetworkNamespace } from './namespace.ts'
import { TraceLog } from './trace.ts'

/** All network namespaces of a lab, and what happened in them. */
export class Network {
  readonly clock: Clock
  readonly random: Random
  readonly trace = new TraceLog()

  constructor(clock: Clock, random: Random) {
    this.clock = clock
    this.random = random
  }

  /** Makes a network namespace with a loopback interface on a machine. */
  createNamespace(_name: string, _options: { readonly machine: string }): NetworkNamespace {
    throw new Error('unfinished')
  }
}
