import { SocketError, type SocketErrorCode } from '../network/socketError.ts'

/** What the kernel says when a socket call fails. */
export const socketErrorTexts: Readonly<Record<SocketErrorCode, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  EMSGSIZE: 'Message too long',
  ENETUNREACH: 'Network is unreachable',
  ENODEV: 'No such device',
  ENOTCONN: 'Transport endpoint is not connected',
  EPERM: 'Operation not permitted',
  EPIPE: 'Broken pipe',
  EPROTO: 'Protocol error',
  ETIMEDOUT: 'Connection timed out',
}

/** The code of an error that a socket call threw; undefined for errors of another kind. */
export function socketFaultOf(error: unknown): SocketErrorCode | undefined {
  return error instanceof SocketError ? error.code : undefined
}

/** What Go's net package says when a socket call fails: `address already in use`. */
export function goSocketError(code: SocketErrorCode): string {
  const text = socketErrorTexts[code]
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** The caller's own patience is at an end, before the kernel's. */
export class PatienceOver extends Error {}
