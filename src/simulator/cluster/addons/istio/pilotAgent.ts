import { decodeCertificates } from '../../../machine/certificate.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { changedSettings } from '../mesh/settings.ts'
import { followSettings } from '../mesh/settingsClient.ts'
import type { Notice } from '../mesh/settingsServer.ts'
import { requestAdmin } from './adminRequest.ts'
import { askApplication, type Prober } from './applicationProbe.ts'
import { type Envoy, envoyProgram } from './envoy.ts'
import { logLine, runIptables } from './iptables.ts'
import { istioVersion } from './version.ts'

const tokenFile = '/var/run/secrets/tokens/istio-token'
const rootFile = '/var/run/secrets/istio/root-cert.pem'
/** How long a proxy goes on after it has been asked to end: milliseconds (terminationDrainDuration). */
const drainTime = 5000

/** The agent of Istio's containers: sets up redirection, or runs Envoy and speaks with istiod for it. */
export const pilotAgent: Program = {
  name: 'pilot-agent',
  summary: 'Istio Pilot agent',
  appetite: { processor: 1, memory: 25_000_000 },
  run(process) {
    const [, command, ...words] = process.argv
    if (command === 'istio-iptables') return runIptables(process, words)
    if (command === 'proxy') return new Agent(process).run(words)
    if (command === 'request') return requestAdmin(process, 15000, words)
    if (command === 'version') return process.write(`${istioVersion}\n`).then(() => 0)
    const text =
      command === undefined
        ? 'Istio Pilot agent runs in the sidecar or gateway container and bootstraps Envoy.\n'
        : `Error: unknown command "${command}" for "pilot-agent"\n`
    return process.stderr.write(text).then(() => (command === undefined ? 0 : 1))
  },
}

class Agent {
  readonly #process: Process
  #envoy: Envoy | undefined
  #hasBeenReady = false

  constructor(process: Process) {
    this.#process = process
  }

  async run(words: readonly string[]): Promise<number> {
    const process = this.#process
    const [type = ''] = words
    if (type !== 'sidecar' && type !== 'router') {
      await process.stderr.write(`Error: proxy type ${type} is not simulated here\n`)
      return 1
    }
    const env = (name: string) => process.env.get(name) ?? ''
    const domain = `${env('POD_NAMESPACE')}.svc.cluster.local`
    const id = `${env('POD_NAME')}.${env('POD_NAMESPACE')}`
    await this.#log(`Version ${istioVersion}-Clean`)
    await this.#log(`Proxy role\tips=[${env('INSTANCE_IP')}] type=${type} id=${id} domain=${domain}`)
    this.#startEnvoy()
    serveHttp(process, 15020, asked => this.#answer(asked))
    await untilAsked(process)
    await this.#log('Agent draining Proxy')
    await process.sleep(drainTime)
    return 0
  }

  #startEnvoy(): void {
    const child = this.#process.spawn({
      argv: [
        '/usr/local/bin/envoy',
        ...['-c', 'etc/istio/proxy/envoy-rev.json', '--drain-time-s', '45', '--drain-strategy', 'immediate'],
        ...['--local-address-ip-version', 'v4', '--file-flush-interval-msec', '1000', '--disable-hot-restart'],
        ...['--allow-unknown-static-fields', '-l', 'warning', '--component-log-level', 'misc:error'],
      ],
      program: envoyProgram(envoy => {
        this.#envoy = envoy
        this.#process.thread(() => this.#follow())
      }),
    })
    this.#process.onExit(() => child.kill('SIGKILL'))
  }

  #follow(): Promise<void> {
    const { files, env } = this.#process
    const read = (path: string) => (files.exists(path) ? files.readText(path) : '')
    const server = env.get('CA_ADDR') ?? 'istiod.istio-system.svc:15012'
    return followSettings(this.#process, {
      server,
      roots: () => decodeCertificates(read(rootFile)),
      token: () => read(tokenFile),
      take: notice => this.#take(notice),
      onProblem: why => this.#log(`connected to upstream XDS server: ${server} failed: ${why}`, 'warn', 'xdsproxy'),
    })
  }

  async #take({ identity, settings }: Notice): Promise<void> {
    const proxy = this.#envoy?.proxy
    if (!proxy) return
    if (identity) proxy.identity = identity
    if (settings) proxy.settings = changedSettings(proxy.settings, settings)
    if (!this.#envoy!.isReady || this.#hasBeenReady) return
    this.#hasBeenReady = true
    await this.#log('Readiness succeeded')
    await this.#log('Envoy proxy is ready')
  }

  #answer({ target, method }: HttpRequest): HttpAnswer | Promise<HttpAnswer> {
    const path = target.split('?')[0]!
    if (path === '/healthz/ready')
      return this.#envoy?.isReady ? { status: 200 } : { status: 503, body: 'envoy is not ready' }
    if (path === '/stats/prometheus' || path === '/metrics')
      return {
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: this.#envoy?.telemetry.metrics.toString() ?? '',
      }
    if (path.startsWith('/app-health/')) return this.#ask(path)
    if (path === '/drain' && method === 'POST') return { status: 200, body: 'OK' }
    if (path === '/quitquitquit' && method === 'POST') {
      this.#process.kill('SIGTERM')
      return { status: 200, body: 'OK' }
    }
    return { status: 404, body: '404 page not found\n' }
  }

  /** Asks the application what the kubelet wants to know of it. */
  async #ask(path: string): Promise<HttpAnswer> {
    const probers = JSON.parse(this.#process.env.get('ISTIO_KUBE_APP_PROBERS') ?? '{}') as Record<string, Prober>
    const prober = probers[path]
    if (!prober) return { status: 404, body: '404 page not found\n' }
    return askApplication(this.#process, prober, this.#process.env.get('INSTANCE_IP') ?? '')
  }

  #log(text: string, level = 'info', scope = ''): Promise<void> {
    return this.#process.write(logLine(this.#process, text, level, scope))
  }
}
