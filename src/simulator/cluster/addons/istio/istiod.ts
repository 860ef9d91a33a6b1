import { type Certificate, encodeCertificate } from '../../../machine/certificate.ts'
import { type HttpAnswer, type HttpRequest, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { findAuthority, publishTrust } from '../mesh/authority.ts'
import type { MeshAuthority } from '../mesh/identity.ts'
import { answerReview } from '../mesh/injector.ts'
import { SettingsServer } from '../mesh/settingsServer.ts'
import { requestAdmin } from './adminRequest.ts'
import { settingsMaker } from './discovery.ts'
import { injectionPatch, wantsProxy } from './injection.ts'
import { logLine } from './iptables.ts'
import { readKinds, readRegistry, workloadOf } from './meshRegistry.ts'
import { readMeshSettings } from './meshSettings.ts'
import { istioVersion } from './version.ts'

const namespace = 'istio-system'
const rootName = 'istio-ca-root-cert'
const authorityPlace = {
  name: 'istio-ca-secret',
  namespace,
  type: 'istio.io/ca-root',
  certificate: 'ca-cert.pem',
  key: 'ca-key.pem',
  subject: 'O=cluster.local',
}

/** The control plane of the mesh: signs certificates, puts proxies into pods and tells them what they are to know. */
export function createIstiodProgram(client: Client): Program {
  return {
    name: 'pilot-discovery',
    summary: 'Istio Pilot',
    appetite: { processor: 5, memory: 60_000_000 },
    async run(process) {
      if (process.argv[1] === 'request') return requestAdmin(process, 8080, process.argv.slice(2))
      if (process.argv[1] !== 'discovery') {
        await process.stderr.write(`Error: unknown command "${process.argv[1] ?? ''}" for "pilot-discovery"\n`)
        return 1
      }
      new Istiod(process, client).start()
      await process.write(logLine(process, `Istiod started: version ${istioVersion}`))
      await untilAsked(process)
      return 0
    },
  }
}

class Istiod {
  readonly #process: Process
  readonly #client: Client
  readonly #authority: MeshAuthority
  readonly #proxies: SettingsServer

  constructor(process: Process, client: Client) {
    this.#process = process
    this.#client = client
    this.#authority = findAuthority(process, client, authorityPlace)
    const { root } = this.#authority
    this.#proxies = new SettingsServer(process, client, {
      audience: 'istio-ca',
      certificates: () => this.#certificates(),
      dependsOn: ({ kind, group }) =>
        kind === 'Secret' || (group.endsWith('.istio.io') && readKinds.some(name => name === kind)),
      read: () => settingsMaker(readRegistry(client), readMeshSettings(client)),
      identify: pod => {
        const own = this.#authority.issue(workloadOf(pod).identity, process.machine.now())
        return { chain: [own, root], roots: [root] }
      },
      onConnected: (pod, count) => this.#log(`ADS: new connection for node:${pod}-${count}`),
      onGone: pod => this.#log(`ADS: "${pod}" terminated`),
    })
  }

  start(): void {
    const process = this.#process
    const tls = { certificates: () => this.#certificates(), applicationProtocols: ['http/1.1'] }
    serveHttp(process, 15017, request => inject(request), { isDualStack: true, tls })
    serveHttp(process, 8080, request => this.#answer(request), { isDualStack: true })
    serveHttp(process, 15014, request => this.#answer(request), { isDualStack: true })
    this.#proxies.listen(15012)
    publishTrust(this.#client, 'istio-sidecar-injector', this.#authority.root)
    const stop = this.#client.watch(namespaceKind, ({ type, object }) => {
      if (type !== 'DELETED' && !object.metadata.deletionTimestamp) this.#publishRoot(object.metadata.name)
    })
    process.onExit(stop)
  }

  #certificates(): readonly Certificate[] {
    return [this.#authority.issue('istiod.istio-system.svc', this.#process.machine.now()), this.#authority.root]
  }

  /** Every namespace holds the certificate by which its pods know the control plane. */
  #publishRoot(home: string): void {
    const pem = encodeCertificate(this.#authority.root)
    const metadata = { name: rootName, namespace: home, labels: { 'istio.io/config': 'true' } }
    if (this.#client.get(configMap, rootName, home)) return
    try {
      this.#client.create(configMap, { metadata, data: { 'root-cert.pem': pem } })
    } catch (error) {
      if (!this.#client.isRefusal(error)) throw error
    }
  }

  #answer({ target }: HttpRequest): HttpAnswer {
    const path = target.split('?')[0]
    if (path === '/ready') return { status: 200, body: '' }
    if (path === '/version') return { status: 200, body: `${istioVersion}-Clean` }
    if (path === '/debug/syncz')
      return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(this.#connected()) }
    if (path === '/metrics')
      return {
        status: 200,
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
        body: `# TYPE pilot_xds gauge\npilot_xds{version="${istioVersion}"} ${this.#proxies.connected.length}\n`,
      }
    return { status: 404, body: '404 page not found\n' }
  }

  /** The proxies that are connected, as `istioctl proxy-status` asks for them. */
  #connected(): { proxy: string; cluster_id: string; istio_version: string }[] {
    return this.#proxies.connected.map(proxy => ({ proxy, cluster_id: 'Kubernetes', istio_version: istioVersion }))
  }

  #log(text: string): Promise<void> {
    return this.#process.write(logLine(this.#process, text, 'info', 'ads'))
  }
}

function inject(request: HttpRequest): HttpAnswer {
  if (!/^\/inject(\?|$|\/)/.test(request.target)) return { status: 404, body: '404 page not found\n' }
  return answerReview(request, (pod, home) => (wantsProxy(pod) ? injectionPatch(pod, home) : undefined))
}
