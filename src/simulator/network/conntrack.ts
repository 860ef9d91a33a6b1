import type { Protocol } from './packet.ts'

/** Who speaks with whom; for ICMP the ports are type·256+code and the id. */
export interface Tuple {
  readonly protocol: Protocol
  readonly source: number
  readonly destination: number
  readonly sourcePort: number
  readonly destinationPort: number
}

/** States of a TCP connection in the connection table. */
export type TrackedTcpState =
  | 'NONE'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'SYN_SENT2'

/** An entry of the connection table. */
export interface Connection {
  readonly original: Tuple
  readonly reply: Tuple
  readonly state: TrackedTcpState | undefined
  readonly isAssured: boolean
  readonly hasReply: boolean
  readonly mark: number
  /** When it will be forgotten. */
  readonly expiresAt: number
}

/** The connections of a network namespace. */
export class ConnectionTable {
  /** The connections that have not timed out, newest last. */
  list(): Connection[] {
    throw new Error('unfinished')
  }

  /** Forgets a connection. */
  remove(_connection: Connection): void {
    throw new Error('unfinished')
  }

  /** Forgets all. */
  flush(): void {
    throw new Error('unfinished')
  }
}

/** A connection as `conntrack -L` prints it. */
export function formatConnection(_connection: Connection, _now: number): string {
  throw new Error('unfinished')
}
