import type { Endpoint } from '../network/sockets.ts'
import { ByteReader, type ByteStream, concatBytes } from './byteStream.ts'
import { bytesOf } from './bytes.ts'
import type { Certificate } from './certificate.ts'
import {
  collect,
  formatResponseHead,
  HttpError,
  HttpHeaders,
  hasBody,
  isKeptAlive,
  readRequestHead,
  reasonPhrase,
  requestBody,
  writeChunked,
} from './http.ts'
import type { Process } from './program.ts'
import { serveTcp, type TcpListening, type TcpStream } from './tcp.ts'
import { acceptTls, TlsError, type TlsServerOptions } from './tls.ts'

/** A request as a server's handler sees it. */
export interface HttpRequest {
  readonly method: string
  /** Path and query, as they stand in the request line. */
  readonly target: string
  readonly version: '1.0' | '1.1'
  readonly headers: HttpHeaders
  readonly body: Uint8Array
  readonly local: Endpoint
  readonly remote: Endpoint
  /** What the client showed over TLS; undefined on a plain connection. */
  readonly certificates: readonly Certificate[] | undefined
}

/** What a handler answers. Without `Content-Length` the length is added; a stream of pieces is sent in chunks. */
export interface HttpAnswer {
  readonly status: number
  readonly reason?: string
  readonly headers?: Iterable<readonly [string, string]> | Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>
  /** Breaks the connection off instead of answering. */
  readonly abort?: boolean
}

/** Answers one request. */
export type HttpHandler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>

/** How a server differs from the usual one. */
export interface HttpServerOptions {
  /** Only this local address; absent means all. */
  readonly address?: number
  /** Listens to IPv6 as well, so that `ss` prints `*:80`. */
  readonly isDualStack?: boolean
  readonly tls?: TlsServerOptions
  /** The answer to something that is not HTTP, or to plain HTTP on a TLS port. */
  badRequest?(reason: 'malformed' | 'plain HTTP'): HttpAnswer
  /** Called after each exchange, for access logs; `sent` counts the body's bytes. */
  onAnswered?(request: HttpRequest, answer: HttpAnswer, sent: number): void
  /** Sends the head by itself and the body after it, in segments of their own, as nginx does. */
  readonly isHeadSentFirst?: boolean
  /** Milliseconds after which an idle connection is closed. */
  readonly idleTimeout?: number
}

/**
 * Answers HTTP on a port until the process ends or the listener is closed; throws `SocketError` when the port is taken.
 * Each connection is a coroutine of the process.
 */
export function serveHttp(
  process: Process,
  port: number,
  handler: HttpHandler,
  options: HttpServerOptions = {},
): TcpListening {
  return serveTcp(process, port, stream => serveConnection(process, stream, handler, options), {
    address: options.address,
    ...(options.isDualStack === undefined ? {} : { isDualStack: options.isDualStack }),
  })
}

async function serveConnection(
  process: Process,
  tcp: TcpStream,
  handler: HttpHandler,
  options: HttpServerOptions,
): Promise<void> {
  let stream: ByteStream = tcp
  let certificates: readonly Certificate[] | undefined
  tcp.readTimeout = options.idleTimeout
  try {
    if (options.tls) {
      const secured = await acceptTls(tcp, process.kernel.random, options.tls)
      stream = secured
      certificates = secured.peerCertificates
    }
    const reader = new ByteReader(stream)
    while (await exchange(reader, tcp, certificates, handler, options));
    stream.close()
  } catch (error) {
    if (error instanceof HttpError && error.code === 'malformed') await refuse(stream, options, 'malformed')
    else if (error instanceof TlsError && /^[A-Z]+ \S/.test(asText(error.received)))
      await refuse(tcp, options, 'plain HTTP')
    else if (error instanceof HttpError || error instanceof TlsError) stream.close()
    else throw error
  }
}

/** One request and its answer; false when the connection shall not carry another one. */
async function exchange(
  reader: ByteReader,
  tcp: TcpStream,
  certificates: readonly Certificate[] | undefined,
  handler: HttpHandler,
  options: HttpServerOptions,
): Promise<boolean> {
  const head = await readRequestHead(reader)
  if (!head) return false
  if (head.headers.get('expect')?.toLowerCase() === '100-continue')
    await reader.stream.write(bytesOf('HTTP/1.1 100 Continue\r\n\r\n'))
  const request: HttpRequest = {
    method: head.method,
    target: head.target,
    version: head.version,
    headers: head.headers,
    body: await collect(requestBody(reader, head)),
    local: tcp.local,
    remote: tcp.remote,
    certificates,
  }
  const answer = await handler(request)
  if (answer.abort) {
    reader.stream.abort()
    return false
  }
  const isLast = !isKeptAlive(head.version, head.headers)
  const { sent, closes } = await send(reader.stream, request, answer, isLast, options.isHeadSentFirst)
  options.onAnswered?.(request, answer, sent)
  return !closes
}

async function send(
  stream: ByteStream,
  request: Pick<HttpRequest, 'method' | 'version'>,
  answer: HttpAnswer,
  isLast: boolean,
  isHeadFirst = false,
): Promise<{ sent: number; closes: boolean }> {
  const headers = new HttpHeaders(answer.headers)
  const isStream = typeof answer.body === 'object' && Symbol.asyncIterator in answer.body
  let closes = isLast || headers.get('connection')?.toLowerCase() === 'close'
  const bytes = isStream ? undefined : typeof answer.body === 'string' ? bytesOf(answer.body) : answer.body
  if (bytes === undefined && isStream) {
    if (request.version === '1.0') closes = true
    else headers.set('Transfer-Encoding', 'chunked')
  } else if (hasBody(answer.status, 'GET') && !headers.has('content-length'))
    headers.append('Content-Length', String((bytes as Uint8Array | undefined)?.length ?? 0))
  if (closes && !headers.has('connection')) headers.append('Connection', 'close')
  const reason = answer.reason ?? reasonPhrase(answer.status)
  const head = formatResponseHead({ version: '1.1', status: answer.status, reason, headers })
  const body = hasBody(answer.status, request.method) ? (bytes as Uint8Array | undefined) : undefined
  if (isStream || isHeadFirst || !body) await stream.write(head)
  if (!hasBody(answer.status, request.method)) return { sent: 0, closes }
  if (isStream) return { sent: await sendPieces(stream, answer.body, request.version === '1.1'), closes }
  if (body && body.length > 0) await stream.write(isHeadFirst ? body : concatBytes([head, body]))
  else if (body && !isHeadFirst) await stream.write(head)
  return { sent: body?.length ?? 0, closes }
}

async function sendPieces(stream: ByteStream, pieces: AsyncIterable<Uint8Array>, isChunked: boolean): Promise<number> {
  let sent = 0
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      sent += piece.length
      yield piece
    }
  }
  if (isChunked) await writeChunked(stream, counted())
  else for await (const piece of counted()) await stream.write(piece)
  return sent
}

async function refuse(
  stream: ByteStream,
  options: HttpServerOptions,
  reason: 'malformed' | 'plain HTTP',
): Promise<void> {
  const answer = options.badRequest?.(reason) ?? {
    status: 400,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' },
    body: reason === 'malformed' ? '400 Bad Request' : 'Client sent an HTTP request to an HTTPS server.\n',
  }
  await send(stream, { method: 'GET', version: '1.1' }, answer, true)
  stream.close()
}

function asText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64))
}
