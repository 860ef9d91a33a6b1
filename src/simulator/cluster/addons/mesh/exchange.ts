import { ByteReader, type ByteStream, concatBytes } from '../../../machine/byteStream.ts'
import { bytesOf } from '../../../machine/bytes.ts'
import {
  collect,
  formatRequestHead,
  formatResponseHead,
  HttpError,
  HttpHeaders,
  type HttpRequestHead,
  type HttpResponseHead,
  hasBody,
  httpDate,
  isKeptAlive,
  readRequestHead,
  readResponseHead,
  reasonPhrase,
  requestBody,
  responseBody,
  writeChunked,
} from '../../../machine/http.ts'
import type { Process } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Dialect, Downstream, Exchange, OwnAnswer } from './dialect.ts'
import { type FailureKind, UpstreamFailure } from './failure.ts'
import { isRetriable } from './retry.ts'
import { rewritePath } from './routing.ts'
import { type HeaderChanges, type MeshEndpoint, type MeshRoute, noRetries } from './settings.ts'
import type { UpstreamCluster } from './upstreamCluster.ts'
import type { DialOptions, UpstreamConnection } from './upstreamConnection.ts'

// Simplified: the body of a request is taken in as a whole before it is passed on. Upgraded connections, HTTP/2 and
// trailers are not simulated here.

/** What a request meets on its way; the answer of the proxy itself where it goes no further. */
export interface Way {
  readonly route: MeshRoute | undefined
  readonly cluster: UpstreamCluster
  /** Where it goes when the cluster leaves that to the client. */
  readonly original: MeshEndpoint
  readonly dial: DialOptions
}

/** How one proxy treats requests. */
export interface ExchangeParts {
  readonly process: Process
  readonly dialect: Dialect
  findWay(exchange: Exchange): Way | OwnAnswer
  onAnswered(exchange: Exchange): void
  /** Sends a copy somewhere and forgets about it. */
  mirror(exchange: Exchange, route: MeshRoute, head: HttpRequestHead, body: Uint8Array): void
}

/** Passes on the requests of one connection until either side has had enough. */
export async function serveExchanges(parts: ExchangeParts, downstream: Downstream, stream: ByteStream): Promise<void> {
  const reader = new ByteReader(stream)
  for (;;) {
    const head = await readRequestHead(reader)
    if (!head) break
    if (head.headers.get('expect')?.toLowerCase() === '100-continue')
      await stream.write(bytesOf('HTTP/1.1 100 Continue\r\n\r\n'))
    const body = await collect(requestBody(reader, head))
    if (!(await new RequestPassage(parts, downstream, stream, head, body).pass())) break
  }
  stream.close()
}

/** An answer whose body is still to come. */
interface Reply {
  readonly head: HttpResponseHead
  readonly connection: UpstreamConnection
}

/** One request on its way through a proxy. */
class RequestPassage {
  readonly #parts: ExchangeParts
  readonly #process: Process
  readonly #stream: ByteStream
  readonly #body: Uint8Array
  readonly #exchange: Exchange
  readonly #began: number
  readonly #failed = new Set<string>()

  constructor(
    parts: ExchangeParts,
    downstream: Downstream,
    stream: ByteStream,
    request: HttpRequestHead,
    body: Uint8Array,
  ) {
    const { process } = parts
    this.#parts = parts
    this.#process = process
    this.#stream = stream
    this.#body = body
    this.#began = process.kernel.clock.now
    this.#exchange = {
      downstream,
      startedAt: process.machine.now(),
      request,
      requestId: request.headers.get('x-request-id') ?? process.kernel.random.uuid(),
      received: body.length,
      duration: 0,
      status: 0,
      flags: '-',
      details: 'via_upstream',
      transportFailure: undefined,
      sent: 0,
      upstreamTime: undefined,
      cluster: undefined,
      endpoint: undefined,
      upstreamLocal: undefined,
      route: undefined,
      attempts: 0,
      span: undefined,
    }
  }

  /** Gives whether the connection may carry another request. */
  async pass(): Promise<boolean> {
    const { request } = this.#exchange
    const isKept = isKeptAlive(request.version, request.headers)
    try {
      const own = await this.#answerOfItsOwn()
      if (own) await this.#sendOwn(own, isKept)
      return isKept
    } catch (error) {
      if (!(error instanceof SocketError || error instanceof HttpError || error instanceof PatienceOver)) throw error
      // The client has gone, or the endpoint has broken off in the middle of its answer.
      this.#exchange.flags = error instanceof SocketError ? 'DC' : 'UC'
      this.#stream.abort()
      return false
    } finally {
      this.#exchange.duration = this.#process.kernel.clock.now - this.#began
      this.#parts.onAnswered(this.#exchange)
    }
  }

  /** Passes the request on and its answer back, or gives what the proxy has to say itself. */
  async #answerOfItsOwn(): Promise<OwnAnswer | undefined> {
    const exchange = this.#exchange
    const way = this.#parts.findWay(exchange)
    if ('status' in way) return way
    const { route, cluster } = way
    exchange.route = route
    exchange.cluster = cluster.settings
    const diverted = route && (await this.#divert(route))
    if (diverted) return diverted
    const head = this.#changedHead(way)
    if (route?.mirror && this.#isByChance(route.mirror.percentage))
      this.#parts.mirror(exchange, route, head, this.#body)
    try {
      cluster.admit()
    } catch (error) {
      return this.#explain(error, false)
    }
    try {
      return await this.#attemptUntilDone(way, head)
    } finally {
      cluster.dismiss()
    }
  }

  /** Faults, redirects and answers that a route gives instead of passing the request on. */
  async #divert({ fault, redirect, answer }: MeshRoute): Promise<OwnAnswer | undefined> {
    const exchange = this.#exchange
    if (fault?.delay && this.#isByChance(fault.delay.percentage)) {
      exchange.flags = 'DI'
      await this.#process.sleep(fault.delay.duration)
    }
    if (fault?.abort && this.#isByChance(fault.abort.percentage)) {
      const flags = exchange.flags === 'DI' ? 'DI,FI' : 'FI'
      return { status: fault.abort.status, body: 'fault filter abort', flags, details: 'fault_filter_abort' }
    }
    if (redirect) {
      const host = redirect.authority ?? exchange.request.headers.get('host') ?? ''
      const location = `http://${host}${redirect.path ?? exchange.request.target}`
      return { status: redirect.status, body: '', flags: '-', details: 'direct_response', headers: { location } }
    }
    return answer && { ...answer, flags: '-', details: 'direct_response' }
  }

  #changedHead({ route, cluster }: Way): HttpRequestHead {
    const { request } = this.#exchange
    const headers = new HttpHeaders(lowered(request.headers, this.#parts.dialect.lowersNames))
    for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'expect', 'proxy-connection'])
      headers.delete(name)
    if (this.#body.length > 0 || request.headers.has('content-length'))
      headers.set('content-length', String(this.#body.length))
    this.#parts.dialect.prepareRequest(this.#exchange, headers)
    const destination = route?.destinations.find(each => each.cluster === cluster.settings.name)
    apply(route?.requestHeaders, headers)
    apply(destination?.requestHeaders, headers)
    const { rewrite } = route ?? {}
    if (rewrite?.authority !== undefined) headers.set('host', rewrite.authority)
    const target =
      rewrite?.path === undefined ? request.target : rewritePath(request.target, rewrite.path, route!, request)
    return { method: request.method, target, version: '1.1', headers }
  }

  async #attemptUntilDone(way: Way, head: HttpRequestHead): Promise<OwnAnswer | undefined> {
    const exchange = this.#exchange
    const policy = way.route?.retries ?? noRetries
    const timeout = way.route?.timeout ?? 0
    const deadline = timeout > 0 ? this.#process.kernel.clock.now + timeout : Number.POSITIVE_INFINITY
    for (let retries = 0; ; retries++) {
      const mayRetry = retries < policy.attempts
      const [release] = [retries > 0 ? way.cluster.admitRetry() : undefined]
      exchange.attempts++
      this.#parts.dialect.prepareAttempt?.(exchange, head.headers)
      try {
        const reply = await this.#attempt(way, head, deadline, policy.perTryTimeout)
        if (isRetriable(policy, { status: reply.head.status })) {
          if (mayRetry && !this.#isOver(deadline)) {
            way.cluster.release(reply.connection, false)
            await this.#backOff(retries)
            continue
          }
          if (retries > 0) exchange.flags = 'URX'
        }
        await this.#sendBack(way, reply)
        return undefined
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error
        const isWorth = mayRetry && isRetriable(policy, { failure: error.kind }) && !this.#isOver(deadline)
        if (!isWorth) return this.#explain(error, retries > 0)
        await this.#backOff(retries)
      } finally {
        release?.()
      }
    }
  }

  /** 25 ms before the first retry, twice as much before each further one, and never the whole of it. */
  #backOff(retries: number): Promise<void> {
    return this.#process.sleep(this.#process.kernel.random.below(25 * 2 ** Math.min(retries, 3)) + 1)
  }

  #isOver(deadline: number): boolean {
    return this.#process.kernel.clock.now >= deadline
  }

  async #attempt(
    { cluster, original, dial }: Way,
    head: HttpRequestHead,
    deadline: number,
    perTry: number | undefined,
  ): Promise<Reply> {
    const exchange = this.#exchange
    const { clock } = this.#process.kernel
    const own = perTry === undefined ? Number.POSITIVE_INFINITY : clock.now + perTry
    const end = Math.min(deadline, own)
    const late: FailureKind = own < deadline ? 'attempt timeout' : 'timeout'
    const endpoint = cluster.settings.isOriginal
      ? original
      : cluster.choose({ without: this.#failed, hashKey: balancer => this.#hashKey(balancer) })
    this.#failed.add(`${endpoint.address}:${endpoint.port}`)
    exchange.endpoint = endpoint
    let connection: UpstreamConnection | undefined
    try {
      connection = await cluster.connect(endpoint, dial)
      exchange.upstreamLocal = connection.local
      await connection.stream.write(concatBytes([formatRequestHead(head), this.#body]))
      connection.tcp.readTimeout = Number.isFinite(end) ? Math.max(1, end - clock.now) : undefined
      const answer = await readResponseHead(connection.reader)
      connection.tcp.readTimeout = undefined
      exchange.upstreamTime = clock.now - this.#began
      cluster.observe(endpoint, answer.status)
      return { head: answer, connection }
    } catch (error) {
      if (connection) cluster.release(connection, false)
      const failure = failureOf(error, late)
      if (failure.kind !== 'overflow') cluster.observe(endpoint, failure.kind.startsWith('connection ') ? 503 : 504)
      throw failure
    }
  }

  #hashKey(balancer: UpstreamCluster['settings']['balancer']): string | undefined {
    if (balancer === 'source') return this.#exchange.downstream.remote.split(':')[0]
    return typeof balancer === 'object' ? this.#exchange.request.headers.get(balancer.header) : undefined
  }

  async #sendBack({ route, cluster }: Way, { head, connection }: Reply): Promise<void> {
    const exchange = this.#exchange
    const { dialect } = this.#parts
    const { request } = exchange
    exchange.status = head.status
    const headers = new HttpHeaders(lowered(head.headers, dialect.lowersNames))
    for (const name of ['connection', 'keep-alive', 'transfer-encoding']) headers.delete(name)
    dialect.prepareAnswer(exchange, headers, false)
    if (!headers.has('date')) headers.append('date', httpDate(this.#process.machine.now()))
    const destination = route?.destinations.find(each => each.cluster === cluster.settings.name)
    apply(route?.answerHeaders, headers)
    apply(destination?.answerHeaders, headers)
    const isBare = !hasBody(head.status, request.method)
    const isChunked = !isBare && !headers.has('content-length') && request.version === '1.1'
    if (isChunked) headers.append('transfer-encoding', 'chunked')
    if (!isKeptAlive(request.version, request.headers)) headers.append('connection', 'close')
    const reason = head.reason || reasonPhrase(head.status)
    let isWhole = false
    try {
      const first = formatResponseHead({ version: '1.1', status: head.status, reason, headers })
      await this.#sendPieces(first, responseBody(connection.reader, head, request.method), isChunked)
      isWhole = true
    } finally {
      const isEndless = !isBare && !head.headers.has('content-length') && !head.headers.has('transfer-encoding')
      cluster.release(connection, isWhole && !isEndless && isKeptAlive(head.version, head.headers))
    }
  }

  /** The head travels with the first piece of the body. */
  async #sendPieces(head: Uint8Array, pieces: AsyncIterable<Uint8Array>, isChunked: boolean): Promise<void> {
    const exchange = this.#exchange
    async function* counted(): AsyncIterable<Uint8Array> {
      for await (const piece of pieces) {
        exchange.sent += piece.length
        yield piece
      }
    }
    if (isChunked) {
      await this.#stream.write(head)
      return writeChunked(this.#stream, counted())
    }
    let waiting: Uint8Array | undefined = head
    for await (const piece of counted()) {
      await this.#stream.write(waiting ? concatBytes([waiting, piece]) : piece)
      waiting = undefined
    }
    if (waiting) await this.#stream.write(waiting)
  }

  async #sendOwn(own: OwnAnswer, isKept: boolean): Promise<void> {
    const exchange = this.#exchange
    exchange.status = own.status
    exchange.flags = own.flags
    exchange.details = own.details
    const body = bytesOf(own.body)
    const headers = new HttpHeaders()
    if (body.length > 0) {
      headers.append('content-length', String(body.length))
      headers.append('content-type', 'text/plain')
    }
    for (const [name, value] of Object.entries(own.headers ?? {})) headers.append(name, value)
    headers.append('date', httpDate(this.#process.machine.now()))
    this.#parts.dialect.prepareAnswer(exchange, headers, true)
    if (body.length === 0) headers.append('content-length', '0')
    if (!isKept) headers.append('connection', 'close')
    exchange.sent = body.length
    const { status } = own
    const head = formatResponseHead({ version: '1.1', status, reason: reasonPhrase(status), headers })
    await this.#stream.write(exchange.request.method === 'HEAD' ? head : concatBytes([head, body]))
  }

  #explain(error: unknown, hasRetried: boolean): OwnAnswer {
    if (!(error instanceof UpstreamFailure)) throw error
    const { kind, reason } = error
    this.#exchange.transportFailure = kind === 'connection failure' ? reason : undefined
    return this.#parts.dialect.failure(kind, { reason, hasRetried })
  }

  #isByChance(percentage: number): boolean {
    return percentage >= 100 || this.#process.kernel.random.fraction() * 100 < percentage
  }
}

function failureOf(error: unknown, late: FailureKind): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error
  if (error instanceof PatienceOver) return new UpstreamFailure(late)
  if (error instanceof SocketError) return new UpstreamFailure('connection termination')
  if (error instanceof HttpError)
    return new UpstreamFailure(error.code === 'malformed' ? 'protocol error' : 'connection termination')
  throw error
}

function* lowered(headers: HttpHeaders, isWanted: boolean): Iterable<readonly [string, string]> {
  for (const [name, value] of headers) yield [isWanted ? name.toLowerCase() : name, value]
}

function apply(changes: HeaderChanges | undefined, headers: HttpHeaders): void {
  for (const name of changes?.remove ?? []) headers.delete(name)
  for (const [name, value] of Object.entries(changes?.set ?? {})) headers.set(name, value)
  for (const [name, value] of Object.entries(changes?.add ?? {})) headers.append(name, value)
}
