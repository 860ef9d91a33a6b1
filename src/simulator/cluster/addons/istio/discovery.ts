import type { Certificate } from '../../../machine/certificate.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { ServicePort } from '../../kinds/service.ts'
import { type RegisteredService, workloadsOf } from '../mesh/serviceRegistry.ts'
import type {
  GatewayPort,
  InboundSettings,
  MeshCluster,
  MeshRoute,
  OutboundListener,
  ProxySettings,
  VirtualHost,
} from '../mesh/settings.ts'
import { clusterName, clustersOf } from './clusters.ts'
import { inboundOf } from './inbound.ts'
import { isEdge, isInjected, type MeshRegistry, workloadOf } from './meshRegistry.ts'
import { protocolOf } from './portProtocol.ts'
import { defaultRoute, destinationCluster, routesOf } from './routes.ts'
import type { DestinationRule, HttpRule, ServiceEntry, VirtualService } from './rules.ts'

/** What holds for the whole mesh. */
export interface MeshSettings {
  readonly hasAccessLog: boolean
  readonly allowsUnknown: boolean
  readonly tracing?: { readonly host: string; readonly port: number; readonly sampling: number }
}

const rootNamespace = 'istio-system'

/** Gives what makes the settings of each proxy from what the API server holds. */
export function settingsMaker(registry: MeshRegistry, mesh: MeshSettings): (pod: Pod) => ProxySettings {
  const peers = workloadsOf(registry.pods, { isMeshed: isInjected, workloadOf })
  // What proxies send out depends on their namespace, and on their labels only where a rule asks for those.
  const dependsOnLabels = registry.virtualServices.some(({ spec }) =>
    spec.http?.some(({ match }) => match?.some(({ sourceLabels }) => sourceLabels !== undefined)),
  )
  const known = new Map<string, ReturnType<ProxyView['outbound']>>()
  return pod => {
    const view = new ProxyView(pod, registry)
    const key = `${pod.metadata.namespace}${dependsOnLabels ? JSON.stringify(pod.metadata.labels) : ''}`
    const outbound = known.get(key) ?? view.outbound()
    known.set(key, outbound)
    const common = { self: workloadOf(pod), ...mesh, ...outbound, inbound: view.inbound(), peers }
    if (!isEdge(pod)) return common
    const { ports, routes } = view.edge()
    return { ...common, allowsUnknown: false, gateway: ports, routes: { ...common.routes, ...routes } }
  }
}

/** The mesh as the proxy of one pod sees it. */
class ProxyView {
  readonly #pod: Pod
  readonly #registry: MeshRegistry
  readonly #namespace: string
  readonly #clusters: Record<string, MeshCluster> = {}
  readonly #listeners: Record<string, OutboundListener> = {}
  readonly #routes: Record<string, VirtualHost[]> = {}

  constructor(pod: Pod, registry: MeshRegistry) {
    this.#pod = pod
    this.#registry = registry
    this.#namespace = pod.metadata.namespace ?? 'default'
  }

  outbound(): Pick<ProxySettings, 'clusters' | 'listeners' | 'routes'> {
    for (const each of this.#registry.services) this.#addService(each)
    for (const entry of this.#registry.serviceEntries) this.#addEntry(entry)
    return { clusters: this.#clusters, listeners: this.#listeners, routes: this.#routes }
  }

  /** What a proxy at the edge takes in, by port, and where that goes. */
  edge(): { ports: Record<string, GatewayPort>; routes: Record<string, VirtualHost[]> } {
    const ports: Record<string, GatewayPort> = {}
    const routes: Record<string, VirtualHost[]> = {}
    for (const { metadata, spec } of this.#registry.gateways) {
      if (!isSubset(spec.selector, this.#pod.metadata.labels)) continue
      for (const { port, hosts, tls } of spec.servers ?? []) {
        if (port.protocol === 'TCP' || (tls?.mode !== undefined && tls.mode !== 'SIMPLE')) continue
        const target = String(this.#targetOf(port.number))
        const name = `${tls?.credentialName === undefined ? 'http' : 'https'}.${target}`
        const bare = hosts.map(host => host.slice(host.indexOf('/') + 1))
        const before = ports[target]
        const chain = tls?.credentialName === undefined ? [] : this.#credential(tls.credentialName)
        ports[target] = {
          routes: name,
          ...(tls?.httpsRedirect && { isRedirecting: true }),
          ...(tls?.credentialName !== undefined && {
            certificates: [...(before?.certificates ?? []), ...(chain.length > 0 ? [{ hosts: bare, chain }] : [])],
          }),
        }
        const own = this.#hostsAt(`${metadata.namespace}/${metadata.name}`, bare, port.number)
        routes[name] = [...(routes[name] ?? []), ...own]
      }
    }
    return { ports, routes }
  }

  #credential(name: string): readonly Certificate[] {
    return this.#registry.credential(this.#namespace, name)
  }

  /** The port of the pod behind a port of its Service. */
  #targetOf(port: number): number {
    for (const { service } of this.#registry.services) {
      const { selector, ports = [] } = service.spec
      if (service.metadata.namespace !== this.#namespace || !selector) continue
      if (!isSubset(selector, this.#pod.metadata.labels)) continue
      const found = ports.find(each => each.port === port)
      if (typeof found?.targetPort === 'number') return found.targetPort
    }
    return port
  }

  /** The hosts of the VirtualServices that are bound to a gateway, as far as it takes them in. */
  #hostsAt(gateway: string, taken: readonly string[], port: number): VirtualHost[] {
    const isTaken = (host: string) =>
      taken.some(each => each === '*' || each === host || (each.startsWith('*') && host.endsWith(each.slice(1))))
    return this.#registry.virtualServices.flatMap(rule => {
      const { metadata, spec } = rule
      const isBound = spec.gateways?.some(
        name => (name.includes('/') ? name : `${metadata.namespace}/${name}`) === gateway,
      )
      const hosts = (spec.hosts ?? []).filter(host => host === '*' || isTaken(host))
      if (!isBound || !spec.http || hosts.length === 0) return []
      const domains = hosts.flatMap(host => (host === '*' ? [host] : [host, `${host}:*`]))
      return [{ name: `${hosts[0]}:${port}`, domains, routes: this.#routesOf(rule, spec.http, port) }]
    })
  }

  inbound(): InboundSettings {
    return inboundOf(this.#pod, this.#registry)
  }

  #addService(registered: RegisteredService): void {
    const { service, host } = registered
    const { clusterIP, ports = [], type } = service.spec
    if (type === 'ExternalName') return
    const isHeadless = clusterIP === 'None' || !clusterIP
    for (const port of ports) {
      if (port.protocol && port.protocol !== 'TCP') continue
      const endpoints = registered.endpoints(port.name)
      const protocol = protocolOf(port)
      this.#addClusters(host, port.port, endpoints, isHeadless)
      const cluster = clusterName(host, port.port)
      const tcp = this.#tcpDestinations(host, port.port) ?? [{ cluster, weight: 100 }]
      const addresses = isHeadless ? endpoints.map(({ address }) => address) : [clusterIP]
      if (protocol === 'http') {
        const routes = String(port.port)
        this.#listeners[`0.0.0.0:${port.port}`] = { protocol, routes, clusters: passingThrough }
        this.#addHost(routes, host, port.port, this.#domainsOf(service.metadata, port.port, addresses, isHeadless))
        continue
      }
      const routes = `${host}:${port.port}`
      if (protocol === 'unknown') this.#addHost(routes, host, port.port, ['*'])
      const listener = { protocol, ...(protocol === 'unknown' && { routes }), clusters: tcp }
      for (const address of addresses) {
        // A name without an address of its own leads to each of its pods by itself.
        const where = isHeadless ? endpoints.find(each => each.address === address)!.port : port.port
        this.#listeners[`${address}:${where}`] = listener
      }
    }
  }

  // Simplified: hosts of a ServiceEntry are found by the addresses and endpoints that it names, not by DNS.
  #addEntry({ spec }: ServiceEntry): void {
    for (const host of spec.hosts)
      for (const { number, name, protocol } of spec.ports ?? []) {
        const kind = protocolOf({ port: number, name: (protocol ?? name ?? '').toLowerCase() } as ServicePort)
        const endpoints = (spec.endpoints ?? []).flatMap(({ address = '', ports }) =>
          /^[\d.]+$/.test(address) ? [{ address, port: ports?.[name ?? ''] ?? number, isMeshed: false }] : [],
        )
        this.#addClusters(host, number, endpoints, endpoints.length === 0)
        const domains = [host, `${host}:${number}`, ...(spec.addresses ?? [])]
        if (kind === 'http') {
          this.#listeners[`0.0.0.0:${number}`] = { protocol: kind, routes: String(number), clusters: passingThrough }
          this.#addHost(String(number), host, number, domains)
        }
        const clusters = [{ cluster: clusterName(host, number), weight: 100 }]
        if (kind !== 'http')
          for (const address of spec.addresses ?? [])
            this.#listeners[`${address}:${number}`] = { protocol: 'tcp', clusters }
      }
  }

  #addClusters(host: string, port: number, endpoints: MeshCluster['endpoints'], isOriginal = false): void {
    const parts = {
      host,
      port,
      endpoints,
      labelsOf: (address: string) => this.#registry.pods.get(address)?.metadata.labels ?? {},
      rule: this.#destinationRule(host),
      ...(isOriginal && { isOriginal }),
    }
    for (const cluster of clustersOf(parts)) this.#clusters[cluster.name] = cluster
  }

  #addHost(routes: string, host: string, port: number, domains: readonly string[]): void {
    const rule = this.#virtualService(host)
    const own = rule?.spec.http ? this.#routesOf(rule, rule.spec.http, port) : [defaultRoute(clusterName(host, port))]
    const hosts = this.#routes[routes] ?? []
    this.#routes[routes] = [...hosts, { name: `${host}:${port}`, domains, routes: own }]
  }

  #routesOf(rule: VirtualService, rules: readonly HttpRule[], port: number): MeshRoute[] {
    const { namespace: home, name } = rule.metadata
    const routes = routesOf(rules, {
      port,
      fullHost: host => this.#fullHost(host, home),
      portsOf: host => this.#portsOf(host),
      isSource: (labels, namespace) =>
        (namespace === undefined || namespace === this.#namespace) && isSubset(labels, this.#pod.metadata.labels),
    })
    return routes.map(each => ({ ...each, rule: `${name}.${home}` }))
  }

  #tcpDestinations(host: string, port: number): OutboundListener['clusters'] | undefined {
    const rule = this.#virtualService(host)
    const found = rule?.spec.tcp?.find(
      ({ match }) => !match?.length || match.some(each => each.port === undefined || each.port === port),
    )
    return found?.route?.map(({ destination, weight }) => ({
      cluster: destinationCluster(destination, {
        port,
        fullHost: name => this.#fullHost(name, rule!.metadata.namespace),
        portsOf: name => this.#portsOf(name),
      }),
      weight: weight ?? 100,
    }))
  }

  /** How a proxy may hear a Service be called: shorter in the Service's own namespace. */
  #domainsOf(
    { name, namespace }: { readonly name: string; readonly namespace?: string },
    port: number,
    addresses: readonly string[],
    isHeadless: boolean,
  ): string[] {
    const own = [
      `${name}.${namespace}.svc.cluster.local`,
      ...(namespace === this.#namespace ? [name] : []),
      `${name}.${namespace}.svc`,
      `${name}.${namespace}`,
    ]
    // The pods behind a Service without an address have names of their own below it.
    const names = isHeadless ? [...own, ...own.map(each => `*.${each}`)] : [...own, ...addresses]
    return names.flatMap(each => [each, `${each}:${port}`])
  }

  /** The rule for a host that holds here: of this namespace, of the host's, or of the whole mesh. */
  #destinationRule(host: string): DestinationRule | undefined {
    const homes = [this.#namespace, host.split('.')[1] ?? '', rootNamespace]
    const rules = this.#registry.destinationRules.filter(({ metadata, spec }) => {
      const full = this.#fullHost(spec.host, metadata.namespace)
      return full === host || (full.startsWith('*') && host.endsWith(full.slice(1)))
    })
    for (const home of homes) {
      const found = rules.find(({ metadata }) => metadata.namespace === home)
      if (found) return found
    }
    return undefined
  }

  #virtualService(host: string): VirtualService | undefined {
    return this.#registry.virtualServices.find(({ metadata, spec }) => {
      if (spec.gateways && !spec.gateways.includes('mesh')) return false
      return spec.hosts?.some(name => {
        const full = this.#fullHost(name, metadata.namespace)
        return full === host || (full.startsWith('*') && host.endsWith(full.slice(1)))
      })
    })
  }

  /** A name without a dot stands for a Service of the rule's own namespace. */
  #fullHost(host: string, namespace = 'default'): string {
    if (host.includes('.') || host.startsWith('*')) return host
    return `${host}.${namespace}.svc.cluster.local`
  }

  #portsOf(host: string): readonly number[] {
    const found = this.#registry.services.find(each => each.host === host)
    return found?.service.spec.ports?.map(({ port }) => port) ?? []
  }
}

const passingThrough = [{ cluster: 'PassthroughCluster', weight: 100 }]

function isSubset(
  wanted: Readonly<Record<string, string>> = {},
  labels: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}
