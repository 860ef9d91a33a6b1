import type { ByteStream } from '../../../machine/byteStream.ts'
import { concatBytes } from '../../../machine/byteStream.ts'
import {
  collect,
  formatRequestHead,
  HttpError,
  type HttpRequestHead,
  readResponseHead,
  responseBody,
} from '../../../machine/http.ts'
import type { Process } from '../../../machine/program.ts'
import { PatienceOver } from '../../../machine/socketFailure.ts'
import { serveTcp, type TcpListening, type TcpStream } from '../../../machine/tcp.ts'
import { acceptTls, peekTls, TlsError } from '../../../machine/tls.ts'
import { formatIpv4 } from '../../../network/address.ts'
import { SocketError } from '../../../network/socketError.ts'
import type { Endpoint } from '../../../network/sockets.ts'
import { isAllowed } from './access.ts'
import type { Dialect, Downstream, Exchange, Observer, OwnAnswer } from './dialect.ts'
import { serveExchanges, type Way } from './exchange.ts'
import { UpstreamFailure } from './failure.ts'
import { peerIdentity, type WorkloadIdentity } from './identity.ts'
import { pipe } from './pipe.ts'
import { Rewound } from './rewound.ts'
import { findRoute, findVirtualHost } from './routing.ts'
import { type MeshCluster, type MeshEndpoint, type MeshRoute, type ProxySettings, passthrough } from './settings.ts'
import { UpstreamCluster } from './upstreamCluster.ts'

/** Takes the connections that rules of its pod turn to it, both ways, and passes on what they carry. */
export class MeshProxy {
  readonly #process: Process
  readonly #dialect: Dialect
  readonly #observer: Observer
  readonly #clusters = new Map<string, UpstreamCluster>()
  readonly #gateway = new Map<string, TcpListening>()
  #settings: ProxySettings | undefined
  identity: WorkloadIdentity | undefined

  constructor(process: Process, dialect: Dialect, observer: Observer) {
    this.#process = process
    this.#dialect = dialect
    this.#observer = observer
  }

  /** What the control plane has said last; undefined before it has said anything. */
  get settings(): ProxySettings | undefined {
    return this.#settings
  }

  set settings(settings: ProxySettings) {
    const isFirst = this.#settings === undefined
    this.#settings = settings
    for (const [name, cluster] of this.#clusters) {
      const next = settings.clusters[name]
      if (next && next !== cluster.settings) cluster.update(next)
      if (next) continue
      if (cluster.settings.isOriginal) continue
      cluster.end()
      this.#clusters.delete(name)
    }
    if (settings.gateway) this.#openGateway(settings.gateway)
    else if (isFirst) this.#listen()
  }

  /** Clusters that have been used. */
  get clusters(): ReadonlyMap<string, UpstreamCluster> {
    return this.#clusters
  }

  #listen(): void {
    const { outboundPort, outboundAddress: address, inboundPort } = this.#dialect
    serveTcp(this.#process, outboundPort, stream => this.#guard(stream, () => this.#takeOutbound(stream)), { address })
    serveTcp(this.#process, inboundPort, stream => this.#guard(stream, () => this.#takeInbound(stream)))
  }

  /** Listens at the ports of a proxy at the edge: those that there are now. */
  #openGateway(ports: NonNullable<ProxySettings['gateway']>): void {
    for (const [port, listening] of this.#gateway)
      if (!ports[port]) {
        listening.close()
        this.#gateway.delete(port)
      }
    for (const port of Object.keys(ports)) {
      if (this.#gateway.has(port)) continue
      const take = (stream: TcpStream) => this.#guard(stream, () => this.#takeAtEdge(stream, port))
      this.#gateway.set(port, serveTcp(this.#process, Number(port), take))
    }
  }

  async #takeAtEdge(stream: TcpStream, port: string): Promise<void> {
    const found = this.#settings!.gateway?.[port]
    if (!found) return stream.abort()
    const downstream = downstreamOf('outbound', stream, stream.local)
    const target = this.#endpointOf(stream.local)
    const { certificates, routes, isRedirecting } = found
    const serve = (plain: ByteStream, serverName: string | undefined) =>
      this.#serve(plain, { ...downstream, serverName }, exchange =>
        isRedirecting ? toTls(exchange) : this.#routeOutbound(exchange, routes, target),
      )
    if (!certificates) return serve(stream, undefined)
    const first = await stream.read()
    const hello = first && peekTls(first)
    const { serverName } = hello ?? {}
    const chosen = certificates.find(({ hosts }) => hosts.some(host => isHost(host, serverName)))
    // Who asks for a host that nobody has a certificate for hears nothing.
    if (!first || !hello || !chosen) return stream.abort()
    const secured = await acceptTls(new Rewound(stream, first), this.#process.kernel.random, {
      certificates: () => chosen.chain,
      applicationProtocols: ['http/1.1'],
    })
    return serve(secured, serverName)
  }

  /** What one connection suffers must not end the proxy. */
  async #guard(stream: TcpStream, take: () => Promise<void>): Promise<void> {
    try {
      await take()
    } catch (error) {
      const isKnown = [SocketError, HttpError, TlsError, PatienceOver, UpstreamFailure].some(
        kind => error instanceof kind,
      )
      if (!isKnown) throw error
      stream.abort()
    }
  }

  async #takeOutbound(stream: TcpStream): Promise<void> {
    const settings = this.#settings!
    const original = stream.originalDestination
    const address = formatIpv4(original.address)
    const listener = settings.listeners[`${address}:${original.port}`] ?? settings.listeners[`0.0.0.0:${original.port}`]
    const downstream = downstreamOf('outbound', stream, original)
    const target = this.#endpointOf(original)
    if (!listener) {
      if (!settings.allowsUnknown) return this.#pipeTo(stream, downstream, 'BlackHoleCluster', target)
      return this.#pipeTo(stream, downstream, 'PassthroughCluster', target)
    }
    if (listener.protocol === 'tcp') return this.#pipeTo(stream, downstream, this.#pick(listener.clusters), target)
    const first = await stream.read()
    if (!first) return
    const whole = new Rewound(stream, first)
    if (looksLikeHttp(first) && listener.routes !== undefined)
      return this.#serve(whole, downstream, exchange => this.#routeOutbound(exchange, listener.routes!, target))
    return this.#pipeTo(whole, downstream, this.#pick(listener.clusters), target)
  }

  async #takeInbound(stream: TcpStream): Promise<void> {
    const { inbound } = this.#settings!
    const original = stream.originalDestination
    const port = inbound.ports[String(original.port)]
    const strictness = port?.strictness ?? inbound.strictness
    if (port?.protocol === 'tcp' && strictness === 'DISABLE')
      return this.#passIn(stream, downstreamOf('inbound', stream, original), original)
    const first = await stream.read()
    if (!first) return
    const whole = new Rewound(stream, first)
    const hello = peekTls(first)
    if (hello && strictness !== 'DISABLE' && this.#dialect.isForProxy(hello, this.#settings!.self)) {
      const chain = this.identity?.chain ?? []
      const secured = await acceptTls(whole, this.#process.kernel.random, {
        certificates: () => chain,
        applicationProtocols: hello.applicationProtocols,
      })
      const identity =
        this.identity && peerIdentity(secured.peerCertificates, this.identity, this.#process.machine.now())
      // A client that nobody vouches for is sent away by an alert.
      if (identity === undefined) return secured.close()
      const facts = { serverName: hello.serverName, identity }
      return this.#passIn(secured, { ...downstreamOf('inbound', stream, original), ...facts }, original)
    }
    if (strictness === 'STRICT') return stream.abort()
    const downstream = downstreamOf('inbound', stream, original)
    return this.#passIn(whole, downstream, original)
  }

  async #passIn(opened: ByteStream, downstream: Downstream, original: Endpoint): Promise<void> {
    const settings = this.#settings!
    const port = settings.inbound.ports[String(original.port)]
    const name = port?.service === undefined ? 'InboundPassthroughCluster' : `inbound|${original.port}||`
    const target = this.#endpointOf(original)
    const first = port?.protocol === 'tcp' ? new Uint8Array(0) : await opened.read()
    if (!first) return opened.close()
    const stream = first.length > 0 ? new Rewound(opened, first) : opened
    if (looksLikeHttp(first))
      return this.#serve(stream, downstream, exchange => this.#routeInbound(exchange, name, target))
    const { policies } = settings.inbound
    const { identity } = downstream
    const facts = { identity, method: undefined, path: undefined, host: undefined, port: String(original.port) }
    if (!isAllowed(policies, facts)) return stream.close()
    return this.#pipeTo(stream, downstream, name, target)
  }

  #serve(stream: ByteStream, downstream: Downstream, findWay: (exchange: Exchange) => Way | OwnAnswer): Promise<void> {
    const parts = {
      process: this.#process,
      dialect: this.#dialect,
      findWay,
      onAnswered: (exchange: Exchange) => this.#observer.onExchange(exchange),
      mirror: (exchange: Exchange, route: MeshRoute, head: HttpRequestHead, body: Uint8Array) =>
        this.#process.thread(() => this.#mirror(exchange, route, head, body)),
    }
    return serveExchanges(parts, downstream, stream)
  }

  #routeOutbound(exchange: Exchange, routes: string, original: MeshEndpoint): Way | OwnAnswer {
    const settings = this.#settings!
    const { request } = exchange
    const host = findVirtualHost(settings.routes[routes] ?? [], request.headers.get('host') ?? '')
    const dial = this.#dialOptions('http', undefined)
    if (!host && settings.allowsUnknown)
      return { route: undefined, cluster: this.#cluster('PassthroughCluster'), original, dial }
    if (!host && !settings.gateway) return this.#dialect.blocked
    const route = host && findRoute(host.routes, request)
    if (!route) return this.#dialect.failure('no route', { reason: undefined, hasRetried: false })
    const cluster = this.#pick(route.destinations)
    if (!route.redirect && !route.answer && !settings.clusters[cluster])
      return this.#dialect.failure('no cluster', { reason: undefined, hasRetried: false })
    return { route, cluster: this.#cluster(cluster), original, dial }
  }

  #routeInbound(exchange: Exchange, cluster: string, original: MeshEndpoint): Way | OwnAnswer {
    const { request, downstream } = exchange
    const facts = {
      identity: downstream.identity,
      method: request.method,
      path: request.target.split('?')[0],
      host: request.headers.get('host'),
      port: String(original.port),
    }
    if (!isAllowed(this.#settings!.inbound.policies, facts)) return this.#dialect.denied
    const dial = this.#dialOptions('http', this.#dialect.inboundSource)
    return { route: undefined, cluster: this.#cluster(cluster), original, dial }
  }

  async #pipeTo(stream: ByteStream, downstream: Downstream, name: string, original: MeshEndpoint): Promise<void> {
    const source = downstream.direction === 'inbound' ? this.#dialect.inboundSource : undefined
    const record = await pipe({
      process: this.#process,
      stream,
      downstream,
      cluster: name === 'BlackHoleCluster' ? undefined : this.#cluster(name),
      original,
      dial: this.#dialOptions('tcp', source),
    })
    this.#observer.onConnection(record)
  }

  async #mirror(exchange: Exchange, route: MeshRoute, head: HttpRequestHead, body: Uint8Array): Promise<void> {
    const cluster = this.#cluster(route.mirror!.cluster)
    try {
      const endpoint = cluster.choose({ without: new Set(), hashKey: () => undefined })
      const connection = await cluster.connect(endpoint, this.#dialOptions('http', undefined))
      const { headers } = head
      headers.set('host', `${exchange.request.headers.get('host')}-shadow`)
      await connection.stream.write(concatBytes([formatRequestHead(head), body]))
      const answer = await readResponseHead(connection.reader)
      await collect(responseBody(connection.reader, answer, head.method))
      cluster.release(connection, false)
    } catch (error) {
      if (!(error instanceof UpstreamFailure || error instanceof SocketError || error instanceof HttpError)) throw error
    }
  }

  /** The endpoint that a client has asked for by its own address. */
  #endpointOf({ address, port }: Endpoint): MeshEndpoint {
    const text = formatIpv4(address)
    const workload = this.#settings!.peers[text]
    return { address: text, port, isMeshed: workload?.isMeshed ?? false }
  }

  #dialOptions(kind: 'http' | 'tcp', source: number | undefined) {
    const applicationProtocols = this.#dialect.applicationProtocols[kind]
    const peerName = (address: string) => this.#settings?.peers[address]?.identity
    return { identity: this.identity, applicationProtocols, source, peerName }
  }

  #pick(choices: readonly { readonly cluster: string; readonly weight: number }[]): string {
    const total = choices.reduce((sum, { weight }) => sum + weight, 0)
    let left = choices.length > 1 ? this.#process.kernel.random.fraction() * total : 0
    for (const { cluster, weight } of choices) {
      left -= weight
      if (left < 0 || choices.length === 1) return cluster
    }
    return choices.at(-1)?.cluster ?? 'PassthroughCluster'
  }

  #cluster(name: string): UpstreamCluster {
    let cluster = this.#clusters.get(name)
    if (!cluster) {
      const settings: MeshCluster = this.#settings!.clusters[name] ?? passthrough(name)
      cluster = new UpstreamCluster(this.#process, settings)
      this.#clusters.set(name, cluster)
    }
    return cluster
  }
}

/** Sends a client to the same place over TLS. */
function toTls({ request }: Exchange): OwnAnswer {
  const location = `https://${request.headers.get('host')?.split(':')[0] ?? ''}${request.target}`
  return { status: 301, body: '', headers: { location }, flags: '-', details: 'direct_response' }
}

function isHost(pattern: string, name: string | undefined): boolean {
  if (pattern === '*') return true
  return pattern.startsWith('*') ? (name?.endsWith(pattern.slice(1)) ?? false) : pattern === name
}

function looksLikeHttp(bytes: Uint8Array): boolean {
  return /^[A-Z]{3,16} \S* HTTP\/1\.[01]\r?\n/.test(String.fromCharCode(...bytes.subarray(0, 2048)))
}

function downstreamOf(direction: Downstream['direction'], { remote }: TcpStream, original: Endpoint): Downstream {
  const text = ({ address, port }: Endpoint) => `${formatIpv4(address)}:${port}`
  return { direction, local: text(original), remote: text(remote), serverName: undefined, identity: undefined }
}
