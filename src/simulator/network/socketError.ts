/** Why a socket call failed, by the name of the error number. */
export type SocketErrorCode =
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'EHOSTUNREACH'
  | 'EINVAL'
  | 'EMSGSIZE'
  | 'ENETUNREACH'
  | 'ENODEV'
  | 'ENOTCONN'
  | 'EPERM'
  | 'EPIPE'
  | 'EPROTO'
  | 'ETIMEDOUT'

/** A socket call that fails at once. */
export class SocketError extends Error {
  readonly code: SocketErrorCode

  constructor(code: SocketErrorCode) {
    super(code)
    this.code = code
  }
}
