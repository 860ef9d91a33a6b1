import { formatIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import { concatBytes } from '../../byteStream.ts'
import { bytesOf } from '../../bytes.ts'
import {
  formatRequestHead,
  formatResponseHead,
  HttpError,
  HttpHeaders,
  type HttpResponseHead,
  isKeptAlive,
  readResponseHead,
  responseBody,
} from '../../http.ts'
import type { Process } from '../../program.ts'
import { PatienceOver, socketErrorTexts } from '../../socketFailure.ts'
import type { OpenConnection } from './connection.ts'
import type { CookieJar } from './cookieJar.ts'
import { CurlError } from './curlError.ts'
import type { CurlLog } from './log.ts'
import type { Measures } from './measures.ts'
import type { CurlArguments } from './options.ts'
import type { ProgressMeter } from './progress.ts'
import type { CurlUrl } from './url.ts'

/** What a request carries besides its head. */
export interface Upload {
  readonly bytes: Uint8Array
  readonly contentType: string | undefined
}

/** Takes what a transfer brings. */
export interface Sink {
  /** The raw lines of an answer's head. */
  head(text: string, response: HttpResponseHead): Promise<void>
  body(bytes: Uint8Array): Promise<void>
}

/** What one exchange asks for. */
export interface ExchangeRequest {
  readonly url: CurlUrl
  readonly method: string
  readonly body: Upload | undefined
  readonly areCredentialsSent: boolean
}

/** One request and its answer. */
export class Exchange {
  readonly #process: Process
  readonly #arguments: CurlArguments
  readonly #log: CurlLog
  readonly #jar: CookieJar
  readonly #measures: Measures
  readonly #deadline: number | undefined

  constructor(
    process: Process,
    options: CurlArguments,
    log: CurlLog,
    jar: CookieJar,
    measures: Measures,
    deadline: number | undefined,
  ) {
    this.#process = process
    this.#arguments = options
    this.#log = log
    this.#jar = jar
    this.#measures = measures
    this.#deadline = deadline
  }

  async run(
    connection: OpenConnection,
    request: ExchangeRequest,
    sink: Sink,
    meter: ProgressMeter,
    follows: boolean,
  ): Promise<{ response: HttpResponseHead; isReusable: boolean }> {
    const { tcp } = connection
    this.#measures.remote.ip = formatIpv4(tcp.remote.address)
    this.#measures.remote.port = tcp.remote.port
    this.#measures.local.ip = formatIpv4(tcp.local.address)
    this.#measures.local.port = tcp.local.port
    let total: number | undefined
    try {
      this.#limit(connection)
      await this.#send(connection, request)
      const response = await readResponseHead(connection.reader, interim => this.#interim(interim, sink))
      this.#measures.reach('starttransfer')
      const length = response.headers.get('content-length')
      total = length === undefined ? undefined : Number(length)
      await this.#head(request, response, sink)
      this.#refuse(response)
      const isIgnored = follows && response.status >= 300 && response.status < 400 && response.headers.has('location')
      if (isIgnored && request.method !== 'HEAD') await this.#log.note('Ignoring the response-body')
      for await (const piece of responseBody(connection.reader, response, request.method)) {
        this.#limit(connection)
        if (isIgnored) continue
        this.#measures.sizes.download += piece.length
        await this.#log.data('{', piece.length)
        await sink.body(piece)
      }
      this.#measures.reach('total')
      await meter.show(this.#measures, total ?? this.#measures.sizes.download)
      const isFramed = length !== undefined || response.headers.has('transfer-encoding') || request.method === 'HEAD'
      return { response, isReusable: isFramed && isKeptAlive(response.version, response.headers) }
    } catch (error) {
      throw this.#explain(error, total)
    }
  }

  /** Lets reads wait only until the whole transfer has to be over. */
  #limit(connection: OpenConnection): void {
    connection.tcp.readTimeout =
      this.#deadline === undefined ? undefined : Math.max(0, this.#deadline - this.#process.kernel.clock.now)
  }

  async #send(connection: OpenConnection, request: ExchangeRequest): Promise<void> {
    const headers = this.#headers(request)
    if (headers.has('authorization') && this.#login(request))
      await this.#log.note(`Server auth using Basic with user '${this.#login(request)!.replace(/:.*/s, '')}'`)
    const target = this.#arguments.get('request-target') ?? request.url.target
    const head = formatRequestHead({
      method: request.method,
      target,
      version: this.#arguments.has('http1.0') ? '1.0' : '1.1',
      headers,
    })
    this.#measures.reach('pretransfer')
    await this.#log.head('>', latin1(head))
    const body = request.body?.bytes
    this.#measures.sizes.request += head.length
    await connection.stream.write(body && body.length > 0 ? concatBytes([head, body]) : head)
    if (body && body.length > 0) {
      this.#measures.sizes.upload += body.length
      await this.#log.data('}', body.length)
    }
  }

  #headers(request: ExchangeRequest): HttpHeaders {
    const { url } = request
    const headers = new HttpHeaders({ Host: url.isDefaultPort ? url.host : `${url.host}:${url.port}` })
    const login = this.#login(request)
    const bearer = this.#arguments.get('oauth2-bearer')
    if (login !== undefined && request.areCredentialsSent) headers.append('Authorization', `Basic ${base64(login)}`)
    else if (bearer !== undefined && request.areCredentialsSent) headers.append('Authorization', `Bearer ${bearer}`)
    const range = this.#arguments.get('range')
    if (range !== undefined) headers.append('Range', `bytes=${range}`)
    headers.append('User-Agent', this.#arguments.get('user-agent') ?? 'curl/7.88.1')
    headers.append('Accept', this.#arguments.has('json') ? 'application/json' : '*/*')
    if (this.#arguments.has('compressed')) headers.append('Accept-Encoding', 'deflate, gzip, br, zstd')
    const referer = this.#arguments.get('referer')
    if (referer !== undefined) headers.append('Referer', referer)
    const cookies = this.#jar.headerFor(url, this.#cookieHost(request))
    if (cookies !== undefined) headers.append('Cookie', cookies)
    this.#addCustom(headers)
    if (request.body) {
      if (!headers.has('content-length')) headers.append('Content-Length', String(request.body.bytes.length))
      if (request.body.contentType !== undefined && !this.#isCustom('content-type'))
        headers.append('Content-Type', request.body.contentType)
    }
    return headers
  }

  /** `-H`: a value replaces curl's own header or comes at the end, `Name:` removes, `Name;` sends an empty one. */
  #addCustom(headers: HttpHeaders): void {
    const own = new Set([...headers].map(([name]) => name.toLowerCase()))
    for (const line of this.#customLines()) {
      const parts = /^([^:;]+)(?::\s*(.*)|;\s*)$/s.exec(line)
      if (!parts) continue
      const [, name = '', value] = parts
      if (value === '') headers.delete(name)
      else if (own.has(name.toLowerCase())) {
        if (name.toLowerCase() === 'host') headers.set(name, value ?? '')
        else {
          headers.delete(name)
          headers.append(name, value ?? '')
        }
      } else headers.append(name, value ?? '')
    }
  }

  #customLines(): string[] {
    return this.#arguments.all('header').flatMap(line => {
      if (!line.startsWith('@')) return [line]
      return this.#process.files
        .readText(this.#process.path(line.slice(1)))
        .split(/\r?\n/)
        .filter(Boolean)
    })
  }

  #isCustom(name: string): boolean {
    return this.#customLines().some(line => line.toLowerCase().startsWith(`${name}:`))
  }

  #login({ url }: ExchangeRequest): string | undefined {
    const given = this.#arguments.get('user')
    if (given !== undefined) return given.includes(':') ? given : `${given}:`
    return url.user === undefined ? undefined : `${url.user}:${url.password ?? ''}`
  }

  async #interim(interim: HttpResponseHead, sink: Sink): Promise<void> {
    const text = latin1(formatResponseHead(interim))
    await this.#log.head('<', text)
    await sink.head(text, interim)
  }

  async #head(request: ExchangeRequest, response: HttpResponseHead, sink: Sink): Promise<void> {
    const text = latin1(formatResponseHead(response))
    this.#measures.status = response.status
    this.#measures.httpVersion = response.version === '1.0' ? '1' : '1.1'
    this.#measures.contentType = response.headers.get('content-type') ?? ''
    this.#measures.sizes.header += text.length
    this.#measures.headers = [...response.headers]
    // What becomes of a cookie is told before the line that sets it.
    for (const line of text.split('\r\n').slice(0, -1)) {
      const [, cookie] = /^set-cookie: *(.*)$/i.exec(line) ?? []
      const note = cookie && this.#jar.keep(cookie, request.url, this.#cookieHost(request))
      if (note) await this.#log.note(note)
      await this.#log.head('<', `${line}\r\n`)
    }
    await sink.head(text, response)
  }

  /** The host that cookies are for: the one in the header, where the command line sets it. */
  #cookieHost({ url }: ExchangeRequest): string {
    const [, host] = this.#customLines().flatMap(line => /^host:\s*([^:\s]+)/i.exec(line) ?? [])
    return host?.toLowerCase() ?? url.host
  }

  /** `--fail` ends with the head of an error. */
  #refuse(response: HttpResponseHead): void {
    if (response.status < 400 || !this.#arguments.has('fail')) return
    throw new CurlError(22, `The requested URL returned error: ${response.status}`)
  }

  #explain(error: unknown, total: number | undefined): unknown {
    this.#measures.reach('total')
    if (error instanceof PatienceOver) {
      const got = this.#measures.sizes.download
      const bytes = total === undefined ? `${got} bytes received` : `${got} out of ${total} bytes received`
      return new CurlError(28, `Operation timed out after ${this.#measures.elapsed + 1} milliseconds with ${bytes}`)
    }
    if (error instanceof SocketError)
      return new CurlError(
        error.code === 'EPIPE' ? 55 : 56,
        `${error.code === 'EPIPE' ? 'Send' : 'Recv'} failure: ${socketErrorTexts[error.code]}`,
      )
    if (error instanceof HttpError) {
      if (error.code === 'empty') return new CurlError(52, 'Empty reply from server')
      if (error.code === 'ended') return new CurlError(18, error.message)
      return new CurlError(1, 'Received HTTP/0.9 when not allowed')
    }
    return error
  }
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function base64(text: string): string {
  return btoa(latin1(bytesOf(text)))
}
