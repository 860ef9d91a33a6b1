import { ByteReader, type ByteStream, concatBytes } from './byteStream.ts'
import type { Certificate } from './certificate.ts'
import { formatRequestHead, type HttpHeaders, type HttpResponseHead, readResponseHead, responseBody } from './http.ts'
import type { Process } from './program.ts'
import { connectTcp } from './tcp.ts'
import { connectTls, type TlsStream } from './tls.ts'

/** A request to one server. */
export interface HttpCall {
  readonly address: number
  readonly port: number
  /** Speaks TLS; certificates are not checked. */
  readonly tls?: { readonly serverName: string | undefined }
  readonly method: string
  readonly target: string
  readonly headers: HttpHeaders
  readonly body?: Uint8Array
  /** Milliseconds for each wait: the handshake, and each piece of the answer. */
  readonly timeout?: number | undefined
  /** Milliseconds for the handshake alone, where that is not the same. */
  readonly connectTimeout?: number | undefined
}

/** An answer whose body is still to be read. */
export interface HttpReply {
  /** What the server showed over TLS. */
  readonly certificates: readonly Certificate[]
  readonly head: HttpResponseHead
  readonly body: AsyncIterable<Uint8Array>
  close(): void
}

/** Sends a request over a connection of its own; throws `SocketError`, `PatienceOver`, `HttpError` or `TlsError`. */
export async function requestHttp(process: Process, call: HttpCall): Promise<HttpReply> {
  const tcp = await connectTcp(process, call.address, call.port, { timeout: call.connectTimeout ?? call.timeout })
  try {
    tcp.readTimeout = call.timeout
    const stream: ByteStream = call.tls
      ? await connectTls(tcp, process.kernel.random, { ...call.tls, applicationProtocols: ['http/1.1'] })
      : tcp
    const head = formatRequestHead({ method: call.method, target: call.target, version: '1.1', headers: call.headers })
    await stream.write(call.body ? concatBytes([head, call.body]) : head)
    const reader = new ByteReader(stream)
    const answer = await readResponseHead(reader)
    const certificates = 'peerCertificates' in stream ? (stream as TlsStream).peerCertificates : []
    return { head: answer, certificates, body: responseBody(reader, answer, call.method), close: () => stream.close() }
  } catch (error) {
    tcp.close()
    throw error
  }
}
