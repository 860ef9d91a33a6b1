import type { IcmpEndpoint } from './icmpSocket.ts'
import type { Endpoint, ListenOptions, SocketEntry } from './sockets.ts'
import type { TcpConnection } from './tcpConnection.ts'
import type { UdpEndpoint } from './udpSocket.ts'

const anywhere: Endpoint = { address: 0, port: 0 }
const defaultBacklog = 4096

/** A listener as `ss` lists it. */
export function entryOfListener(local: Endpoint, options: ListenOptions): SocketEntry {
  return {
    protocol: 'tcp',
    state: 'LISTEN',
    local,
    remote: anywhere,
    owner: options.owner ?? null,
    receiveQueue: 0,
    sendQueue: options.backlog ?? defaultBacklog,
    isDualStack: options.isDualStack ?? false,
    interface: options.interface ?? null,
  }
}

const stateNames: Readonly<Record<TcpConnection['state'], string>> = {
  SYN_SENT: 'SYN-SENT',
  SYN_RECV: 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  FIN_WAIT1: 'FIN-WAIT-1',
  FIN_WAIT2: 'FIN-WAIT-2',
  CLOSE_WAIT: 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  LAST_ACK: 'LAST-ACK',
  TIME_WAIT: 'TIME-WAIT',
  CLOSED: 'UNCONN',
}

/** A connection as `ss` lists it. */
export function entryOfConnection(connection: TcpConnection): SocketEntry {
  return {
    protocol: 'tcp',
    state: stateNames[connection.state],
    local: connection.local,
    remote: connection.remote,
    owner: connection.state === 'TIME_WAIT' ? null : (connection.owner ?? null),
    receiveQueue: connection.unread,
    sendQueue: connection.unacknowledged,
    isDualStack: connection.isDualStack,
    interface: connection.boundTo ?? null,
  }
}

/** A UDP socket as `ss` lists it. */
export function entryOfDatagrams(socket: UdpEndpoint): SocketEntry {
  return {
    protocol: 'udp',
    state: 'UNCONN',
    local: socket.local,
    remote: anywhere,
    owner: socket.owner ?? null,
    receiveQueue: 0,
    sendQueue: 0,
    isDualStack: socket.isDualStack,
    interface: socket.boundTo ?? null,
  }
}

/** An ICMP socket as `ss` lists it. */
export function entryOfEcho(socket: IcmpEndpoint): SocketEntry {
  return {
    protocol: 'icmp',
    state: 'UNCONN',
    local: { address: 0, port: socket.id },
    remote: anywhere,
    owner: socket.owner ?? null,
    receiveQueue: 0,
    sendQueue: 0,
    isDualStack: false,
    interface: socket.boundTo ?? null,
  }
}
