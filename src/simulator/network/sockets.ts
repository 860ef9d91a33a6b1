import type { IcmpMessage, Ipv4Packet } from './packet.ts'
import type { SocketErrorCode } from './socketError.ts'
import type { TcpConnection } from './tcpConnection.ts'

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
  readonly type: number
  readonly icmpCode: number
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
  readonly owner: SocketOwner | undefined
  readonly receiveQueue: number
  readonly sendQueue: number
  readonly isDualStack: boolean
  readonly interface: string | undefined
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
  /** Throws `SocketError` when there is no way to the address. */
  sendTo(bytes: Uint8Array, address: number, port: number, options?: SendOptions): void
  close(): void
}

export interface IcmpSocket {
  readonly id: number
  /** Throws `SocketError` when there is no way to the address. */
  sendEcho(options: EchoOptions): void
  close(): void
}

/** The sockets of a network namespace. */
export class Sockets {
  /** Listens on a TCP port; throws `SocketError`. */
  listenTcp(_options: ListenOptions): TcpListener {
    throw new Error('unfinished')
  }

  /** Begins a handshake; the callbacks come later, never from within this call. */
  connectTcp(_options: ConnectOptions): TcpConnection {
    throw new Error('unfinished')
  }

  /** Takes a UDP port; throws `SocketError`. */
  bindUdp(_options: BindUdpOptions): UdpSocket {
    throw new Error('unfinished')
  }

  /** Opens a socket for echo requests and their replies. */
  openIcmp(_options: OpenIcmpOptions): IcmpSocket {
    throw new Error('unfinished')
  }

  /** Every socket, in the order of their making. */
  list(): SocketEntry[] {
    throw new Error('unfinished')
  }
}
