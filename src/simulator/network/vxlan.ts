import { formatIpv4, zeroMac } from './address.ts'
import { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import { bodyLength, type Frame, type Ipv4Packet, noBytes, type UdpDatagram } from './packet.ts'
import { SocketBuffer } from './socketBuffer.ts'

export interface VxlanOptions {
  readonly id: number
  readonly local: number
  /** The interface that tunnelled packets leave by, as `ip -d link` shows it. */
  readonly underlay?: string
  /** 8472, as Linux does by default. */
  readonly port?: number
  readonly isLearning?: boolean
  /** Each packet says itself which id and machine it is for (`external`). */
  readonly isExternal?: boolean
  readonly mac?: string
  readonly mtu?: number
}

/** Behind which machine an Ethernet address is; the zero address stands for all that are not known. */
export interface TunnelEntry {
  readonly mac: string
  readonly destination: number
  readonly isPermanent: boolean
}

/** A tunnel that carries Ethernet frames in UDP datagrams (RFC 7348). */
export class Vxlan extends NetworkInterface {
  readonly kind = 'vxlan'
  readonly id: number
  readonly local: number
  readonly underlay: string | undefined
  readonly udpPort: number
  readonly isLearning: boolean
  readonly isExternal: boolean
  #entries: TunnelEntry[] = []

  constructor(namespace: NetworkNamespace, name: string, index: number, mac: string, options: VxlanOptions) {
    super(namespace, name, index, mac, options.mtu ?? 1450)
    this.id = options.id
    this.local = options.local
    this.underlay = options.underlay
    this.udpPort = options.port ?? 8472
    this.isLearning = options.isLearning ?? true
    this.isExternal = options.isExternal ?? false
  }

  override get state(): 'DOWN' | 'UNKNOWN' {
    return this.isUp ? 'UNKNOWN' : 'DOWN'
  }

  /** Enters a machine behind which an address is. */
  addForwarding(mac: string, destination: number): void {
    this.#entries = this.#entries.filter(entry => entry.mac !== mac || mac === zeroMac)
    if (!this.#entries.some(entry => entry.mac === mac && entry.destination === destination))
      this.#entries.push({ mac, destination, isPermanent: true })
  }

  /** Forgets an address; false when it was not there. */
  removeForwarding(mac: string, destination?: number): boolean {
    const before = this.#entries.length
    this.#entries = this.#entries.filter(
      entry => entry.mac !== mac || (destination !== undefined && entry.destination !== destination),
    )
    return this.#entries.length < before
  }

  /** The entries, as `bridge fdb show dev` lists them. */
  forwardingEntries(): readonly TunnelEntry[] {
    return this.#entries
  }

  /** Wraps a frame for the machine behind which its destination is; for all of them when that is not known. */
  protected carry(frame: Frame, buffer: SocketBuffer | undefined): void {
    if (this.isExternal) return this.#carryAsTold(frame, buffer)
    const known = this.#entries.find(entry => entry.mac === frame.destination)
    const entries = known ? [known] : this.#entries.filter(entry => entry.mac === zeroMac)
    if (entries.length === 0) {
      this.counters.sentDropped++
      this.namespace.note('drop', this.name, 'no forwarding entry', frame.destination, frame.payload)
    }
    for (const entry of entries) this.#encapsulate(frame, entry, buffer?.mark ?? 0)
  }

  #carryAsTold(frame: Frame, buffer: SocketBuffer | undefined): void {
    if (buffer?.tunnel) {
      const { id, remote } = buffer.tunnel
      const entry = { mac: frame.destination, destination: remote, isPermanent: false }
      return this.#encapsulate(frame, entry, buffer.mark, id)
    }
    this.counters.sentDropped++
    this.namespace.note('drop', this.name, 'no tunnel key', '', frame.payload)
  }

  #encapsulate(frame: Frame, entry: TunnelEntry, mark: number, id = this.id): void {
    const { payload } = frame
    const body: UdpDatagram = {
      kind: 'udp',
      sourcePort: sourcePortOf(frame),
      destinationPort: this.udpPort,
      data: noBytes,
      encapsulated: { id, frame },
    }
    const outer: Ipv4Packet = {
      kind: 'ipv4',
      source: this.local,
      destination: entry.destination,
      ttl: 64,
      id: this.namespace.nextPacketId(),
      tos: 0,
      dontFragment: false,
      protocol: 'udp',
      body,
      flow: payload.flow,
      serial: payload.serial,
    }
    const by = () => (this.isExternal ? `tunnel key ${id} to ${formatIpv4(entry.destination)}` : this.#describe(entry))
    this.namespace.note('encapsulate', this.name, `vni ${id}`, by, payload, outer)
    const tunnelled = new SocketBuffer(outer)
    tunnelled.mark = mark
    this.namespace.ipv4.send(tunnelled)
  }

  /** Unwraps a frame that a machine sent. */
  decapsulate(outer: Ipv4Packet, frame: Frame, id = this.id): void {
    this.namespace.note('decapsulate', this.name, `vni ${id}`, '', outer, frame.payload)
    if (this.isLearning && !this.#entries.some(entry => entry.mac === frame.source))
      this.#entries.push({ mac: frame.source, destination: outer.source, isPermanent: false })
    if (!this.isExternal || frame.payload.kind !== 'ipv4') return this.receive(frame)
    const buffer = new SocketBuffer(frame.payload)
    buffer.tunnel = { id, remote: outer.source }
    this.receive(frame, buffer)
  }

  override details(): Readonly<Record<string, unknown>> {
    return {
      id: this.id,
      local: formatIpv4(this.local),
      port: this.udpPort,
      entries: this.#entries.map(entry => this.#describe(entry)),
    }
  }

  #describe(entry: TunnelEntry): string {
    return `${entry.mac} dst ${formatIpv4(entry.destination)} self${entry.isPermanent ? ' permanent' : ''}`
  }
}

/** The port that a frame leaves by, from a hash over its connection, so that routers spread connections (RFC 7348). */
function sourcePortOf(frame: Frame): number {
  const { payload } = frame
  let hash = 0x811c9dc5
  const mix = (value: number) => {
    hash = Math.imul(hash ^ value, 0x01000193)
  }
  if (payload.kind === 'arp') {
    mix(payload.senderAddress)
    mix(payload.targetAddress)
  } else {
    mix(payload.source)
    mix(payload.destination)
    const { body } = payload
    if (body.kind === 'tcp' || body.kind === 'udp') {
      mix(body.sourcePort)
      mix(body.destinationPort)
    } else mix(bodyLength(body))
  }
  return 32768 + ((hash >>> 7) % 28232)
}
