import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { ApiError } from '../../simulator/cluster/api/error.ts'
import type { Status } from '../../simulator/cluster/api/status.ts'
import type { ApiServer } from '../../simulator/cluster/apiserver/apiServer.ts'
import { userOfToken } from '../../simulator/cluster/boot/apiDoor.ts'
import type { ApiRequest, ApiResponse, ApiStream } from '../../simulator/cluster/client.ts'
import { sendAnswer } from './answers.ts'
import type { Authority, Credential } from './authority.ts'
import { OpenApiForms } from './openApiProtobuf.ts'
import { parseBody, readBytes, readCertificate, readHead } from './requests.ts'
import { isPortForward, Upgrades } from './upgrades.ts'

/** What an HTTPS listener stands between. */
export interface ApiListenerParts {
  readonly apiServer: ApiServer
  readonly authority: Authority
  readonly credential: Credential
  /** Called after a request has been handed over: the lab has something to do. */
  onRequest(): void
  onBug(error: unknown): void
}

type Head = Omit<ApiRequest, 'body'>

/** Serves the lab's API server over HTTPS to real clients. */
export class ApiListener {
  readonly #parts: ApiListenerParts
  readonly #server: Server
  readonly #upgrades = new Upgrades()
  readonly #forms = new OpenApiForms()

  constructor(parts: ApiListenerParts) {
    this.#parts = parts
    this.#server = createServer(
      {
        cert: parts.credential.certificate,
        key: parts.credential.key,
        ca: parts.authority.certificate,
        requestCert: true,
        rejectUnauthorized: false,
        ALPNProtocols: ['http/1.1'],
        // Command lines stand in the address: Go's servers take as much.
        maxHeaderSize: 1 << 20,
        // Watches are silent for long, and nobody hurries a client that reads one.
        requestTimeout: 0,
        keepAliveTimeout: 180_000,
      },
      (message, response) => void this.#answer(message, response),
    )
    this.#server.on('upgrade', (message, socket, head) => this.#upgrade(message, socket, head))
    this.#server.on('tlsClientError', () => {})
  }

  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, resolve)
    })
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const head = readHead(message)
    const bytes = await readBytes(message)
    if (message.destroyed && !message.complete) return
    const answer = this.#ask(message, () => {
      const { type, ...parsed } = parseBody(bytes, head.headers['content-type'] ?? '')
      return { ...head, headers: { ...head.headers, 'content-type': type }, ...parsed }
    })
    sendAnswer(this.#forms.inForm(answer, head.path, head.headers['accept'] ?? ''), response)
    this.#parts.onRequest()
  }

  /** Exec, attach, port-forward, and logs and watches over a WebSocket. */
  #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    const request = readHead(message)
    // A port-forward is first asked for without ports: whether the client may, and whether there is a pod.
    const first = isPortForward(request.path) ? { ...request, query: {}, repeated: {} } : request
    const answer = this.#ask(message, () => first)
    socket.on('error', () => {})
    // A webhook may have to be asked first.
    if (answer.later) answer.later(settled => this.#connect(settled, { message, socket, head, request }))
    else this.#connect(answer, { message, socket, head, request })
    this.#parts.onRequest()
  }

  #connect(
    answer: ApiResponse,
    { message, socket, head, request }: { message: IncomingMessage; socket: Duplex; head: Buffer; request: Head },
  ): void {
    if (answer.stream && answer.status === 200)
      this.#upgrades.accept({
        message,
        socket,
        head,
        request,
        stream: this.#attentive(answer.stream),
        again: query =>
          this.#attentive(this.#ask(message, () => ({ ...request, query, repeated: {} })).stream ?? ended),
      })
    else refuse(socket, answer)
  }

  /** A stream at whose other end the lab wakes up when something is sent. */
  #attentive(stream: ApiStream): ApiStream {
    const { onRequest } = this.#parts
    return {
      onData: receive => stream.onData(receive),
      onEnd: receive => stream.onEnd(receive),
      send(data, channel) {
        stream.send(data, channel)
        onRequest()
      },
      resize: (columns, rows) => stream.resize?.(columns, rows),
      close: () => stream.close(),
    }
  }

  /** Hands a request over, and turns what goes wrong into answers. */
  #ask(message: IncomingMessage, read: () => Head & { readonly body?: unknown }): ApiResponse {
    const { apiServer, onBug } = this.#parts
    try {
      const who = this.#asker(message)
      return apiServer.request({ ...read(), ...who })
    } catch (error) {
      if (error instanceof ApiError)
        return { status: error.code, headers: { 'content-type': 'application/json' }, body: error.status }
      onBug(error)
      const { code, status } = ApiError.internal(error instanceof Error ? error.message : String(error))
      return { status: code, headers: { 'content-type': 'application/json' }, body: status }
    }
  }

  /** Who asks: whom the certificate names, whose token it is, or nobody in particular. */
  #asker({ socket, headers }: IncomingMessage): { user: string; groups?: readonly string[] } {
    const named = readCertificate(socket as TLSSocket)
    if (named) return named
    if (headers.authorization === undefined) return { user: 'system:anonymous' }
    const user = userOfToken(headers.authorization)
    if (user === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized')
    return { user }
  }
}

/** The stream of a pod that has gone meanwhile. */
const ended: ApiStream = {
  onData() {},
  onEnd: receive => receive({ message: 'lost connection to pod' }),
  send() {},
  close() {},
}

/** Answers a request for an upgrade that is not granted as any other request. */
function refuse(socket: Duplex, { status, headers, body }: ApiResponse): void {
  const { reason, message } = (body ?? {}) as Partial<Status>
  // A kubelet refuses in plain words, to which the client adds what it was about to do.
  const isPlain = reason === 'BadUpgrade'
  const text = isPlain ? `${message?.replace(/^unable to upgrade connection: /, '')}\n` : `${JSON.stringify(body)}\n`
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(isPlain ? { 'content-type': 'text/plain; charset=utf-8' } : headers).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`)
}
