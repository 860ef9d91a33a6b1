import type { NetworkNamespace } from './namespace.ts'
import type { SocketErrorCode } from './socketError.ts'
import type { Endpoint } from './sockets.ts'

/** Where a socket sends instead, and the line that says so. */
export interface SocketRedirection {
  readonly destination: Endpoint
  readonly by: string
}

/** A program that sees where a socket wants to send before a route is chosen (cgroup connect4 and sendmsg4). */
export interface SocketProgram {
  readonly name: string
  /** An error ends the call; nothing leaves it as it is. */
  redirect(
    protocol: 'tcp' | 'udp',
    destination: Endpoint,
    namespace: NetworkNamespace,
  ): SocketRedirection | SocketErrorCode | undefined
}
