import { formatIpv4, zeroMac } from './address.ts'
import { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { Frame, Ipv4Packet } from './packet.ts'
import { SocketBuffer } from './socketBuffer.ts'

/** A tunnel that puts IPv4 packets into IPv4 packets (RFC 2003). */
export class Ipip extends NetworkInterface {
  readonly kind = 'ipip'
  /** The address that wrapped packets come from. */
  readonly local: number

  constructor(namespace: NetworkNamespace, name: string, index: number, local: number) {
    super(namespace, name, index, zeroMac, 1480)
    this.local = local
  }

  override get usesArp(): boolean {
    return false
  }

  override get state(): 'DOWN' | 'UNKNOWN' {
    return this.isUp ? 'UNKNOWN' : 'DOWN'
  }

  protected override get ownFlags(): readonly string[] {
    return ['NOARP']
  }

  /** Wraps a packet for the next hop of its route. */
  protected carry(frame: Frame, buffer: SocketBuffer | undefined): void {
    const { payload } = frame
    const destination = buffer?.nextHop
    if (payload.kind !== 'ipv4' || destination === undefined) return
    const outer: Ipv4Packet = {
      kind: 'ipv4',
      source: this.local,
      destination,
      ttl: 64,
      id: this.namespace.nextPacketId(),
      tos: payload.tos,
      dontFragment: payload.dontFragment,
      protocol: 'ipencap',
      body: payload,
      flow: payload.flow,
      serial: payload.serial,
    }
    this.namespace.note('encapsulate', this.name, `to ${formatIpv4(destination)}`, '', payload, outer)
    const tunnelled = new SocketBuffer(outer)
    tunnelled.mark = buffer?.mark ?? 0
    this.namespace.ipv4.send(tunnelled)
  }

  /** Unwraps a packet that a machine sent. */
  decapsulate(outer: Ipv4Packet, inner: Ipv4Packet): void {
    this.namespace.note('decapsulate', this.name, `from ${formatIpv4(outer.source)}`, '', outer, inner)
    this.receive({ source: zeroMac, destination: zeroMac, payload: inner })
  }

  override details(): Readonly<Record<string, unknown>> {
    return { local: formatIpv4(this.local) }
  }
}
