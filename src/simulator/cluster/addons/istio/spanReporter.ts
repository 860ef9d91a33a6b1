import { bytesOf } from '../../../machine/bytes.ts'
import { collect, HttpError, HttpHeaders } from '../../../machine/http.ts'
import { requestHttp } from '../../../machine/httpClient.ts'
import type { Process } from '../../../machine/program.ts'
import { ResolveError, resolveHost } from '../../../machine/resolver.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { ZipkinSpan } from './spans.ts'

// Envoy's tracing.zipkin.flush_interval_ms and min_flush_spans.
const interval = 5000
const fullness = 5

/** Sends spans to Zipkin, several at a time; those that cannot be sent are lost, as with Envoy. */
export class SpanReporter {
  readonly #process: Process
  readonly #target: () => { readonly host: string; readonly port: number } | undefined
  #spans: ZipkinSpan[] = []
  #isPlanned = false

  constructor(process: Process, target: () => { readonly host: string; readonly port: number } | undefined) {
    this.#process = process
    this.#target = target
  }

  add(span: ZipkinSpan): void {
    this.#spans.push(span)
    if (this.#spans.length >= fullness) this.#process.thread(() => this.#flush())
    else if (!this.#isPlanned) {
      this.#isPlanned = true
      this.#process.thread(async () => {
        await this.#process.sleep(interval)
        this.#isPlanned = false
        await this.#flush()
      })
    }
  }

  async #flush(): Promise<void> {
    const target = this.#target()
    const spans = this.#spans
    this.#spans = []
    if (!target || spans.length === 0) return
    try {
      const { addresses } = await resolveHost(this.#process, target.host, 4)
      const body = bytesOf(JSON.stringify(spans))
      const reply = await requestHttp(this.#process, {
        address: addresses[0]!,
        port: target.port,
        method: 'POST',
        target: '/api/v2/spans',
        headers: new HttpHeaders([
          ['host', `${target.host}:${target.port}`],
          ['content-type', 'application/json'],
          ['content-length', String(body.length)],
          ['connection', 'close'],
        ]),
        body,
        timeout: interval,
      })
      await collect(reply.body)
      reply.close()
    } catch (error) {
      if (![ResolveError, SocketError, PatienceOver, HttpError].some(kind => error instanceof kind)) throw error
    }
  }
}
