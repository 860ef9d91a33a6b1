import type { Clock } from '../../../clock.ts'
import { type Ipv4Packet, packetLength, tcpFlag } from '../../../network/packet.ts'
import type { Endpoint } from '../../../network/sockets.ts'
import { invert, type Tuple, TupleMap, tupleOf } from '../../../network/tuple.ts'

/** What a packet is to the connections that are known. */
export type TrackedAs = 'new' | 'established' | 'reply' | 'related'

/** A line of the connection map (cilium_ct4_global). */
export interface TrackedFlow {
  readonly direction: 'OUT' | 'IN' | 'SVC'
  readonly tuple: Tuple
  /** The identity of who began it. */
  readonly sourceIdentity: number
  /** Milliseconds of the clock. */
  expiresAt: number
  packets: number
  bytes: number
  hasReply: boolean
  isClosing: boolean
  /** TCP's control bits that have been seen, and when each way was reported last. */
  readonly seen: { sent: number; sentAt: number; answered: number; answeredAt: number }
  /** The Service that the client spoke to, whose address answers must bear. */
  readonly frontend?: Endpoint | undefined
  /** Where a Service's packets go, for lines of direction SVC. */
  readonly backend?: Endpoint | undefined
  /** The Service's number, for the list. */
  readonly reverseNat?: number | undefined
}

/** What the connections say of a packet. */
export interface Tracked {
  readonly as: TrackedAs
  readonly flow?: TrackedFlow
  /** Whether the monitor is told: not of each packet, but when TCP's control bits are new, and every five seconds. */
  readonly isReported: boolean
}

// monitor-aggregation: medium, monitor-aggregation-interval: 5s.
const reportEvery = 5_000

const lifetimes = { tcp: 8_000_000, service: 8_000_000, opening: 60_000, closing: 10_000, other: 60_000 }
const sweepEvery = 1_000
const ethernetHeader = 14

/** The connections that a node's programs remember. */
// Simplified: all connections share one map; the real one keeps those that are not TCP in a second one.
export class ConnectionTracking {
  readonly #clock: Clock
  readonly #flows = {
    OUT: new TupleMap<TrackedFlow>(),
    IN: new TupleMap<TrackedFlow>(),
    SVC: new TupleMap<TrackedFlow>(),
  }
  readonly #all = new Set<TrackedFlow>()
  #untilSweep = sweepEvery

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The lines that have not run out, oldest first. */
  list(): TrackedFlow[] {
    this.#sweep()
    return [...this.#all]
  }

  /** What a packet is that leaves an endpoint (OUT), or that is to be handed to one (IN). */
  look(direction: 'OUT' | 'IN', packet: Ipv4Packet): Tracked {
    const tuple = wholeTuple(packet)
    if (!tuple) return this.#lookRelated(direction, packet)
    const own = this.find(direction, tuple)
    if (own) return { as: 'established', flow: own, isReported: this.#count(own, packet, false) }
    const answered = this.find(direction === 'OUT' ? 'IN' : 'OUT', invert(tuple))
    if (!answered) return { as: 'new', isReported: true }
    answered.hasReply = true
    return { as: 'reply', flow: answered, isReported: this.#count(answered, packet, true) }
  }

  find(direction: TrackedFlow['direction'], tuple: Tuple): TrackedFlow | undefined {
    const found = this.#flows[direction].get(tuple)
    if (!found) return undefined
    if (found.expiresAt > this.#clock.now) return found
    this.#remove(found)
    return undefined
  }

  /** Begins a connection with its first packet. */
  begin(
    direction: TrackedFlow['direction'],
    packet: Ipv4Packet,
    sourceIdentity: number,
    more: Pick<TrackedFlow, 'frontend' | 'backend' | 'reverseNat'> = {},
  ): void {
    const tuple = wholeTuple(packet)
    if (!tuple) return
    const old = this.#flows[direction].get(tuple)
    if (old) this.#remove(old)
    const flow: TrackedFlow = {
      direction,
      tuple,
      sourceIdentity,
      expiresAt: 0,
      packets: 0,
      bytes: 0,
      hasReply: false,
      isClosing: false,
      seen: { sent: 0, sentAt: 0, answered: 0, answeredAt: 0 },
      ...more,
    }
    this.#count(flow, packet, false)
    this.#flows[direction].set(tuple, flow)
    this.#all.add(flow)
    if (--this.#untilSweep <= 0) this.#sweep()
  }

  #lookRelated(direction: 'OUT' | 'IN', packet: Ipv4Packet): Tracked {
    const quoted = packet.body.kind === 'icmp' && packet.body.original ? wholeTuple(packet.body.original) : undefined
    if (!quoted) return { as: 'new', isReported: true }
    // The error goes back where the quoted packet came from.
    const found = this.find(direction === 'OUT' ? 'IN' : 'OUT', quoted) ?? this.find(direction, invert(quoted))
    return found ? { as: 'related', flow: found, isReported: true } : { as: 'new', isReported: true }
  }

  /** Counts a packet and tells whether it is to be reported. */
  #count(flow: TrackedFlow, packet: Ipv4Packet, isAnswer: boolean): boolean {
    const { protocol, body } = packet
    flow.packets++
    flow.bytes += packetLength(packet) + ethernetHeader
    let life = lifetimes.other
    if (protocol === 'tcp' && body.kind === 'tcp') {
      if (body.flags & tcpFlag.syn && !(body.flags & tcpFlag.acknowledgement)) flow.isClosing = false
      if (body.flags & (tcpFlag.fin | tcpFlag.reset)) flow.isClosing = true
      life = flow.isClosing ? lifetimes.closing : flow.hasReply ? lifetimes.tcp : lifetimes.opening
    }
    const { now } = this.#clock
    flow.expiresAt = now + life
    const { seen } = flow
    const flags = body.kind === 'tcp' ? body.flags : 0
    const before = isAnswer ? seen.answered : seen.sent
    const reportedAt = isAnswer ? seen.answeredAt : seen.sentAt
    if ((before | flags) === before && reportedAt !== 0 && now < reportedAt + reportEvery) return false
    if (isAnswer) {
      seen.answered |= flags
      seen.answeredAt = now
    } else {
      seen.sent |= flags
      seen.sentAt = now
    }
    return true
  }

  #remove(flow: TrackedFlow): void {
    this.#flows[flow.direction].delete(flow.tuple, each => each === flow)
    this.#all.delete(flow)
  }

  #sweep(): void {
    this.#untilSweep = sweepEvery
    for (const flow of this.#all) if (flow.expiresAt <= this.#clock.now) this.#remove(flow)
  }
}

/** The tuple of a packet; that of the whole one for a piece. */
export function wholeTuple(packet: Ipv4Packet): Tuple | undefined {
  const { body } = packet
  if (body.kind === 'fragment') return wholeTuple(body.whole)
  if (body.kind === 'icmp' || body.kind === 'tcp' || body.kind === 'udp') return tupleOf(packet)
  const { source, destination, protocol } = packet
  const ports = body as { readonly sourcePort?: number; readonly destinationPort?: number }
  return {
    protocol,
    source,
    destination,
    sourcePort: ports.sourcePort ?? 0,
    destinationPort: ports.destinationPort ?? 0,
  }
}
