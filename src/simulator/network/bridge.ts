import { isGroupMac } from './address.ts'
import { fragment } from './fragments.ts'
import type { PortOwner } from './interface.ts'
import { NetworkInterface } from './interface.ts'
import { type Frame, frameLength, type Ipv4Packet, packetLength } from './packet.ts'
import { SocketBuffer } from './socketBuffer.ts'

/** Where a bridge has seen an Ethernet address. */
export interface ForwardingEntry {
  readonly mac: string
  readonly port: NetworkInterface
  readonly isPermanent: boolean
  readonly updatedAt: number
}

/** A switch in software: learns where addresses are, and floods when it does not know. */
// Simplified: a bridge keeps its own Ethernet address; Linux takes the smallest of its ports'. No spanning tree.
export class Bridge extends NetworkInterface implements PortOwner {
  readonly kind = 'bridge'
  /** Milliseconds after which a learned address is forgotten. */
  ageing = 300_000
  /** Whether netfilter sees what it passes on; a datapath of Open vSwitch shows it nothing. */
  isFiltered = true
  #ports: NetworkInterface[] = []
  #forwarding = new Map<string, ForwardingEntry>()

  /** The interfaces that are its ports, in the order in which they joined. */
  get ports(): readonly NetworkInterface[] {
    return this.#ports
  }

  override get hasCarrier(): boolean {
    return this.#ports.some(port => port.isUp && port.hasCarrier)
  }

  addPort(port: NetworkInterface): void {
    if (port.master === this) return
    port.master?.removePort(port)
    port.master = this
    this.#ports.push(port)
  }

  removePort(port: NetworkInterface): void {
    this.#ports = this.#ports.filter(other => other !== port)
    port.master = undefined
    for (const [mac, entry] of this.#forwarding) if (entry.port === port) this.#forwarding.delete(mac)
  }

  /** The addresses that it knows, as `bridge fdb show` lists them. */
  forwardingEntries(): ForwardingEntry[] {
    const entries: ForwardingEntry[] = []
    for (const port of this.#ports) entries.push({ mac: port.mac, port, isPermanent: true, updatedAt: 0 })
    for (const entry of this.#forwarding.values()) if (this.#isFresh(entry)) entries.push(entry)
    return entries
  }

  /** Enters behind which port an address is. */
  addForwarding(mac: string, port: NetworkInterface): void {
    this.#forwarding.set(mac, { mac, port, isPermanent: true, updatedAt: this.namespace.clock.now })
  }

  removeForwarding(mac: string): boolean {
    return this.#forwarding.delete(mac)
  }

  /** Takes a frame that came in by one of the ports. */
  receiveFromPort(port: NetworkInterface, frame: Frame): void {
    if (!this.isUp) return this.namespace.note('drop', this.name, 'interface is down', '', frame.payload)
    if (frame.payload.kind !== 'ipv4' || !this.#callsIptables) return this.#switch(port, frame, undefined)
    const before = this.namespace.ipv4.gather(frame.payload)
    if (!before) return
    const buffer = this.#bridgedBuffer(port, frame, before)
    buffer.isGathered = before !== frame.payload
    if (!this.namespace.netfilter.run('PREROUTING', buffer)) return
    buffer.isPrerouted = true
    if (buffer.packet.destination === before.destination) this.#switch(port, withPacket(frame, buffer.packet), buffer)
    else this.#redirect(port, withPacket(frame, buffer.packet), buffer)
  }

  /**
   * A bridged packet whose destination a rule has changed: if the new one is on this bridge as well it is bridged on
   * to it, else it goes up to be routed (br_nf_pre_routing_finish).
   */
  #redirect(port: NetworkInterface, frame: Frame, buffer: SocketBuffer): void {
    const { destination, flow } = buffer.packet
    const route = this.namespace.routes.lookup(destination)
    if (route?.kind !== 'unicast' || route.interface !== this.name)
      return this.#switch(port, { ...frame, destination: this.mac }, buffer)
    const nextHop = route.gateway ?? destination
    const { neighbours } = this.namespace
    const cached = neighbours.cachedHeader(this, nextHop)
    if (cached) return this.#switch(port, { ...frame, destination: cached }, buffer)
    neighbours.resolve(this, nextHop, {
      flow,
      source: undefined,
      ready: mac => this.transmit({ ...frame, source: this.mac, destination: mac }, buffer),
      fail: () => this.namespace.note('drop', this.name, 'neighbour does not answer', '', buffer.packet),
    })
  }

  /** What the machine itself sends by the bridge; a redirected frame goes on as if it came from its port. */
  protected carry(frame: Frame, buffer: SocketBuffer | undefined): void {
    const port = buffer?.bridgedSource === undefined ? undefined : buffer.physicalIn
    if (port) return this.#switch(port, { ...frame, source: buffer!.bridgedSource! }, buffer)
    const entry = isGroupMac(frame.destination) ? undefined : this.#lookup(frame.destination)
    if (entry) {
      this.#note(frame, entry)
      entry.port.transmit(frame)
    } else this.#flood(undefined, frame, undefined)
  }

  #switch(port: NetworkInterface, frame: Frame, buffer: SocketBuffer | undefined): void {
    if (port.port.learning) this.#learn(frame.source, port)
    const isGroup = isGroupMac(frame.destination)
    const entry = isGroup || frame.destination === this.mac ? undefined : this.#lookup(frame.destination)
    const isOurs = frame.destination === this.mac || entry?.port.mac === frame.destination
    // A capture at the bridge sets it to promiscuous, so it sees what is only passing; one at all interfaces does not.
    if (isGroup || isOurs || this.isCaptured) this.hear(frame, 'in')
    if (isGroup || isOurs) this.#passUp(frame, buffer?.copy())
    if (isOurs) return
    if (!entry) return this.#flood(port, frame, buffer)
    this.#note(frame, entry)
    this.#forward(port, entry.port, frame, buffer)
  }

  #passUp(frame: Frame, buffer: SocketBuffer | undefined): void {
    this.counters.receivedPackets++
    this.counters.receivedBytes += frameLength(frame)
    if (buffer) buffer.bridgedSource = undefined
    this.namespace.receive(this, frame, buffer)
  }

  #flood(from: NetworkInterface | undefined, frame: Frame, buffer: SocketBuffer | undefined): void {
    this.namespace.note('switch', this.name, 'to every port', '', frame.payload)
    for (const port of this.#ports)
      if (port.port.flood || isGroupMac(frame.destination)) this.#forward(from, port, frame, buffer?.copy())
  }

  #forward(
    from: NetworkInterface | undefined,
    to: NetworkInterface,
    frame: Frame,
    buffer: SocketBuffer | undefined,
  ): void {
    if (from === to && !to.port.hairpin) return
    if (from?.port.isolated && to.port.isolated) return
    if (!to.isUp || !to.hasCarrier) return
    const isTooLong = frame.payload.kind === 'ipv4' && packetLength(frame.payload) > to.mtu
    if (isTooLong && !buffer?.isGathered)
      return this.namespace.note('drop', to.name, 'too long for the port', `mtu ${to.mtu}`, frame.payload)
    if (!buffer || !from) return to.transmit(frame)
    buffer.input = this
    buffer.output = this
    buffer.physicalOut = to
    const { netfilter } = this.namespace
    if (!netfilter.run('FORWARD', buffer) || !netfilter.run('POSTROUTING', buffer)) return
    // What came in pieces leaves in pieces (br_nf_dev_queue_xmit).
    const pieces = isTooLong ? fragment(buffer.packet, to.mtu) : [buffer.packet]
    for (const piece of pieces) to.transmit(withPacket(frame, piece))
  }

  get #callsIptables(): boolean {
    const { namespace } = this
    return (
      this.isFiltered &&
      !namespace.netfilter.isEmpty &&
      namespace.sysctl.get('net.bridge.bridge-nf-call-iptables') === '1'
    )
  }

  #bridgedBuffer(port: NetworkInterface, frame: Frame, packet: Ipv4Packet): SocketBuffer {
    const buffer = new SocketBuffer(packet)
    buffer.input = this
    buffer.physicalIn = port
    buffer.bridgedSource = frame.source
    return buffer
  }

  #learn(mac: string, port: NetworkInterface): void {
    const known = this.#forwarding.get(mac)
    if (known?.isPermanent || isGroupMac(mac)) return
    this.#forwarding.set(mac, { mac, port, isPermanent: false, updatedAt: this.namespace.clock.now })
  }

  #lookup(mac: string): ForwardingEntry | undefined {
    const entry = this.#forwarding.get(mac)
    if (entry) return this.#isFresh(entry) ? entry : undefined
    const port = this.#ports.find(each => each.mac === mac)
    return port && { mac, port, isPermanent: true, updatedAt: 0 }
  }

  #isFresh(entry: ForwardingEntry): boolean {
    return entry.isPermanent || this.namespace.clock.now < entry.updatedAt + this.ageing
  }

  #note(frame: Frame, entry: ForwardingEntry): void {
    this.namespace.note('switch', this.name, `port ${entry.port.name}`, () => this.#describe(entry), frame.payload)
  }

  #describe(entry: ForwardingEntry): string {
    return `${entry.mac} dev ${entry.port.name} master ${this.name}${entry.isPermanent ? ' permanent' : ''}`
  }

  override detach(): void {
    for (const port of [...this.#ports]) this.removePort(port)
  }

  override details(): Readonly<Record<string, unknown>> {
    return {
      ports: this.#ports.map(port => port.name),
      forwarding: this.forwardingEntries().map(entry => `${entry.mac} ${entry.port.name}`),
    }
  }
}

function withPacket(frame: Frame, packet: Ipv4Packet): Frame {
  return frame.payload === packet ? frame : { ...frame, payload: packet }
}
