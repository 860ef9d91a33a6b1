import { ByteReader } from '../../../machine/byteStream.ts'
import { bytesOf } from '../../../machine/bytes.ts'
import { type Certificate, decodeCertificates } from '../../../machine/certificate.ts'
import { FileError } from '../../../machine/fileError.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import { LineOutput } from '../../../machine/lineOutput.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { serveTcp } from '../../../machine/tcp.ts'
import { acceptTls, TlsError } from '../../../machine/tls.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { Client } from '../../client.ts'
import { deployment } from '../../kinds/deployment.ts'
import { endpointSlice } from '../../kinds/endpointSlice.ts'
import type { Kind } from '../../kinds/kind.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { secret } from '../../kinds/secret.ts'
import { service } from '../../kinds/service.ts'
import { campaign } from '../leaderElection.ts'
import { generateCertificates } from './generateCertificates.ts'
import { type GatewayState, readGraph } from './graph.ts'
import { release } from './images.ts'
import { initialize } from './initialize.ts'
import { deprovision, type ProxySettings, provision, resourceName } from './provision.ts'
import { StatusWriter } from './status.ts'
import { gatewayGroup } from './types.ts'

// How long changes are collected before they are looked at together: milliseconds.
const batchPause = 100
const electionDuration = 15_000

/** The program `gateway`: the controller itself, and what its Job and init containers run. */
export function gatewayProgram(clientOf: (account: string) => Client): Program {
  return {
    name: 'gateway',
    summary: 'configure nginx by the Gateway API',
    appetite: { processor: 2, memory: 31_000_000 },
    async run(process) {
      const [command] = process.argv.slice(1)
      const namespace = process.env.get('POD_NAMESPACE') ?? 'nginx-gateway'
      switch (command) {
        case 'controller':
          return new ControlPlane(process, clientOf(`${namespace}:nginx-gateway`), namespace).run()
        case 'generate-certs':
          return generateCertificates(process, clientOf(`${namespace}:nginx-gateway-cert-generator`), namespace)
        case 'initialize':
          return initialize(process)
      }
      await process.stderr.write(`Error: unknown command "${command ?? ''}" for "gateway"\n`)
      return 1
    },
  }
}

/** Follows Gateways, routes and what they lead to, and tells the agents beside the nginx of each Gateway. */
class ControlPlane {
  readonly #process: Process
  readonly #client: Client
  readonly #namespace: string
  readonly #status: StatusWriter
  readonly #output: LineOutput
  /** The newest configuration for each Deployment, as agents are told it. */
  readonly #configurations = new Map<string, string>()
  readonly #waiting = new Set<() => void>()
  readonly #watched = new Set<string>()
  readonly #stops: (() => void)[] = []
  /** Those that have pods, the last time. */
  #provisioned: string | undefined
  #isDirty = true
  #isLeading = false
  #wake: () => void = () => {}
  #batch = 0

  constructor(process: Process, client: Client, namespace: string) {
    this.#process = process
    this.#client = client
    this.#namespace = namespace
    this.#output = new LineOutput(process, process.stderr)
    this.#status = new StatusWriter(client, () => this.#time())
  }

  async run(): Promise<number> {
    const process = this.#process
    this.#log(`Starting the NGINX Gateway Fabric control plane`, {
      version: release,
      commit: '',
      date: '',
      dirty: 'false',
    })
    let isReady = false
    serveHttp(process, 8081, ({ target }) =>
      target === '/readyz' && isReady
        ? { status: 200, body: 'ok' }
        : { status: target === '/readyz' ? 503 : 404, body: '' },
    )
    // Simplified: the metrics tell the version only.
    serveHttp(process, 9113, () => ({ status: 200, body: `nginx_gateway_fabric_build_info{version="${release}"} 1\n` }))
    this.#serveAgents()
    this.#follow()
    process.onExit(() => {
      for (const stop of this.#stops) stop()
    })
    process.thread(() =>
      campaign(process, {
        client: this.#client,
        namespace: this.#namespace,
        name: 'nginx-gateway-leader-election',
        identity: process.machine.hostname,
        duration: electionDuration,
        retry: 2000,
        onLeading: () => {
          this.#isLeading = true
          this.#touch()
        },
      }),
    )
    process.thread(() => this.#syncForEver())
    isReady = true
    await untilAsked(process)
    return 0
  }

  #follow(): void {
    for (const kind of [service, endpointSlice, secret, namespaceKind, deployment]) this.#watch(kind as unknown as Kind)
    for (const kind of this.#client.kinds()) this.#consider(kind)
    this.#client.onNewKind(kind => this.#consider(kind))
  }

  #consider(kind: Kind): void {
    if (kind.group !== gatewayGroup && kind.group !== 'gateway.nginx.org') return
    const key = `${kind.group}/${kind.kind}`
    if (this.#watched.has(key)) return
    this.#watched.add(key)
    this.#watch(kind)
  }

  #watch(kind: Kind): void {
    this.#stops.push(this.#client.watch(kind, () => this.#touch()))
  }

  #touch(): void {
    this.#isDirty = true
    this.#wake()
  }

  async #syncForEver(): Promise<void> {
    for (;;) {
      while (!this.#isDirty)
        await this.#process.wait<void>(wake => {
          this.#wake = () => wake()
        })
      this.#isDirty = false
      this.#sync()
      await this.#process.sleep(batchPause)
    }
  }

  #sync(): void {
    const { gateways, routes } = readGraph(this.#client)
    let isNew = false
    for (const state of gateways) isNew = this.#configure(state) || isNew
    if (isNew) {
      this.#batch++
      this.#log('NGINX configuration was successfully updated', { logger: 'eventHandler', batchID: this.#batch })
      for (const wake of [...this.#waiting]) wake()
    }
    if (!this.#isLeading) return
    const current = gateways.filter(({ gateway }) => !gateway.metadata.deletionTimestamp).map(ownerOf)
    if (current.join(' ') !== this.#provisioned) deprovision(this.#client, new Set(current))
    this.#provisioned = current.join(' ')
    this.#status.gatewayClasses()
    for (const state of gateways) this.#status.gateway(state)
    for (const state of routes) this.#status.route(state)
    this.#status.forgetRoutes(new Set(routes.map(({ route }) => route.metadata.uid)))
  }

  /** Makes what the Gateway needs; whether its agents have something new to learn. */
  #configure(state: GatewayState): boolean {
    const { gateway, isValid, dataPlane } = state
    const key = ownerOf(state)
    if (this.#isLeading && isValid && !gateway.metadata.deletionTimestamp) {
      try {
        provision(this.#client, gateway, this.#namespace, this.#proxySettings())
      } catch (error) {
        if (!this.#client.isRefusal(error)) throw error
        this.#log((error as Error).message, { level: 'error', logger: 'provisioner' })
      }
    }
    const text = JSON.stringify(isValid ? dataPlane : { servers: [], upstreams: {} })
    if (this.#configurations.get(key) === text) return false
    this.#configurations.set(key, text)
    return true
  }

  #proxySettings(): ProxySettings {
    const kind = this.#client.kinds().find(each => each.group === 'gateway.nginx.org' && each.kind === 'NginxProxy')
    const found = kind && this.#client.get(kind, 'nginx-gateway-proxy-config', this.#namespace)
    const { kubernetes = {} } = ((found as { spec?: object } | undefined)?.spec ?? {}) as {
      kubernetes?: { service?: { type?: string; externalTrafficPolicy?: string }; deployment?: { replicas?: number } }
    }
    return {
      serviceType: kubernetes.service?.type ?? 'LoadBalancer',
      externalTrafficPolicy: kubernetes.service?.externalTrafficPolicy ?? 'Local',
      replicas: kubernetes.deployment?.replicas ?? 1,
    }
  }

  /** Listens for agents: each says whose it is and is told the configuration, and again whenever it changes. */
  #serveAgents(): void {
    const process = this.#process
    const chain = () => this.#certificates()
    serveTcp(
      process,
      8443,
      async tcp => {
        try {
          const stream = await acceptTls(tcp, process.kernel.random, {
            certificates: chain,
            applicationProtocols: ['h2'],
          })
          const owner = await new ByteReader(stream).line()
          if (owner === undefined) return
          this.#log('Creating connection for nginx agent', { logger: 'agentGRPCServer', parent: owner })
          let told: string | undefined
          for (;;) {
            const newest = this.#configurations.get(owner)
            if (newest !== undefined && newest !== told) {
              told = newest
              await stream.write(bytesOf(`${newest}\n`))
            } else await this.#nextChange()
          }
        } catch (error) {
          if (!(error instanceof TlsError)) throw error
        }
      },
      { isDualStack: true },
    )
  }

  async #nextChange(): Promise<void> {
    let forget = () => {}
    await this.#process.wait<void>(wake => {
      const react = () => wake()
      this.#waiting.add(react)
      forget = () => this.#waiting.delete(react)
    })
    forget()
  }

  #certificates(): readonly Certificate[] {
    try {
      return decodeCertificates(this.#process.files.readText('/var/run/secrets/ngf/tls.crt'))
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return []
    }
  }

  #time(): string {
    return new Date(this.#process.machine.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  }

  #log(msg: string, more: Readonly<Record<string, string | number>> = {}): void {
    const { level = 'info', ...rest } = more
    this.#output.write(`${JSON.stringify({ level, ts: this.#time(), msg, ...rest })}\n`)
  }
}

/** How agents and objects name the Gateway that they belong to. */
function ownerOf({ gateway }: GatewayState): string {
  return `${gateway.metadata.namespace}_${resourceName(gateway)}`
}
