import type { TcpConnection, UdpDatagramReceived } from '../network/sockets.ts'
import { SocketError, type SocketErrorCode } from '../network/sockets.ts'
import type { ByteStream } from './byteStream.ts'
import type { Process } from './program.ts'

/** One end of a connection. */
export interface SocketAddress {
  readonly address: number
  readonly port: number
}
