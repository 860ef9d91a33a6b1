import { collect, HttpError, HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { TlsError } from '../../../machine/tls.ts'
import { SocketError } from '../../../network/socketError.ts'

/** A server that requests are passed on to. */
export interface UpstreamServer {
  readonly address: number
  readonly port: number
  /** Speaks TLS with the server, asking for this name. */
  readonly tls?: { readonly serverName: string | undefined }
}

/** How long a server is waited for, in milliseconds, and in whose words failures are told. */
export interface UpstreamOptions {
  readonly connect: number
  readonly read: number
  /** The C library of the image: it words the errors. */
  readonly words?: 'glibc' | 'musl'
}

/** What came of asking a server: its answer, or the status and the words of nginx for why there is none. */
export type UpstreamOutcome =
  | { readonly answer: HttpAnswer & { readonly body: Uint8Array } }
  | { readonly status: 502 | 504; readonly reason: string }

// Simplified: each request to an upstream server has a connection of its own, and its answer is read to the end before
// it is passed back; connections are not upgraded to WebSocket.
/** Asks an upstream server with these header fields and the client's other ones. */
export async function askUpstream(
  process: Process,
  server: UpstreamServer,
  request: Pick<HttpRequest, 'method' | 'target' | 'headers' | 'body'>,
  headers: readonly (readonly [string, string])[],
  { connect, read, words = 'glibc' }: UpstreamOptions,
): Promise<UpstreamOutcome> {
  const all = new HttpHeaders(headers.filter(([, value]) => value !== ''))
  const set = new Set(headers.map(([name]) => name.toLowerCase()))
  for (const [name, value] of request.headers)
    if (!set.has(name.toLowerCase()) && !/^(?:host|connection|keep-alive|te|upgrade)$/i.test(name))
      all.append(name, value)
  try {
    const reply = await requestHttp(process, {
      address: server.address,
      port: server.port,
      ...(server.tls && { tls: server.tls }),
      method: request.method,
      target: request.target,
      headers: all,
      ...(request.body.length > 0 && { body: request.body }),
      timeout: read,
      connectTimeout: connect,
    })
    try {
      const { status, reason, headers: received } = reply.head
      return { answer: { status, reason, headers: [...received], body: await collect(reply.body) } }
    } finally {
      reply.close()
    }
  } catch (error) {
    if (error instanceof PatienceOver) {
      const doing = error.message === 'connect' ? 'connecting to' : 'reading response header from'
      return { status: 504, reason: `upstream timed out (${reasons[words]['ETIMEDOUT']}) while ${doing} upstream` }
    }
    const reason =
      error instanceof SocketError ? connectFailure(error, words) : failures.get((error as Error).constructor)
    if (reason === undefined) throw error
    return { status: 502, reason }
  }
}

function connectFailure({ code }: SocketError, words: 'glibc' | 'musl'): string {
  return `connect() failed (${reasons[words][code] ?? code}) while connecting to upstream`
}

const failures: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [
    TlsError,
    'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream',
  ],
  [HttpError, 'upstream prematurely closed connection while reading response header from upstream'],
])

const common = { ECONNREFUSED: '111: Connection refused', ECONNRESET: '104: Connection reset by peer' }
const reasons: Readonly<Record<'glibc' | 'musl', Readonly<Record<string, string>>>> = {
  glibc: {
    ...common,
    EHOSTUNREACH: '113: No route to host',
    ENETUNREACH: '101: Network is unreachable',
    ETIMEDOUT: '110: Connection timed out',
  },
  musl: {
    ...common,
    EHOSTUNREACH: '113: Host is unreachable',
    ENETUNREACH: '101: Network unreachable',
    ETIMEDOUT: '110: Operation timed out',
  },
}
