import type { SocketErrorCode } from './socketError.ts'
import type { Endpoint, SocketOwner } from './sockets.ts'

/** States of RFC 793, as `netstat` writes them. */
export type TcpState =
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSED'

/** One end of a TCP connection. */
export class TcpConnection {
  readonly local: Endpoint
  readonly remote: Endpoint
  state: TcpState = 'CLOSED'
  /** Whose socket it is; the accepting program may set its own. */
  owner: SocketOwner | undefined
  /** Data that came in order; until it is set, data wait in the receive buffer. */
  onData: ((bytes: Uint8Array) => void) | undefined
  /** The peer sends no more. */
  onEnd: (() => void) | undefined
  /** Nothing comes any more: closed on both sides, or broken off with an error. */
  onClose: ((error: SocketErrorCode | undefined) => void) | undefined
  /** All that was sent has been acknowledged. */
  onDrain: (() => void) | undefined

  constructor(local: Endpoint, remote: Endpoint) {
    this.local = local
    this.remote = remote
  }

  /** Which story of the trace the connection belongs to. */
  get flow(): number {
    throw new Error('unfinished')
  }

  /** Bytes that are sent but not acknowledged, or wait to be sent. */
  get unacknowledged(): number {
    throw new Error('unfinished')
  }

  /** Sends data; throws `SocketError` EPIPE once this end is closed. */
  send(_bytes: Uint8Array): void {
    throw new Error('unfinished')
  }

  /** Takes no more data for now: the receive window closes when the buffer is full. */
  pause(): void {
    throw new Error('unfinished')
  }

  /** Takes data again. */
  resume(): void {
    throw new Error('unfinished')
  }

  /** Sends no more: FIN after all data. What comes in is still taken. */
  end(): void {
    throw new Error('unfinished')
  }

  /** Gives the socket up: FIN after all data, and RST for data that come later. */
  close(): void {
    throw new Error('unfinished')
  }

  /** Breaks the connection off with RST. */
  abort(): void {
    throw new Error('unfinished')
  }
}
