import { SocketError } from '../../../network/socketError.ts'
import { bytesOf } from '../../bytes.ts'
import type { HttpResponseHead } from '../../http.ts'
import type { Process } from '../../program.ts'
import { PatienceOver } from '../../socketFailure.ts'
import { Connector, keyOf, type OpenConnection } from './connection.ts'
import { CookieJar } from './cookieJar.ts'
import { CurlError } from './curlError.ts'
import { Exchange, type ExchangeRequest, type Sink, type Upload } from './exchange.ts'
import type { CurlLog } from './log.ts'
import type { Measures } from './measures.ts'
import type { CurlArguments } from './options.ts'
import type { ProgressMeter } from './progress.ts'
import { type CurlUrl, followLocation } from './url.ts'

/** Carries out transfers one after another, keeping connections for the next. */
export class Transfers {
  readonly #process: Process
  readonly #arguments: CurlArguments
  readonly #log: CurlLog
  readonly #connector: Connector
  readonly #jar: CookieJar
  #kept: OpenConnection | undefined

  constructor(process: Process, options: CurlArguments, log: CurlLog) {
    this.#process = process
    this.#arguments = options
    this.#log = log
    this.#connector = new Connector(process, options, log)
    this.#jar = new CookieJar(process, options)
  }

  /** Writes the cookies where they are asked for. */
  writeCookies(): Promise<void> {
    return this.#jar.write()
  }

  prepare(): Promise<void> {
    return this.#connector.prepare()
  }

  /** Gets one URL, following redirects when asked to; throws `CurlError`. */
  async perform(
    start: CurlUrl,
    upload: Upload | undefined,
    sink: Sink,
    measures: Measures,
    meter: ProgressMeter,
  ): Promise<void> {
    const limit = this.#arguments.milliseconds('max-time')
    const deadline = limit ? this.#process.kernel.clock.now + limit : undefined
    const maximum = this.#arguments.number('max-redirs') ?? 50
    let url = start
    let body = upload
    let method = this.#method(upload)
    let areCredentialsSent = true
    if (url.scheme === 'telnet') return this.#talk(url, sink, measures, deadline)
    for (;;) {
      measures.effectiveUrl = url.text
      measures.scheme = url.scheme
      measures.method = method
      const exchange = new Exchange(this.#process, this.#arguments, this.#log, this.#jar, measures, deadline)
      const connection = await this.#connection(url, measures, deadline)
      const follows = this.#arguments.has('location') || this.#arguments.has('location-trusted')
      const response = await this.#run(
        exchange,
        connection,
        { url, method, body, areCredentialsSent },
        sink,
        meter,
        follows,
      )
      const location = response.headers.get('location')
      const isRedirect = response.status >= 300 && response.status < 400 && location !== undefined
      measures.redirectUrl = isRedirect ? followLocation(url, location).text : ''
      if (!isRedirect || !follows) return
      if (measures.redirects >= maximum) {
        throw new CurlError(47, `Maximum (${maximum}) redirects followed`)
      }
      measures.redirects++
      measures.reach('redirect')
      const next = followLocation(url, location)
      await this.#log.note(`Issue another request to this URL: '${next.text}'`)
      if (keyOf(next) !== keyOf(url)) areCredentialsSent = this.#arguments.has('location-trusted')
      if (this.#turnsIntoGet(response.status, method)) {
        if (method !== 'GET') await this.#log.note(`Switch from ${method} to GET`)
        if (!this.#arguments.has('request')) method = 'GET'
        body = undefined
      }
      url = next
    }
  }

  /** Plain TCP: stdin goes to the server, and what it says to the output, until it hangs up. */
  async #talk(url: CurlUrl, sink: Sink, measures: Measures, deadline: number | undefined): Promise<void> {
    const connection = await this.#connector.open(url, measures, deadline)
    const { stream, tcp } = connection
    this.#process.thread(async () => {
      try {
        for (let text = await this.#process.stdin.read(); text !== undefined; text = await this.#process.stdin.read())
          await stream.write(bytesOf(text))
      } catch (error) {
        if (!(error instanceof SocketError)) throw error
      }
    })
    try {
      if (deadline !== undefined) tcp.readTimeout = Math.max(0, deadline - this.#process.kernel.clock.now)
      for (let bytes = await stream.read(); bytes; bytes = await stream.read()) await sink.body(bytes)
    } catch (error) {
      if (!(error instanceof PatienceOver)) throw error
      throw new CurlError(28, 'Time-out')
    } finally {
      await this.#close(connection)
    }
  }

  async #run(
    exchange: Exchange,
    connection: OpenConnection,
    request: ExchangeRequest,
    sink: Sink,
    meter: ProgressMeter,
    follows: boolean,
  ): Promise<HttpResponseHead> {
    try {
      const { response, isReusable } = await exchange.run(connection, request, sink, meter, follows)
      if (isReusable) {
        this.#kept = connection
        await this.#log.note(`Connection #${connection.number} to host ${request.url.host} left intact`)
      } else await this.#close(connection)
      return response
    } catch (error) {
      if (error instanceof CurlError) {
        await this.#log.note(error.message)
        await this.#close(connection)
      }
      throw error
    }
  }

  async #connection(url: CurlUrl, measures: Measures, deadline: number | undefined): Promise<OpenConnection> {
    const kept = this.#kept
    this.#kept = undefined
    if (kept?.key === keyOf(url) && !kept.tcp.isReadable) {
      await this.#log.note(`Found bundle for host: 0x55d0c7a5f2b0 [serially]`)
      await this.#log.note('Can not multiplex, even if we wanted to')
      await this.#log.note(`Re-using existing connection #${kept.number} with host ${url.host}`)
      return kept
    }
    if (kept) await this.#close(kept)
    return this.#connector.open(url, measures, deadline)
  }

  async #close(connection: OpenConnection): Promise<void> {
    await this.#log.note(`Closing connection ${connection.number}`)
    connection.stream.close()
  }

  #method(upload: Upload | undefined): string {
    const given = this.#arguments.get('request')
    if (given !== undefined) return given
    if (this.#arguments.has('head')) return 'HEAD'
    if (this.#arguments.has('upload-file')) return 'PUT'
    return upload && !this.#arguments.has('get') ? 'POST' : 'GET'
  }

  /** 301, 302 and 303 make a POST a GET, as browsers do. */
  #turnsIntoGet(status: number, method: string): boolean {
    if (status === 303) return method !== 'HEAD' && method !== 'GET' && !this.#arguments.has('post303')
    if (status === 301) return method === 'POST' && !this.#arguments.has('post301')
    return status === 302 && method === 'POST' && !this.#arguments.has('post302')
  }
}
