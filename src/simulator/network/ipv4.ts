import { broadcastAddress, broadcastMac, formatIpv4, isLoopback, isMulticast } from './address.ts'
import { Defragmenter, fragment } from './fragments.ts'
import { answerEcho, type IcmpError, icmpError, mayAnswerWithError, rejection, tcpReset } from './icmp.ts'
import type { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { RejectWith } from './netfilter/rule.ts'
import { type Ipv4Packet, icmpType, packetLength, unreachableCode } from './packet.ts'
import { formatRoute, type Route } from './routes.ts'
import { SocketBuffer } from './socketBuffer.ts'

/** How long a machine remembers that the way to an address takes only short packets. */
const pathMtuLifetime = 600_000

/** What IPv4 does with packets: takes them in, forwards them, sends them. */
export class Ipv4Stack {
  #namespace: NetworkNamespace
  #defragmenter = new Defragmenter()
  #pathMtus = new Map<number, { readonly mtu: number; readonly until: number }>()

  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace
  }

  /** Takes a packet that came in by an interface. */
  receive(device: NetworkInterface, packet: Ipv4Packet, known: SocketBuffer | undefined): void {
    const buffer = known ?? new SocketBuffer(packet)
    buffer.packet = packet
    buffer.input = device
    buffer.output = undefined
    const { netfilter } = this.#namespace
    const whole = this.gather(packet)
    if (!whole) return
    buffer.packet = whole
    if (buffer.isPrerouted) buffer.isPrerouted = false
    else if (!netfilter.run('PREROUTING', buffer)) return
    this.#route(device, buffer)
  }

  /** A packet as connections are tracked: pieces wait until all have come. Without tracking they go on as they are. */
  gather(packet: Ipv4Packet): Ipv4Packet | undefined {
    if (packet.body.kind !== 'fragment' || !this.#namespace.netfilter.tracksConnections) return packet
    return this.#defragmenter.add(packet, this.#namespace.clock.now)
  }

  /** Sends a packet of this machine: through OUTPUT, a route, POSTROUTING and out. False when nothing can be done. */
  send(buffer: SocketBuffer): boolean {
    const route = this.#routeOut(buffer)
    if (!route) {
      this.#drop(buffer, 'no route', '')
      return false
    }
    if (!this.#note(buffer, route)) return false
    const { destination } = buffer.packet
    buffer.output = this.#deviceOf(route)
    if (!this.#namespace.netfilter.run('OUTPUT', buffer)) {
      buffer.onFault?.('EPERM')
      return false
    }
    // Simplified: there are no routing rules by mark (`ip rule`), so only a new destination asks for a new route.
    if (buffer.packet.destination === destination) return this.#output(buffer, route)
    const rerouted = this.#routeOut(buffer)
    if (!rerouted) {
      this.#drop(buffer, 'no route', '')
      return false
    }
    if (!this.#note(buffer, rerouted)) return false
    return this.#output(buffer, rerouted)
  }

  /** Sends on a packet that was for this machine until the kernel's load balancer gave it another destination. */
  sendOn(buffer: SocketBuffer): void {
    const route = this.#routeOut(buffer)
    if (!route) {
      this.#drop(buffer, 'no route', '')
      return this.sendError(buffer, unreachable(unreachableCode.host))
    }
    if (!this.#note(buffer, route)) return
    const before = buffer.packet
    if (before.ttl <= 1) {
      this.#namespace.note('expire', buffer.input?.name ?? '', 'time to live ran out', '', before)
      return this.sendError(buffer, { type: icmpType.timeExceeded, code: 0 })
    }
    buffer.packet = { ...before, ttl: before.ttl - 1 }
    buffer.output = this.#deviceOf(route)
    this.#namespace.note('forward', buffer.output?.name ?? '', `ttl ${before.ttl - 1}`, '', before, buffer.packet)
    if (this.#namespace.netfilter.run('OUTPUT', buffer)) this.#output(buffer, route)
  }

  /** Sends a packet out by its route, past all rules (bpf_redirect_neigh). False when there is no way. */
  redirect(buffer: SocketBuffer): boolean {
    const route = this.#routeOut(buffer)
    const device = route?.kind === 'unicast' ? this.#deviceOf(route) : undefined
    if (!route || !device) {
      this.#drop(buffer, 'no route', '')
      return false
    }
    if (!this.#note(buffer, route)) return false
    this.#transmit(device, route.gateway ?? buffer.packet.destination, buffer)
    return true
  }

  /** Passes a packet on as it is to a machine on a link, which takes it for its own. */
  passTo(buffer: SocketBuffer, neighbour: number): void {
    const route = this.#namespace.routes.lookup(neighbour)
    const device = route && this.#deviceOf(route)
    if (!device) return this.#drop(buffer, 'no route', '')
    const before = buffer.packet
    buffer.output = device
    buffer.packet = { ...before, ttl: before.ttl - 1 }
    this.#namespace.note('forward', device.name, `ttl ${before.ttl - 1}`, '', before, buffer.packet)
    this.#transmit(device, neighbour, buffer)
  }

  /** Answers a packet as a REJECT target says. */
  reject(buffer: SocketBuffer, how: RejectWith): void {
    const { packet } = buffer
    if (how === 'tcp-reset') {
      const reset = tcpReset(packet)
      if (reset) this.#sendOwn({ ...reset, ...this.#stamp(packet.flow) }, buffer)
    } else this.sendError(buffer, rejection(how))
  }

  /** Tells the sender of a packet what became of it. */
  sendError(buffer: SocketBuffer, error: IcmpError): void {
    const { packet } = buffer
    const namespace = this.#namespace
    if (!mayAnswerWithError(packet) || namespace.isBroadcast(packet.destination)) return
    // An error about a packet to this machine comes from the address that the packet was sent to (icmp_send).
    const source = namespace.isLocal(packet.destination) ? packet.destination : namespace.routeTo(packet.source)?.source
    if (source === undefined) return
    this.#sendOwn({ ...icmpError(packet, source, error), ...this.#stamp(packet.flow) }, buffer)
  }

  /** The longest packet that the way to an address is known to take. */
  pathMtu(destination: number): number {
    const learned = this.#pathMtus.get(destination)
    const device = this.#namespace.routeTo(destination)
    const own = device?.route.mtu ?? device?.interface?.mtu ?? 1500
    return learned && learned.until > this.#namespace.clock.now ? Math.min(learned.mtu, own) : own
  }

  /** Remembers that the way to an address takes only packets up to a length. */
  learnPathMtu(destination: number, mtu: number): void {
    this.#pathMtus.set(destination, { mtu, until: this.#namespace.clock.now + pathMtuLifetime })
  }

  /** Decides where a packet that came in goes: to this machine, or on to another. */
  #route(device: NetworkInterface, buffer: SocketBuffer): void {
    const namespace = this.#namespace
    const { packet } = buffer
    const martian = this.#martian(device, packet)
    if (martian) return this.#drop(buffer, martian, '')
    if (isMulticast(packet.destination)) return this.#deliver(buffer)
    const route = packet.destination === broadcastAddress ? undefined : namespace.routes.lookup(packet.destination)
    if (packet.destination === broadcastAddress || route?.kind === 'local' || route?.kind === 'broadcast') {
      namespace.note('route', device.name, 'to this machine', () => (route ? formatRoute(route) : ''), packet)
      return this.#deliver(buffer)
    }
    if (!namespace.forwards(device.name)) return this.#drop(buffer, 'forwarding is off', 'net.ipv4.ip_forward = 0')
    if (!route) {
      this.#drop(buffer, 'no route', '')
      return this.sendError(buffer, unreachable(unreachableCode.network))
    }
    this.#forward(buffer, route)
  }

  /** Why a packet cannot be true: an address that must not come from outside (ip_route_input_slow). */
  #martian(device: NetworkInterface, packet: Ipv4Packet): string | undefined {
    if (device.kind === 'loopback') return undefined
    const namespace = this.#namespace
    if (isLoopback(packet.destination) || isLoopback(packet.source)) {
      const word = isLoopback(packet.destination) ? 'destination' : 'source'
      return namespace.isSet('route_localnet', device.name) ? undefined : `martian ${word}`
    }
    const isOwn = namespace.isLocal(packet.source) && !namespace.isSet('accept_local', device.name)
    return isOwn ? 'martian source: an address of this machine' : undefined
  }

  #forward(buffer: SocketBuffer, route: Route): void {
    const namespace = this.#namespace
    const before = buffer.packet
    if (!this.#note(buffer, route)) {
      const code = refusalCode(route)
      if (code !== undefined) this.sendError(buffer, unreachable(code))
      return
    }
    if (before.ttl <= 1) {
      namespace.note('expire', buffer.input?.name ?? '', 'time to live ran out', '', before)
      return this.sendError(buffer, { type: icmpType.timeExceeded, code: 0 })
    }
    const device = this.#deviceOf(route)
    if (!device) return this.#drop(buffer, 'no interface', formatRoute(route))
    const mtu = route.mtu ?? device.mtu
    if (before.dontFragment && packetLength(before) > mtu) {
      this.#drop(buffer, 'too long', `mtu ${mtu}`)
      return this.sendError(buffer, { ...unreachable(unreachableCode.fragmentationNeeded), mtu })
    }
    buffer.packet = { ...before, ttl: before.ttl - 1 }
    buffer.output = device
    if (namespace.network.trace.isOn)
      namespace.note('forward', device.name, `ttl ${before.ttl - 1}`, '', before, buffer.packet)
    if (namespace.netfilter.run('FORWARD', buffer)) this.#output(buffer, route)
  }

  /** POSTROUTING, then the link. */
  #output(buffer: SocketBuffer, route: Route): boolean {
    const namespace = this.#namespace
    const device = this.#deviceOf(route)
    if (!device) {
      this.#drop(buffer, 'no interface', formatRoute(route))
      return false
    }
    buffer.output = device
    if (!namespace.netfilter.run('POSTROUTING', buffer)) return false
    const { packet } = buffer
    const nextHop = route.gateway ?? packet.destination
    const mtu = route.mtu ?? device.mtu
    if (packetLength(packet) <= mtu) this.#transmit(device, nextHop, buffer)
    else if (packet.dontFragment) {
      this.#drop(buffer, 'too long', `mtu ${mtu}`)
      this.sendError(buffer, { ...unreachable(unreachableCode.fragmentationNeeded), mtu })
    } else
      for (const piece of fragment(packet, mtu)) {
        const part = buffer.copy()
        part.packet = piece
        this.#transmit(device, nextHop, part)
      }
    return true
  }

  #transmit(device: NetworkInterface, nextHop: number, buffer: SocketBuffer): void {
    const namespace = this.#namespace
    const { packet } = buffer
    buffer.nextHop = nextHop
    if (!device.usesArp) return this.#transmitTo(device, device.mac, buffer)
    const known = buffer.confirms ? undefined : namespace.neighbours.reachable(device, nextHop)
    if (known !== undefined) return this.#transmitTo(device, known, buffer)
    const to = (mac: string) => {
      buffer.packet = packet
      this.#transmitTo(device, mac, buffer)
    }
    if (packet.destination === broadcastAddress || namespace.isBroadcast(packet.destination)) return to(broadcastMac)
    if (isMulticast(packet.destination)) return to(multicastMac(packet.destination))
    if (buffer.confirms) namespace.neighbours.confirm(device, nextHop)
    namespace.neighbours.resolve(device, nextHop, {
      flow: packet.flow,
      source: namespace.isLocal(packet.source) ? packet.source : undefined,
      ready: to,
      fail: () => {
        this.#drop(buffer, `${formatIpv4(nextHop)} does not answer`, '')
        this.sendError(buffer, unreachable(unreachableCode.host))
      },
    })
  }

  #transmitTo(device: NetworkInterface, mac: string, buffer: SocketBuffer): void {
    const { packet } = buffer
    this.#namespace.note('transmit', device.name, mac, '', packet)
    device.transmit({ source: device.mac, destination: mac, payload: packet }, buffer)
  }

  #deliver(buffer: SocketBuffer): void {
    const namespace = this.#namespace
    let { packet } = buffer
    if (packet.body.kind === 'fragment') {
      const whole = this.#reassemble(buffer)
      if (!whole) return
      packet = whole
      buffer.packet = whole
    }
    if (!namespace.netfilter.run('INPUT', buffer)) return
    packet = buffer.packet
    const { body } = packet
    switch (body.kind) {
      case 'tcp':
        return namespace.sockets.receiveTcp(buffer, body)
      case 'udp':
        return namespace.sockets.receiveUdp(buffer, body)
      case 'sctp':
        return namespace.sockets.sctp.receive(buffer, body)
      case 'icmp':
        if (body.type === icmpType.echoRequest) return this.#answerEcho(buffer)
        if (body.mtu !== undefined && body.original) this.learnPathMtu(body.original.destination, body.mtu)
        return namespace.sockets.receiveIcmp(buffer, body)
      case 'ipv4':
        return namespace.receiveTunnelled(buffer, body)
      default:
        this.#drop(buffer, 'nobody takes this protocol', '')
        this.sendError(buffer, unreachable(unreachableCode.protocol))
    }
  }

  #answerEcho(buffer: SocketBuffer): void {
    const { packet } = buffer
    const namespace = this.#namespace
    if (namespace.isBroadcast(packet.destination) || packet.body.kind !== 'icmp') return
    namespace.note('deliver', buffer.input?.name ?? '', 'the kernel answers echo requests', '', packet)
    if (namespace.sysctl.get('net.ipv4.icmp_echo_ignore_all') === '1') return
    this.#sendOwn({ ...answerEcho(packet, packet.body), ...this.#stamp(packet.flow) }, undefined)
  }

  /** Sends a packet that the kernel itself makes in answer to another one. */
  #sendOwn(packet: Ipv4Packet, cause: SocketBuffer | undefined): void {
    const buffer = new SocketBuffer(packet)
    // An error belongs to the connection of the packet that it is about, even when that is not in the table yet.
    if (cause?.connection && packet.body.kind === 'icmp') {
      buffer.connection = cause.connection
      buffer.tracking = 'related'
      buffer.isReply = !cause.isReply
    }
    this.#namespace.note('send', '', 'by the kernel', '', packet)
    this.send(buffer)
  }

  #reassemble(buffer: SocketBuffer): Ipv4Packet | undefined {
    return this.#defragmenter.add(buffer.packet, this.#namespace.clock.now)
  }

  #routeOut(buffer: SocketBuffer): Route | undefined {
    const { destination } = buffer.packet
    if (destination !== broadcastAddress) return this.#namespace.routes.lookup(destination, buffer.boundTo)
    const device = this.#namespace.interface(buffer.boundTo ?? '') ?? buffer.output
    return device && broadcastRoute(device.name)
  }

  /** Notes the choice of a route; false when it is one that refuses. */
  #note(buffer: SocketBuffer, route: Route): boolean {
    const { packet } = buffer
    if (route.kind === 'blackhole' || route.kind === 'unreachable' || route.kind === 'prohibit') {
      this.#drop(buffer, route.kind, formatRoute(route))
      return false
    }
    if (this.#namespace.network.trace.isOn)
      this.#namespace.note('route', route.interface ?? '', viaOf(route), () => formatRoute(route), packet)
    return true
  }

  #deviceOf(route: Route): NetworkInterface | undefined {
    const name = route.kind === 'local' ? 'lo' : route.interface
    return name === undefined ? undefined : this.#namespace.interface(name)
  }

  #drop(buffer: SocketBuffer, decision: string, by: string): void {
    this.#namespace.note('drop', (buffer.output ?? buffer.input)?.name ?? '', decision, by, buffer.packet)
  }

  #stamp(flow: number): { readonly flow: number; readonly serial: number; readonly id: number } {
    return { flow, serial: this.#namespace.network.nextSerial(), id: this.#namespace.nextPacketId() }
  }
}

function unreachable(code: number): IcmpError {
  return { type: icmpType.destinationUnreachable, code }
}

/** What the sender of a forwarded packet is told when a route refuses it; nothing for a black hole. */
function refusalCode(route: Route): number | undefined {
  if (route.kind === 'unreachable') return unreachableCode.host
  return route.kind === 'prohibit' ? unreachableCode.prohibited : undefined
}

function viaOf(route: Route): string {
  if (route.kind === 'local') return 'to this machine'
  return route.gateway === undefined ? 'on the link' : `via ${formatIpv4(route.gateway)}`
}

function broadcastRoute(device: string): Route {
  const destination = { address: broadcastAddress, length: 32 }
  return { kind: 'broadcast', destination, interface: device, scope: 'link', protocol: 'kernel', table: 'local' }
}

/** The Ethernet address of a multicast group: its last 23 bits (RFC 1112). */
function multicastMac(address: number): string {
  const bytes = [0x01, 0x00, 0x5e, (address >>> 16) & 0x7f, (address >>> 8) & 255, address & 255]
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join(':')
}
