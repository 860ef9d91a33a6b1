import { decodeCertificates } from '../../../machine/certificate.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { MeshProxy } from '../mesh/proxy.ts'
import { changedSettings } from '../mesh/settings.ts'
import { followSettings } from '../mesh/settingsClient.ts'
import { linkerdDialect } from './dialect.ts'
import { LinkerdTelemetry } from './telemetry.ts'

const tokenFile = '/var/run/secrets/tokens/linkerd-identity-token'

/** The proxy of Linkerd's pods. */
export const linkerdProxy: Program = {
  name: 'linkerd2-proxy',
  summary: 'Linkerd proxy',
  appetite: { processor: 2, memory: 8_000_000 },
  async run(process) {
    new LinkerdProxy(process).start()
    await untilAsked(process)
    await log(process, 'INFO', 'linkerd_app: Received shutdown signal')
    return 0
  },
}

class LinkerdProxy {
  readonly #process: Process
  readonly #proxy: MeshProxy
  readonly #telemetry: LinkerdTelemetry

  constructor(process: Process) {
    this.#process = process
    this.#telemetry = new LinkerdTelemetry(() => this.#proxy)
    this.#proxy = new MeshProxy(process, linkerdDialect, this.#telemetry)
  }

  start(): void {
    serveHttp(this.#process, 4191, request => this.#answer(request))
    this.#follow('LINKERD2_PROXY_IDENTITY_SVC_ADDR', 'linkerd-identity-headless.linkerd.svc.cluster.local:8080')
    this.#follow('LINKERD2_PROXY_DESTINATION_SVC_ADDR', 'linkerd-dst-headless.linkerd.svc.cluster.local:8086')
  }

  get #isReady(): boolean {
    return this.#proxy.settings !== undefined && this.#proxy.identity !== undefined
  }

  #follow(variable: string, usual: string): void {
    const process = this.#process
    const server = (process.env.get(variable) ?? usual).replace('.:', ':')
    process.thread(() =>
      followSettings(process, {
        server,
        roots: () => decodeCertificates(process.env.get('LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS') ?? ''),
        token: () => (process.files.exists(tokenFile) ? process.files.readText(tokenFile) : ''),
        take: async ({ identity, settings }) => {
          if (identity) {
            this.#proxy.identity = identity
            await log(process, 'INFO', `linkerd_app: Certified identity id=${identity.chain[0]?.names[0]}`)
          }
          if (settings) this.#proxy.settings = changedSettings(this.#proxy.settings, settings)
        },
        onProblem: why => log(process, 'WARN', `linkerd_reconnect: Failed to connect error=endpoint ${server}: ${why}`),
      }),
    )
  }

  #answer({ target, method }: HttpRequest): HttpAnswer {
    const path = target.split('?')[0]
    if (path === '/ready')
      return this.#isReady ? { status: 200, body: 'ready\n' } : { status: 503, body: 'not ready\n' }
    if (path === '/live') return { status: 200, body: 'live\n' }
    if (path === '/metrics')
      return {
        status: 200,
        headers: { 'content-type': 'text/plain; version=0.0.4' },
        body: this.#telemetry.metrics.toString(),
      }
    if (path === '/shutdown' && method === 'POST') {
      this.#process.kill('SIGTERM')
      return { status: 200, body: 'shutdown\n' }
    }
    return { status: 404 }
  }
}

function log(process: Process, level: string, text: string): Promise<void> {
  const seconds = (process.kernel.clock.now - process.startedAt) / 1000
  return process.write(`[${seconds.toFixed(6).padStart(12)}s] ${level.padStart(5)} ThreadId(01) ${text}\n`)
}
