import { broadcastAddress } from './address.ts'
import { errorCodeOf, tcpReset } from './icmp.ts'
import { IcmpEndpoint } from './icmpSocket.ts'
import type { NetworkNamespace } from './namespace.ts'
import {
  type IcmpMessage,
  type Ipv4Packet,
  icmpType,
  type TcpSegment,
  tcpFlag,
  type UdpDatagram,
  unreachableCode,
} from './packet.ts'
import { PortRegister } from './ports.ts'
import { SctpSockets } from './sctpSockets.ts'
import { SocketBuffer } from './socketBuffer.ts'
import { entryOfConnection, entryOfDatagrams, entryOfEcho, entryOfListener } from './socketEntries.ts'
import { SocketError, type SocketErrorCode } from './socketError.ts'
import type { SocketProgram, SocketRedirection } from './socketProgram.ts'
import { TcpConnection } from './tcpConnection.ts'
import { UdpEndpoint } from './udpSocket.ts'

/** An IPv4 address and a port; address 0 stands for all addresses of the machine. */
export interface Endpoint {
  readonly address: number
  readonly port: number
}

/** Whose socket it is, as `ss -p` tells. */
export interface SocketOwner {
  readonly pid: number
  readonly program: string
  readonly user?: number
}

interface SocketOptions {
  readonly owner?: SocketOwner
  /** The only interface to use (SO_BINDTODEVICE). */
  readonly interface?: string
}

export interface ListenOptions extends SocketOptions {
  readonly address?: number
  /** 0 picks a free one. */
  readonly port: number
  readonly backlog?: number
  /** Listens to IPv6 as well, so that `ss` prints `*:80` and `netstat` `:::80`. */
  readonly isDualStack?: boolean
  /** Called with each connection when its handshake is complete. */
  onConnection(connection: TcpConnection): void
}

export interface ConnectOptions extends SocketOptions {
  readonly address: number
  readonly port: number
  readonly localAddress?: number
  readonly localPort?: number
  /** Joins the connection to a story of the trace that has begun. */
  readonly flow?: number
  onOpen(connection: TcpConnection): void
  onError(code: SocketErrorCode): void
}

/** A datagram that came in. */
export interface ReceivedDatagram {
  readonly bytes: Uint8Array
  readonly source: Endpoint
  /** The address of this machine that it was sent to. */
  readonly destination: Endpoint
  readonly ttl: number
}

/** An ICMP error about something that a socket sent. */
export interface SocketFault {
  readonly code: SocketErrorCode
  /** Who reported it. */
  readonly from: number
  readonly message: IcmpMessage
}

export interface BindUdpOptions extends SocketOptions {
  readonly address?: number
  /** 0 picks a free one. */
  readonly port: number
  readonly isDualStack?: boolean
  onDatagram(datagram: ReceivedDatagram): void
  /** An ICMP error about a datagram that was sent. */
  onError?(fault: SocketFault): void
}

export interface SendOptions {
  readonly ttl?: number
  readonly tos?: number
  readonly dontFragment?: boolean
}

export interface OpenIcmpOptions extends SocketOptions {
  /** The id of the echo requests; absent picks one. */
  readonly id?: number
  /** The source address of what is sent. */
  readonly address?: number
  /** An echo reply with this socket's id. */
  onReply(reply: { readonly message: IcmpMessage; readonly packet: Ipv4Packet }): void
  /** An ICMP error about an echo request of this socket. */
  onError?(fault: SocketFault): void
}

export interface EchoOptions extends SendOptions {
  readonly destination: number
  readonly sequence: number
  /** Bytes after the ICMP header; 56 as ping does. */
  readonly size?: number
  readonly data?: Uint8Array
}

/** A socket as `ss`, `netstat` and `lsof` list it. */
export interface SocketEntry {
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** As `ss` writes it: `LISTEN`, `ESTAB`, `TIME-WAIT`, `UNCONN` … */
  readonly state: string
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly owner: SocketOwner | null
  /** For listeners, how many connections wait to be accepted. */
  readonly receiveQueue: number
  /** For listeners, how many may wait. */
  readonly sendQueue: number
  readonly isDualStack: boolean
  readonly interface: string | null
}

/** A port where connections are accepted. */
export interface TcpListener {
  readonly local: Endpoint
  readonly owner: SocketOwner | undefined
  close(): void
}

export interface UdpSocket {
  readonly local: Endpoint
  readonly owner: SocketOwner | undefined
  /** Sends a datagram; throws `SocketError` when there is no way to the address. */
  sendTo(bytes: Uint8Array, address: number, port: number, options?: SendOptions): void
  close(): void
}

export interface IcmpSocket {
  readonly id: number
  /** Sends an echo request; throws `SocketError` when there is no way to the address. */
  sendEcho(options: EchoOptions): void
  close(): void
}

interface Listener extends TcpListener {
  readonly options: ListenOptions
}

/** The sockets of a network namespace. */
// Simplified: connections are accepted at once, so a listener's queue is never full.
export class Sockets {
  readonly namespace: NetworkNamespace
  /** Sees where sockets want to send, and may lead them elsewhere. */
  program: SocketProgram | undefined = undefined
  readonly sctp: SctpSockets
  #listeners = new PortRegister<Listener>()
  #datagrams = new PortRegister<UdpEndpoint>()
  #connections = new Map<number, TcpConnection[]>()
  #echoes = new Map<number, IcmpEndpoint>()

  constructor(namespace: NetworkNamespace) {
    this.namespace = namespace
    this.sctp = new SctpSockets(this)
  }

  /** Listens on a TCP port; throws `SocketError`. */
  listenTcp(options: ListenOptions): TcpListener {
    const address = options.address ?? 0
    this.checkAddress(address)
    this.checkRight(options.port, options.owner)
    const port = options.port || this.freePort(candidate => !this.#isTcpPortTaken(0, candidate))
    if (this.#listeners.isTaken(address, port)) throw new SocketError('EADDRINUSE')
    const local = { address, port }
    const listener: Listener = {
      local,
      owner: options.owner,
      options,
      close: () => this.#listeners.remove(port, listener),
    }
    this.#listeners.add(listener)
    return listener
  }

  /** Begins a handshake; the callbacks come later, never from within this call. Throws `SocketError` for a bad bind. */
  connectTcp(options: ConnectOptions): TcpConnection {
    const peer: Endpoint = { address: options.address || 0x7f000001, port: options.port }
    const redirection = this.redirect('tcp', peer)
    const refusal = typeof redirection === 'string' ? redirection : undefined
    const led = typeof redirection === 'string' ? undefined : redirection
    const remote = led?.destination ?? peer
    if (options.localAddress) this.checkAddress(options.localAddress)
    if (options.localPort && this.#isTcpPortTaken(options.localAddress ?? 0, options.localPort))
      throw new SocketError('EADDRINUSE')
    const source = options.localAddress || this.sourceTo(remote.address, options.interface)
    const address = source ?? 0
    const isFree = (port: number) => !this.#listeners.isTaken(address, port) && !this.#find({ address, port }, remote)
    const port = options.localPort || this.freePort(isFree)
    const flow = options.flow ?? this.namespace.network.nextFlow()
    const connection = new TcpConnection(this, { address, port }, remote, flow, options.owner, options.interface)
    connection.lead(peer, led?.by)
    if (refusal || source === undefined) {
      this.namespace.clock.after(0, () => options.onError(refusal ?? 'ENETUNREACH'))
      return connection
    }
    this.#add(connection)
    connection.connect(options)
    return connection
  }

  /** Takes a UDP port; throws `SocketError`. */
  bindUdp(options: BindUdpOptions): UdpSocket {
    const address = options.address ?? 0
    this.checkAddress(address)
    this.checkRight(options.port, options.owner)
    const isFree = (candidate: number) => !this.#datagrams.isTaken(address, candidate)
    const port = options.port || this.freePort(isFree)
    if (!isFree(port)) throw new SocketError('EADDRINUSE')
    const socket = new UdpEndpoint(this, { address, port }, options)
    this.#datagrams.add(socket)
    return socket
  }

  /** Opens a socket for echo requests and their replies. */
  openIcmp(options: OpenIcmpOptions): IcmpSocket {
    if (options.address) this.checkAddress(options.address)
    let id = options.id ?? 1 + this.namespace.random.below(65535)
    while (this.#echoes.has(id)) id = (id % 65535) + 1
    const socket = new IcmpEndpoint(this, id, options)
    this.#echoes.set(id, socket)
    return socket
  }

  /** Every socket: TCP listeners and connections, UDP, then ICMP, each in the order of their making. */
  list(): SocketEntry[] {
    const listeners = this.#listeners.all().map(({ local, options }) => entryOfListener(local, options))
    const connections = [...this.#connections.values()].flat().map(entryOfConnection)
    const datagrams = this.#datagrams.all().map(entryOfDatagrams)
    const echoes = [...this.#echoes.values()].map(entryOfEcho)
    return [...listeners, ...connections, ...datagrams, ...echoes]
  }

  /** Where a socket sends instead of where it wants to, or why it must not; nothing when all stays as it is. */
  redirect(protocol: 'tcp' | 'udp', destination: Endpoint): SocketRedirection | SocketErrorCode | undefined {
    return this.program?.redirect(protocol, destination, this.namespace)
  }

  /** The source address that a socket gets for a destination; undefined when there is no way. */
  sourceTo(destination: number, boundTo?: string): number | undefined {
    if (destination === broadcastAddress) {
      const device = this.namespace.interface(boundTo ?? '')
      return device ? (device.addresses[0]?.address ?? 0) : undefined
    }
    return this.namespace.routeTo(destination, boundTo === undefined ? {} : { boundTo })?.source
  }

  /** Sends a packet on behalf of a socket; gives the error that the call ends with, if any. */
  send(buffer: SocketBuffer): SocketErrorCode | undefined {
    const { packet } = buffer
    const { namespace } = this
    namespace.note('send', '', `by ${buffer.owner?.program ?? 'a socket'}`, '', packet)
    const kind = namespace.routes.lookup(packet.destination, buffer.boundTo)?.kind
    if (packet.destination !== broadcastAddress) {
      if (!kind) return 'ENETUNREACH'
      if (kind === 'unreachable') return 'EHOSTUNREACH'
      if (kind === 'blackhole') return 'EINVAL'
      if (kind === 'prohibit') return 'EACCES'
    }
    let fault: SocketErrorCode | undefined
    buffer.onFault = code => {
      fault = code
    }
    namespace.ipv4.send(buffer)
    return fault
  }

  /** Takes a TCP segment for this machine. */
  receiveTcp(buffer: SocketBuffer, segment: TcpSegment): void {
    const { packet } = buffer
    const local = { address: packet.destination, port: segment.destinationPort }
    const remote = { address: packet.source, port: segment.sourcePort }
    const isOpening = (segment.flags & tcpFlag.syn) !== 0 && (segment.flags & tcpFlag.acknowledgement) === 0
    let connection = this.#find(local, remote)
    if (connection?.state === 'TIME_WAIT' && isOpening) {
      this.forget(connection)
      connection = undefined
    }
    if (connection) {
      this.#noteDelivery(buffer, `to ${connection.state}`)
      return connection.receive(segment)
    }
    const listener = this.#listeners.find(local.address, local.port)
    if (listener && isOpening && (segment.flags & tcpFlag.reset) === 0) {
      this.#noteDelivery(buffer, 'to LISTEN')
      return this.#accept(listener, local, remote, packet, segment)
    }
    this.namespace.note('reject', buffer.input?.name ?? '', `no socket on port ${local.port}`, '', packet)
    const reset = tcpReset(packet)
    if (!reset) return
    const stamp = { flow: packet.flow, serial: this.namespace.network.nextSerial(), id: 0 }
    this.send(new SocketBuffer({ ...reset, ...stamp }))
  }

  /** Takes a UDP datagram for this machine. */
  receiveUdp(buffer: SocketBuffer, datagram: UdpDatagram): void {
    const { packet } = buffer
    const { encapsulated } = datagram
    if (encapsulated) {
      const tunnel = this.namespace.tunnelAt(datagram.destinationPort, encapsulated.id)
      if (tunnel) return tunnel.decapsulate(packet, encapsulated.frame, encapsulated.id)
    }
    const socket = this.#datagrams.find(packet.destination, datagram.destinationPort)
    if (socket) {
      this.#noteDelivery(buffer, `to port ${datagram.destinationPort}`)
      return socket.receive(packet, datagram)
    }
    this.namespace.note('reject', buffer.input?.name ?? '', `no socket on port ${datagram.destinationPort}`, '', packet)
    this.namespace.ipv4.sendError(buffer, { type: icmpType.destinationUnreachable, code: unreachableCode.port })
  }

  /** Takes an ICMP message for this machine: a reply, or an error about something that was sent. */
  receiveIcmp(buffer: SocketBuffer, message: IcmpMessage): void {
    const { packet } = buffer
    const { original } = message
    if (!original) {
      this.#noteDelivery(buffer, `to id ${message.id}`)
      this.#echoes.get(message.id)?.receive(packet, message)
      return
    }
    this.#noteDelivery(buffer, 'error')
    const fault: SocketFault = { code: errorCodeOf(message), from: packet.source, message }
    const { body } = original
    if (body.kind === 'icmp') this.#echoes.get(body.id)?.fail(fault)
    else if (body.kind === 'sctp') this.sctp.fail(fault, original, body)
    else if (body.kind === 'udp') this.#datagrams.find(original.source, body.sourcePort)?.fail(fault)
    else if (body.kind === 'tcp') {
      const local = { address: original.source, port: body.sourcePort }
      this.#find(local, { address: original.destination, port: body.destinationPort })?.fail(fault, body)
    }
  }

  /** Forgets a connection that is over. */
  forget(connection: TcpConnection): void {
    const key = keyOf(connection.local, connection.remote)
    const rest = this.#connections.get(key)?.filter(other => other !== connection)
    if (rest && rest.length > 0) this.#connections.set(key, rest)
    else this.#connections.delete(key)
    connection.forgotten()
  }

  /** Forgets a UDP socket. */
  forgetDatagrams(socket: UdpEndpoint): void {
    this.#datagrams.remove(socket.local.port, socket)
  }

  /** Forgets an ICMP socket. */
  forgetEcho(socket: IcmpEndpoint): void {
    if (this.#echoes.get(socket.id) === socket) this.#echoes.delete(socket.id)
  }

  /** Ends everything, as when a machine goes: nobody is told. */
  closeAll(): void {
    for (const listener of this.#listeners.all()) listener.close()
    for (const connection of [...this.#connections.values()].flat()) this.forget(connection)
    for (const socket of this.#datagrams.all()) socket.close()
    this.#echoes.clear()
    this.sctp.closeAll()
  }

  #accept(listener: Listener, local: Endpoint, remote: Endpoint, packet: Ipv4Packet, segment: TcpSegment): void {
    const { options } = listener
    const connection = new TcpConnection(this, local, remote, packet.flow, options.owner, options.interface)
    connection.isDualStack = options.isDualStack ?? false
    this.#add(connection)
    connection.accept(segment, accepted => {
      if (this.#listeners.has(listener)) options.onConnection(accepted)
      else accepted.abort()
    })
  }

  #add(connection: TcpConnection): void {
    const key = keyOf(connection.local, connection.remote)
    const same = this.#connections.get(key)
    if (same) same.push(connection)
    else this.#connections.set(key, [connection])
  }

  #find(local: Endpoint, remote: Endpoint): TcpConnection | undefined {
    return this.#connections
      .get(keyOf(local, remote))
      ?.find(each => each.local.address === local.address && each.remote.address === remote.address)
  }

  #isTcpPortTaken(address: number, port: number): boolean {
    if (this.#listeners.isTaken(address, port)) return true
    for (const connections of this.#connections.values())
      for (const { local } of connections)
        if (local.port === port && (address === 0 || local.address === address)) return true
    return false
  }

  /** Throws `SocketError` for an address that is not this machine's. */
  checkAddress(address: number): void {
    if (address !== 0 && address !== broadcastAddress && !this.namespace.isLocal(address))
      throw new SocketError('EADDRNOTAVAIL')
  }

  /** Throws `SocketError` for a low port, unless for root. */
  checkRight(port: number, owner: SocketOwner | undefined): void {
    const first = Number(this.namespace.sysctl.get('net.ipv4.ip_unprivileged_port_start'))
    if (port !== 0 && port < first && owner?.user) throw new SocketError('EACCES')
  }

  /** A port from the local range, beginning somewhere by chance. */
  freePort(isFree: (port: number) => boolean): number {
    const range = this.namespace.sysctl.get('net.ipv4.ip_local_port_range') ?? ''
    const [low = 32768, high = 60999] = range.split(/\s+/).map(Number)
    const count = high - low + 1
    const start = this.namespace.random.below(count)
    for (let i = 0; i < count; i++) {
      const port = low + ((start + i) % count)
      if (isFree(port)) return port
    }
    throw new SocketError('EADDRINUSE')
  }

  #noteDelivery(buffer: SocketBuffer, decision: string): void {
    this.namespace.note('deliver', buffer.input?.name ?? '', decision, '', buffer.packet)
  }
}

function keyOf(local: Endpoint, remote: Endpoint): number {
  return local.port * 65536 + remote.port
}
