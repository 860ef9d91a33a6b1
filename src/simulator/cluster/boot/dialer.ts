import { ByteReader, type ByteStream } from '../../machine/byteStream.ts'
import { bytesOf, textOf } from '../../machine/bytes.ts'
import {
  collect,
  formatRequestHead,
  HttpError,
  HttpHeaders,
  readResponseHead,
  responseBody,
} from '../../machine/http.ts'
import type { Process } from '../../machine/program.ts'
import { PatienceOver } from '../../machine/socketFailure.ts'
import { connectTcp } from '../../machine/tcp.ts'
import { connectTls, TlsError } from '../../machine/tls.ts'
import { parseIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import type { ApiRequest, ApiResponse, Dial } from '../client.ts'

const patience = 30_000

/** Passes requests of the API server's proxies on, from the API server's own process. */
export function createDial(process: Process): Dial {
  return (target, request, receive) => process.thread(async () => receive(await ask(process, target, request)))
}

async function ask(process: Process, target: Parameters<Dial>[0], request: ApiRequest): Promise<ApiResponse> {
  const { address, port, scheme } = target
  try {
    const tcp = await connectTcp(process, parseIpv4(address)!, port, { timeout: patience })
    tcp.readTimeout = patience
    try {
      const stream: ByteStream =
        scheme === 'https' ? await connectTls(tcp, process.kernel.random, { serverName: undefined }) : tcp
      return await exchange(stream, `${address}:${port}`, request)
    } finally {
      tcp.close()
    }
  } catch (error) {
    return unavailable(`error trying to reach service: ${reasonOf(error, `${address}:${port}`)}`)
  }
}

async function exchange(stream: ByteStream, host: string, request: ApiRequest): Promise<ApiResponse> {
  const search = new HttpHeaders(Object.entries(request.query ?? {}))
  const query = [...search].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
  const body = request.body === undefined ? undefined : bytesOf(textBody(request.body))
  const headers = new HttpHeaders([['Host', host]])
  for (const [name, value] of Object.entries(request.headers ?? {}))
    if (!/^(host|authorization|connection|content-length|impersonate-.*)$/.test(name)) headers.set(name, value)
  if (body) headers.set('Content-Length', String(body.length))
  headers.set('Connection', 'close')
  const target = request.path + (query === '' ? '' : `?${query}`)
  await stream.write(formatRequestHead({ method: request.method, target, version: '1.1', headers }))
  if (body) await stream.write(body)
  const reader = new ByteReader(stream)
  const head = await readResponseHead(reader)
  const content = await collect(responseBody(reader, head, request.method))
  return {
    status: head.status,
    headers: Object.fromEntries([...head.headers].map(([name, value]) => [name.toLowerCase(), value])),
    body: textOf(content),
  }
}

function textBody(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function unavailable(message: string): ApiResponse {
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'ServiceUnavailable',
    code: 503,
  }
  return { status: 503, headers: { 'content-type': 'application/json' }, body }
}

function reasonOf(error: unknown, host: string): string {
  if (error instanceof PatienceOver) return `dial tcp ${host}: i/o timeout`
  if (error instanceof HttpError)
    return error.code === 'malformed' ? `malformed HTTP response "${error.message}"` : 'EOF'
  if (error instanceof TlsError) return 'tls: first record does not look like a TLS handshake'
  if (!(error instanceof SocketError)) throw error
  return `dial tcp ${host}: connect: ${error.code === 'ECONNREFUSED' ? 'connection refused' : 'no route to host'}`
}
