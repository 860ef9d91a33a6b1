import { formatIpv4 } from './address.ts'
import { BalancedConnection, type BalancedState, nextBalancedState } from './ipvs/connection.ts'
import type { BalancedProtocol, Destination, VirtualService } from './ipvs/virtualService.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { Verdict } from './netfilter/netfilter.ts'
import {
  type Ipv4Packet,
  icmpType,
  packetLength,
  type SctpPacket,
  type TcpSegment,
  tcpFlag,
  type UdpDatagram,
  unreachableCode,
} from './packet.ts'
import type { SocketBuffer } from './socketBuffer.ts'
import { invert, type Tuple, TupleMap, tupleOf } from './tuple.ts'

/** How long a connection is remembered after its last packet, in seconds, by state (ip_vs_proto_tcp.c, _udp.c). */
const timeouts: Record<BalancedState, number> = {
  NONE: 2,
  ESTABLISHED: 900,
  SYN_SENT: 120,
  SYN_RECV: 60,
  FIN_WAIT: 120,
  TIME_WAIT: 120,
  CLOSE: 10,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  LISTEN: 120,
  SYNACK: 120,
  UDP: 300,
}

/** Where a client with persistence goes. */
export interface PersistenceTemplate {
  readonly client: number
  readonly service: VirtualService
  readonly destination: Destination
  expiresAt: number
}

const sweepEvery = 500

/**
 * The load balancer in the kernel: connections to virtual services are shared out among destinations. It stands at the
 * hooks INPUT, OUTPUT and FORWARD, so a virtual address must be one of this machine's (net/netfilter/ipvs).
 */
// Simplified: destinations are reached by masquerading alone; direct routing and tunnels are not there, and an SCTP
// association is established from its first packet on.
export class Ipvs {
  readonly #namespace: NetworkNamespace
  readonly #timeouts: Record<BalancedState, number> = { ...timeouts }
  readonly #services = new Map<string, VirtualService>()
  readonly #byRequest = new TupleMap<BalancedConnection>()
  readonly #byAnswer = new TupleMap<BalancedConnection>()
  readonly #connections = new Set<BalancedConnection>()
  readonly #templates = new Map<string, PersistenceTemplate>()
  #untilSweep = sweepEvery
  #isHooked = false

  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace
  }

  /** The virtual services, in the order of their making. */
  get services(): readonly VirtualService[] {
    return [...this.#services.values()]
  }

  get timeouts(): Readonly<Record<BalancedState, number>> {
    return this.#timeouts
  }

  find(protocol: BalancedProtocol, address: number, port: number): VirtualService | undefined {
    return this.#services.get(keyOf(protocol, address, port))
  }

  /** Adds a virtual service; false when there is one at that address and port. */
  add(service: VirtualService): boolean {
    const key = keyOf(service.protocol, service.address, service.port)
    if (this.#services.has(key)) return false
    this.#services.set(key, service)
    this.#hook()
    return true
  }

  /** Removes a virtual service with its destinations. */
  remove(service: VirtualService): void {
    for (const destination of service.destinations) service.remove(destination)
    this.#services.delete(keyOf(service.protocol, service.address, service.port))
  }

  /** Removes every virtual service. */
  clear(): void {
    for (const service of this.services) this.remove(service)
  }

  /** Sets how long connections in some states are remembered, in seconds. */
  setTimeouts(changes: Partial<Record<BalancedState, number>>): void {
    Object.assign(this.#timeouts, changes)
  }

  /** The connections that have not timed out, oldest first. */
  connections(): BalancedConnection[] {
    this.#sweep()
    return [...this.#connections]
  }

  /** Which destination clients with persistence are kept to. */
  templates(): PersistenceTemplate[] {
    this.#sweep()
    return [...this.#templates.values()]
  }

  /** Sets counters to zero. */
  zero(service?: VirtualService): void {
    for (const each of service ? [service] : this.services)
      for (const { counters } of [each, ...each.destinations])
        Object.assign(counters, { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 })
  }

  /** The connection that a packet with addresses as a client sends them belongs to. */
  connectionOf(tuple: Tuple): BalancedConnection | undefined {
    return this.#byRequest.get(tuple)
  }

  #hook(): void {
    if (this.#isHooked) return
    this.#isHooked = true
    const { netfilter } = this.#namespace
    const at = (hook: 'INPUT' | 'OUTPUT' | 'FORWARD', priority: number, run: (buffer: SocketBuffer) => Verdict) =>
      netfilter.register({ hook, priority, run })
    // Just before source translation at INPUT, just after destination translation at OUTPUT (ip_vs_ops).
    at('INPUT', 98, buffer => this.#answer(buffer))
    at('INPUT', 99, buffer => this.#request(buffer, 'INPUT'))
    at('OUTPUT', -99, buffer => this.#answer(buffer))
    at('OUTPUT', -98, buffer => this.#request(buffer, 'OUTPUT'))
    at('FORWARD', 100, buffer => this.#answer(buffer))
  }

  /** A packet from a client: goes to the destination of its connection. */
  #request(buffer: SocketBuffer, hook: 'INPUT' | 'OUTPUT'): Verdict {
    if (buffer.isBalanced) return 'accept'
    const { packet } = buffer
    const { body } = packet
    if (!hasPorts(body)) return 'accept'
    const tuple = tupleOf(packet)!
    let connection = this.#alive(this.#byRequest.get(tuple))
    if (connection && body.kind === 'tcp' && isReopening(connection, body.flags)) {
      this.#forget(connection)
      connection = undefined
    }
    if (connection && !connection.destination.isAvailable) {
      // net.ipv4.vs.expire_nodest_conn: a connection whose destination is gone ends with its next packet.
      if (this.#namespace.sysctl.get('net.ipv4.vs.expire_nodest_conn') === '1') {
        this.#forget(connection)
        if (buffer.connection) this.#namespace.connections.remove(buffer.connection)
      }
      return this.#drop(buffer, 'its destination is gone', connection)
    }
    if (!connection) {
      const service = this.find(body.kind, packet.destination, body.destinationPort)
      if (!service) return 'accept'
      const isFirst = body.kind !== 'tcp' || (body.flags & (tcpFlag.syn | tcpFlag.reset)) === tcpFlag.syn
      if (!isFirst) return 'accept'
      const destination = this.#destinationFor(service, packet.source)
      if (!destination) {
        this.#namespace.note('reject', placeOf(buffer), 'no destination', serviceLine(service), packet)
        this.#namespace.ipv4.sendError(buffer, {
          type: icmpType.destinationUnreachable,
          code: unreachableCode.port,
        })
        return 'drop'
      }
      connection = this.#begin(service, destination, tuple)
    }
    this.#count(connection, packet, 'in')
    return this.#forward(buffer, connection, hook)
  }

  /** Gives a packet its destination's address and sends it there (ip_vs_nat_xmit). */
  #forward(buffer: SocketBuffer, connection: BalancedConnection, hook: 'INPUT' | 'OUTPUT'): Verdict {
    const { destination, service } = connection
    const before = buffer.packet
    const { body } = before
    if (!hasPorts(body)) return 'accept'
    buffer.packet = {
      ...before,
      destination: destination.address,
      body: { ...body, destinationPort: destination.port },
    }
    this.#tellConntrack(buffer, destination)
    this.#namespace.note(
      'rewrite',
      placeOf(buffer),
      'IPVS',
      () => `${serviceLine(service)} -> ${destination.text} Masq ${destination.weight}`,
      before,
      buffer.packet,
    )
    buffer.isBalanced = true
    if (hook === 'OUTPUT' || this.#namespace.isLocal(destination.address)) return 'accept'
    // From here on the packet is one that this machine sends.
    this.#namespace.ipv4.sendOn(buffer)
    return 'drop'
  }

  /** A packet from a destination: the client must see the virtual address. */
  #answer(buffer: SocketBuffer): Verdict {
    const { packet } = buffer
    const { body } = packet
    if (buffer.isBalanced || this.#connections.size === 0) return 'accept'
    if (body.kind === 'icmp') return this.#answerError(buffer)
    if (!hasPorts(body)) return 'accept'
    const connection = this.#alive(this.#byAnswer.get(tupleOf(packet)!))
    if (!connection) return 'accept'
    this.#count(connection, packet, 'out')
    const { address, port } = connection.service
    buffer.packet = { ...packet, source: address, body: { ...body, sourcePort: port } }
    buffer.isBalanced = true
    this.#noteAnswer(buffer, packet, connection)
    return 'accept'
  }

  /** An ICMP error about a packet to a destination: the client must read its own packet in it (ip_vs_out_icmp). */
  #answerError(buffer: SocketBuffer): Verdict {
    const { packet } = buffer
    const { body } = packet
    const original = body.kind === 'icmp' ? body.original : undefined
    const quoted = original && tupleOf(original)
    const connection = quoted && this.#alive(this.#byAnswer.get(invert(quoted)))
    if (body.kind !== 'icmp' || !original || !connection) return 'accept'
    const { address, port } = connection.service
    const inner = original.body
    if (!hasPorts(inner)) return 'accept'
    const restored: Ipv4Packet = { ...original, destination: address, body: { ...inner, destinationPort: port } }
    buffer.packet = { ...packet, source: address, body: { ...body, original: restored } }
    buffer.isBalanced = true
    this.#noteAnswer(buffer, packet, connection)
    return 'accept'
  }

  #noteAnswer(buffer: SocketBuffer, before: Ipv4Packet, { service }: BalancedConnection): void {
    this.#namespace.note('rewrite', placeOf(buffer), 'IPVS', () => serviceLine(service), before, buffer.packet)
  }

  #destinationFor(service: VirtualService, client: number): Destination | undefined {
    if (service.persistence === undefined) return service.choose(client)
    const key = `${service.protocol} ${client} ${service.text}`
    const known = this.#templates.get(key)
    const isUsable = known && known.service === service && known.expiresAt > this.#now && isOpen(known.destination)
    const destination = isUsable ? known.destination : service.choose(client)
    if (!destination) return undefined
    const expiresAt = this.#now + service.persistence * 1000
    this.#templates.set(key, { client, service, destination, expiresAt })
    return destination
  }

  #begin(service: VirtualService, destination: Destination, request: Tuple): BalancedConnection {
    const connection = new BalancedConnection(service, destination, request)
    this.#byRequest.set(connection.request, connection)
    this.#byAnswer.set(connection.answer, connection)
    this.#connections.add(connection)
    destination.connections.add(connection)
    service.counters.connections++
    destination.counters.connections++
    if (--this.#untilSweep <= 0) this.#sweep()
    return connection
  }

  /** What answers look like in the connection table, as long as the connection is not in it (ip_vs_update_conntrack). */
  #tellConntrack({ connection, tracking, isReply }: SocketBuffer, { address, port }: Destination): void {
    if (!connection || connection.isConfirmed || tracking !== 'new' || isReply) return
    if (this.#namespace.sysctl.get('net.ipv4.vs.conntrack') !== '1') return
    connection.reply = { ...connection.reply, source: address, sourcePort: port }
  }

  #count(connection: BalancedConnection, packet: Ipv4Packet, direction: 'in' | 'out'): void {
    const { service, destination } = connection
    const length = packetLength(packet)
    for (const { counters } of [service, destination]) {
      counters[`${direction}Packets`]++
      counters[`${direction}Bytes`] += length
    }
    if (packet.body.kind === 'tcp') connection.state = nextBalancedState(connection.state, packet.body, direction)
    connection.expiresAt = this.#now + this.#timeouts[connection.state] * 1000
  }

  #drop(buffer: SocketBuffer, decision: string, { service }: BalancedConnection): Verdict {
    this.#namespace.note('drop', placeOf(buffer), decision, serviceLine(service), buffer.packet)
    return 'drop'
  }

  #alive(connection: BalancedConnection | undefined): BalancedConnection | undefined {
    if (!connection || connection.expiresAt > this.#now) return connection
    this.#forget(connection)
    return undefined
  }

  #forget(connection: BalancedConnection): void {
    this.#connections.delete(connection)
    connection.destination.connections.delete(connection)
    const isIt = (other: BalancedConnection) => other === connection
    this.#byRequest.delete(connection.request, isIt)
    this.#byAnswer.delete(connection.answer, isIt)
  }

  #sweep(): void {
    this.#untilSweep = sweepEvery
    for (const connection of this.#connections) if (connection.expiresAt <= this.#now) this.#forget(connection)
    for (const [key, { expiresAt }] of this.#templates) if (expiresAt <= this.#now) this.#templates.delete(key)
  }

  get #now(): number {
    return this.#namespace.clock.now
  }
}

function hasPorts(body: Ipv4Packet['body']): body is TcpSegment | UdpDatagram | SctpPacket {
  return body.kind === 'tcp' || body.kind === 'udp' || body.kind === 'sctp'
}

function keyOf(protocol: BalancedProtocol, address: number, port: number): string {
  return `${protocol} ${address}:${port}`
}

function isOpen({ isAvailable, weight }: Destination): boolean {
  return isAvailable && weight > 0
}

/** A new SYN takes over the ports of a connection that is over (net.ipv4.vs.conn_reuse_mode = 1). */
function isReopening({ state }: BalancedConnection, flags: number): boolean {
  const isFirst = (flags & (tcpFlag.syn | tcpFlag.acknowledgement)) === tcpFlag.syn
  return isFirst && (state === 'TIME_WAIT' || state === 'CLOSE')
}

/** A virtual service as `ipvsadm -Ln` begins its lines. */
function serviceLine({ protocol, address, port, scheduler }: VirtualService): string {
  return `${protocol.toUpperCase()} ${formatIpv4(address)}:${port} ${scheduler}`
}

function placeOf(buffer: SocketBuffer): string {
  return (buffer.output ?? buffer.input)?.name ?? ''
}
