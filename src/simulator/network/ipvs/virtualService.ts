import { formatIpv4 } from '../address.ts'
import type { BalancedConnection } from './connection.ts'

/** What IPVS balances. */
export type BalancedProtocol = 'tcp' | 'udp' | 'sctp'

/** What IPVS has counted of a virtual service or a destination. */
export interface BalancedCounters {
  connections: number
  inPackets: number
  outPackets: number
  inBytes: number
  outBytes: number
}

/** The ways to choose a destination. */
export const schedulers = ['rr', 'lc', 'wlc', 'sh'] as const
export type Scheduler = (typeof schedulers)[number]

/** A real server behind a virtual service. */
export class Destination {
  readonly address: number
  readonly port: number
  /** With weight 0 it keeps its connections and gets no new ones. */
  weight: number
  /** Whether it is still in the list of its virtual service. */
  isAvailable = true
  readonly counters = noCounters()
  /** Made when it is first needed: most destinations of a big cluster never see a connection. */
  #connections: Set<BalancedConnection> | undefined

  constructor(address: number, port: number, weight: number) {
    this.address = address
    this.port = port
    this.weight = weight
  }

  /** `10.244.1.5:8080`. */
  get text(): string {
    return `${formatIpv4(this.address)}:${this.port}`
  }

  get connections(): Set<BalancedConnection> {
    this.#connections ??= new Set()
    return this.#connections
  }

  /** How many connections it has. */
  get load(): number {
    return this.#connections?.size ?? 0
  }

  get active(): number {
    if (this.load === 0) return 0
    let count = 0
    for (const connection of this.connections) if (connection.isActive) count++
    return count
  }

  get inactive(): number {
    return this.load - this.active
  }
}

/** An address and port whose connections IPVS shares out among destinations. */
export class VirtualService {
  readonly protocol: BalancedProtocol
  readonly address: number
  readonly port: number
  scheduler: Scheduler
  /** How long a client stays with its destination, in seconds; undefined when each connection is free. */
  persistence: number | undefined
  readonly counters = noCounters()
  #destinations: readonly Destination[] = []
  #last = -1
  /** For `sh`: 256 places, each of a destination. */
  #buckets: readonly Destination[] | undefined

  constructor(protocol: BalancedProtocol, address: number, port: number, scheduler: Scheduler, persistence?: number) {
    this.protocol = protocol
    this.address = address
    this.port = port
    this.scheduler = scheduler
    this.persistence = persistence
  }

  get destinations(): readonly Destination[] {
    return this.#destinations
  }

  /** `10.96.0.10:53`. */
  get text(): string {
    return `${formatIpv4(this.address)}:${this.port}`
  }

  find(address: number, port: number): Destination | undefined {
    return this.#destinations.find(each => each.address === address && each.port === port)
  }

  /** Adds a destination; false when it is there. */
  add(destination: Destination): boolean {
    if (this.find(destination.address, destination.port)) return false
    this.#destinations = [...this.#destinations, destination]
    this.#buckets = undefined
    return true
  }

  /** Takes a destination out; what it has of connections does not survive its next packet. */
  remove(destination: Destination): void {
    destination.isAvailable = false
    this.#destinations = this.#destinations.filter(other => other !== destination)
    this.#buckets = undefined
  }

  /** Changes a weight. */
  setWeight(destination: Destination, weight: number): void {
    destination.weight = weight
    this.#buckets = undefined
  }

  /** The destination of a new connection; undefined when there is none to take it. */
  choose(source: number): Destination | undefined {
    switch (this.scheduler) {
      case 'rr':
        return this.#next()
      case 'sh':
        return this.#bySource(source)
      case 'lc':
        return this.#least(overhead)
      case 'wlc':
        return this.#least(destination => overhead(destination) / destination.weight)
    }
  }

  #next(): Destination | undefined {
    const all = this.#destinations
    for (let step = 1; step <= all.length; step++) {
      const at = (this.#last + step) % all.length
      if (all[at]!.weight === 0) continue
      this.#last = at
      return all[at]
    }
    return undefined
  }

  #least(load: (destination: Destination) => number): Destination | undefined {
    let best: Destination | undefined
    for (const each of this.#destinations) if (each.weight > 0 && (!best || load(each) < load(best))) best = each
    return best
  }

  /** The same source always meets the same destination (ip_vs_sh.c). */
  #bySource(source: number): Destination | undefined {
    const usable = this.#destinations.filter(({ weight }) => weight > 0)
    if (usable.length === 0) return undefined
    this.#buckets ??= Array.from({ length: 256 }, (_, i) => usable[i % usable.length]!)
    return this.#buckets[Math.imul(source, 0x61c88647) >>> 24]
  }
}

/** A busy connection weighs as much as 256 idle ones. */
function overhead(destination: Destination): number {
  const { active } = destination
  return active * 256 + (destination.load - active)
}

function noCounters(): BalancedCounters {
  return { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 }
}
