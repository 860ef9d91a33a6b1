import type { ArpPacket, Ipv4Packet } from './packet.ts'

/** What a step of a packet's way was. */
export type TraceKind =
  /** A socket or the kernel made the packet. */
  | 'send'
  /** A route was chosen. */
  | 'route'
  /** Another machine on the link was asked for its Ethernet address. */
  | 'resolve'
  /** A netfilter rule matched. */
  | 'rule'
  /** Its addresses or ports were changed. */
  | 'rewrite'
  /** A bridge chose a port, or all. */
  | 'switch'
  | 'encapsulate'
  | 'decapsulate'
  | 'forward'
  /** It left by an interface. */
  | 'transmit'
  /** A socket or the kernel took it. */
  | 'deliver'
  | 'drop'
  | 'reject'
  /** Its time to live ran out. */
  | 'expire'

/** One step of one packet: where it was, what was decided, by what, and what it looked like. */
export interface TraceRecord {
  readonly at: number
  readonly flow: number
  readonly serial: number
  readonly machine: string
  readonly networkNamespace: string
  /** Empty where no interface is involved. */
  readonly interface: string
  readonly kind: TraceKind
  /** In one or two words: `DNAT`, `port vethabc`, `local`. */
  readonly decision: string
  /** The line of `iptables-save`, `ip route`, `bridge fdb` or `ip neigh` that decided; empty where none did. */
  readonly by: string
  readonly before: ArpPacket | Ipv4Packet
  readonly after: ArpPacket | Ipv4Packet
}

/** Where a step happens, as the namespace that reports it says. */
export interface TracePlace {
  readonly machine: string
  readonly name: string
}

/** Remembers the steps of the latest flows. */
export class TraceLog {
  /** Off, nothing is written down. */
  isOn = true
  /** Gets the steps of each flow that makes room for later ones. */
  onForget: (flow: number, records: readonly TraceRecord[]) => void = () => {}
  #flows = new Map<number, TraceRecord[]>()
  #size = 0
  readonly #longestFlow: number
  readonly #longest: number

  /** Remembers so many steps in all, and of each flow only so many. */
  constructor(longest = 60_000, longestFlow = 1_000) {
    this.#longest = longest
    this.#longestFlow = longestFlow
  }

  /** Adds a step; `by` is asked for its text only when someone reads it. */
  add(
    at: number,
    place: TracePlace,
    interfaceName: string,
    kind: TraceKind,
    decision: string,
    by: string | (() => string),
    before: ArpPacket | Ipv4Packet,
    after: ArpPacket | Ipv4Packet,
  ): void {
    if (!this.isOn) return
    let records = this.#flows.get(before.flow)
    if (!records) {
      records = []
      this.#flows.set(before.flow, records)
    }
    if (records.length >= this.#longestFlow) return
    records.push(new Step(at, place, interfaceName, kind, decision, by, before, after))
    if (++this.#size > this.#longest) this.#forgetOldest()
  }

  /** The steps of a flow, in order. */
  flow(flow: number): readonly TraceRecord[] {
    return this.#flows.get(flow) ?? []
  }

  /** The flows that are remembered, oldest first. */
  flows(): number[] {
    return [...this.#flows.keys()]
  }

  /** The latest flow that some packet of satisfies a condition. */
  latest(condition: (record: TraceRecord) => boolean): number | undefined {
    return this.flows().findLast(flow => this.flow(flow).some(condition))
  }

  clear(): void {
    this.#flows.clear()
    this.#size = 0
  }

  #forgetOldest(): void {
    const [oldest, records] = this.#flows.entries().next().value!
    this.#flows.delete(oldest)
    this.#size -= records.length
    this.onForget(oldest, records)
  }
}

class Step implements TraceRecord {
  readonly at: number
  readonly kind: TraceKind
  readonly interface: string
  readonly decision: string
  readonly before: ArpPacket | Ipv4Packet
  readonly after: ArpPacket | Ipv4Packet
  readonly #place: TracePlace
  readonly #by: string | (() => string)

  constructor(
    at: number,
    place: TracePlace,
    interfaceName: string,
    kind: TraceKind,
    decision: string,
    by: string | (() => string),
    before: ArpPacket | Ipv4Packet,
    after: ArpPacket | Ipv4Packet,
  ) {
    this.at = at
    this.#place = place
    this.interface = interfaceName
    this.kind = kind
    this.decision = decision
    this.#by = by
    this.before = before
    this.after = after
  }

  get flow(): number {
    return this.before.flow
  }

  get serial(): number {
    return this.before.serial
  }

  get machine(): string {
    return this.#place.machine
  }

  get networkNamespace(): string {
    return this.#place.name
  }

  get by(): string {
    return typeof this.#by === 'string' ? this.#by : this.#by()
  }
}
