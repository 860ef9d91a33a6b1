import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { parseIpv4 } from '../../../network/address.ts'
import { MeshProxy } from '../mesh/proxy.ts'
import { clustersText, listenersText, statsText } from './adminText.ts'
import { envoyDialect } from './dialect.ts'
import { SpanReporter } from './spanReporter.ts'
import { EnvoyTelemetry } from './telemetry.ts'
import { istioVersion } from './version.ts'

/** A running Envoy, as the agent beside it sees it. */
export class Envoy {
  readonly proxy: MeshProxy
  readonly telemetry: EnvoyTelemetry
  readonly #process: Process

  constructor(process: Process) {
    this.#process = process
    const reporter = new SpanReporter(process, () => this.proxy.settings?.tracing)
    this.telemetry = new EnvoyTelemetry(
      process,
      () => this.proxy,
      span => reporter.add(span),
    )
    const dialect = envoyDialect(process, () => this.proxy)
    this.proxy = new MeshProxy(process, dialect, this.telemetry)
  }

  /** Whether it knows what to do with connections. */
  get isReady(): boolean {
    return this.proxy.settings !== undefined && this.proxy.identity !== undefined
  }

  serve(): void {
    serveHttp(this.#process, 15000, request => this.#administer(request), { address: parseIpv4('127.0.0.1')! })
    serveHttp(this.#process, 15021, ({ target }) => this.#health(target))
    serveHttp(this.#process, 15090, ({ target }) =>
      target.startsWith('/stats/prometheus') ? this.#prometheus() : { status: 404 },
    )
  }

  #health(target: string): HttpAnswer {
    if (!target.startsWith('/healthz/ready')) return { status: 404 }
    return this.isReady ? { status: 200 } : { status: 503 }
  }

  #prometheus(): HttpAnswer {
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; charset=UTF-8' },
      body: this.telemetry.metrics.toString(),
    }
  }

  #administer({ target, method }: HttpRequest): HttpAnswer {
    const [path = '', query = ''] = target.split('?')
    const answer = (body: string) => ({ status: 200, headers: { 'content-type': 'text/plain; charset=UTF-8' }, body })
    const pattern = /(?:^|&)filter=([^&]+)/.exec(query)?.[1]
    switch (path) {
      case '/ready':
        return this.isReady ? answer('LIVE\n') : { status: 503, body: 'PRE_INITIALIZING\n' }
      case '/stats':
        return query.includes('format=prometheus')
          ? this.#prometheus()
          : answer(filtered(statsText(this.proxy), pattern))
      case '/stats/prometheus':
        return this.#prometheus()
      case '/clusters':
        return answer(clustersText(this.proxy))
      case '/listeners':
        return answer(listenersText(this.proxy))
      case '/server_info':
        return answer(
          `${JSON.stringify({ version: `istio-proxy/${istioVersion}/Clean/RELEASE/BoringSSL`, state: this.isReady ? 'LIVE' : 'PRE_INITIALIZING' }, null, 1)}\n`,
        )
      case '/drain_listeners':
      case '/healthcheck/fail':
        return method === 'POST' ? answer('OK\n') : { status: 405, body: `Method GET not allowed, POST required.` }
      case '/config_dump':
        // Simplified: what istiod has said, as it has said it, instead of Envoy's own form.
        return answer(`${JSON.stringify(this.proxy.settings ?? {}, null, 1)}\n`)
      default:
        return {
          status: 404,
          body: `invalid path. admin commands are:\n  /clusters\n  /listeners\n  /ready\n  /server_info\n  /stats\n  /stats/prometheus\n`,
        }
    }
  }
}

/** The program that the agent starts; `tell` gets it once it runs. */
export function envoyProgram(tell: (envoy: Envoy) => void): Program {
  return {
    name: 'envoy',
    summary: 'edge and service proxy',
    appetite: { processor: 4, memory: 40_000_000 },
    async run(process) {
      const envoy = new Envoy(process)
      envoy.serve()
      tell(envoy)
      await untilAsked(process)
      return 0
    },
  }
}

function filtered(text: string, pattern: string | undefined): string {
  if (pattern === undefined) return text
  try {
    const wanted = new RegExp(decodeURIComponent(pattern))
    const lines = text.split('\n').filter(line => wanted.test(line))
    return lines.map(line => `${line}\n`).join('')
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof URIError)) throw error
    return 'Invalid re2 regex\n'
  }
}
