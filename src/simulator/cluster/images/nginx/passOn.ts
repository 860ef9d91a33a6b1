import { ByteReader } from '../../../machine/byteStream.ts'
import {
  collect,
  formatRequestHead,
  HttpError,
  HttpHeaders,
  readResponseHead,
  responseBody,
} from '../../../machine/http.ts'
import type { HttpAnswer, HttpRequest } from '../../../machine/httpServer.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { connectTcp } from '../../../machine/tcp.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'

// proxy_connect_timeout and proxy_read_timeout.
const patience = 60_000

/** Passes a request on to another server; undefined when there is no answer, after saying why in the error log. */
export async function passOn(
  process: Process,
  target: string,
  request: HttpRequest,
  headers: readonly (readonly [string, string])[],
  complain: (message: string) => void,
): Promise<HttpAnswer | undefined> {
  const [host = '', port = '80'] = target.split(':')
  const upstream = `upstream: "http://${target}${request.target}"`
  try {
    const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]
    if (address === undefined) return undefined
    const stream = await connectTcp(process, address, Number(port), { timeout: patience })
    stream.readTimeout = patience
    try {
      const all = new HttpHeaders(headers)
      for (const [name, value] of request.headers)
        if (!all.has(name) && !/^(host|connection|keep-alive|te|upgrade)$/i.test(name)) all.append(name, value)
      await stream.write(
        formatRequestHead({ method: request.method, target: request.target, version: '1.1', headers: all }),
      )
      if (request.body.length > 0) await stream.write(request.body)
      const reader = new ByteReader(stream)
      const head = await readResponseHead(reader)
      const body = await collect(responseBody(reader, head, request.method))
      return { status: head.status, reason: head.reason, headers: [...head.headers], body }
    } finally {
      stream.close()
    }
  } catch (error) {
    if (error instanceof PatienceOver)
      complain(`upstream timed out (110: Connection timed out) while connecting to upstream, ${upstream}`)
    else if (error instanceof SocketError)
      complain(`connect() failed (${reasons[error.code] ?? error.code}) while connecting to upstream, ${upstream}`)
    else if (error instanceof HttpError)
      complain(`upstream prematurely closed connection while reading response header from upstream, ${upstream}`)
    else if (error instanceof ResolveError) complain(`${host} could not be resolved (3: Host not found)`)
    else throw error
    return undefined
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: '111: Connection refused',
  ECONNRESET: '104: Connection reset by peer',
  EHOSTUNREACH: '113: No route to host',
  ENETUNREACH: '101: Network is unreachable',
  ETIMEDOUT: '110: Connection timed out',
}
