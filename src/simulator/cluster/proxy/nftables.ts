import { contains, type Prefix, parseIpv4, parsePrefix } from '../../network/address.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'
import { decide } from '../../network/netfilter/nat.ts'
import { type NftChain, type NftOutcome, type NftRule, NftTable } from '../../network/netfilter/nftables.ts'
import type { SocketBuffer } from '../../network/socketBuffer.ts'
import type { Random } from '../../random.ts'
import type { ProxySettings } from './iptablesRules.ts'
import type { ProxyMode, Target } from './mode.ts'
import { addressKey, Maps, portKey } from './nftables/maps.ts'
import {
  base,
  chain,
  chainName,
  goto,
  ifNew,
  jump,
  mark,
  masquerade,
  masqueradeMark,
  rangesText,
  rule,
} from './nftables/rules.ts'
import { usesCluster, usesLocal } from './reachable.ts'
import { type Endpoint, isExternallyAccessible, type ServicePort } from './servicePort.ts'

const reject: NftOutcome = { reject: 'icmp-port-unreachable' }

interface Ranges {
  readonly pods: Prefix | undefined
  readonly services: readonly string[]
}

/**
 * Keeps the table `kube-proxy` of nftables on a node: maps lead from addresses and ports to a chain for each port.
 * Source: kubernetes/pkg/proxy/nftables/proxier.go.
 */
export class NftablesMode implements ProxyMode {
  readonly #network: NetworkNamespace
  readonly #settings: ProxySettings
  readonly #ranges: Ranges
  readonly #table = new NftTable('ip', 'kube-proxy', 'rules for kube-proxy')
  /** Which endpoint each client is with, and until when, for Services with affinity. */
  readonly #affinity = new Map<string, Map<number, { readonly endpoint: string; readonly until: number }>>()
  readonly #choices = new WeakMap<Target, Map<string, NftChain[]>>()
  /** When a port's chains were made, compared with others: the kernel lists chains in that order. */
  readonly #made = new Map<string, number>()
  readonly #random: Random
  #isAttached = false

  constructor(network: NetworkNamespace, settings: ProxySettings, serviceRanges: readonly string[]) {
    this.#network = network
    this.#settings = settings
    this.#random = network.random.fork('order of chains')
    this.#ranges = {
      pods: settings.clusterCidr === undefined ? undefined : parsePrefix(settings.clusterCidr),
      services: serviceRanges,
    }
  }

  sync(targets: readonly Target[]): void {
    const maps = new Maps(this.#settings.nodePortAddresses ?? [this.#settings.nodeAddress])
    const chains = this.#inOrder(targets).flatMap(target => this.#chainsOf(target, maps))
    this.#table.replace([...this.#sharedChains(maps), ...chains], maps.sets)
    const names = new Set(targets.map(({ port }) => chainName(port)))
    for (const name of this.#affinity.keys()) if (!names.has(name)) this.#affinity.delete(name)
    if (this.#isAttached) return
    this.#isAttached = true
    this.#table.attach(this.#network)
    // Simplified: the table for IPv6 is there and empty.
    new NftTable('ip6', 'kube-proxy', 'rules for kube-proxy').attach(this.#network)
  }

  /** Older ports first; those of one change by chance, as Go walks through a map. */
  #inOrder(targets: readonly Target[]): Target[] {
    const names = new Set(targets.map(({ port }) => chainName(port)))
    for (const name of this.#made.keys()) if (!names.has(name)) this.#made.delete(name)
    const start = Math.max(0, ...this.#made.values()) + 1
    for (const name of names) if (!this.#made.has(name)) this.#made.set(name, start + this.#random.fraction())
    const rank = ({ port }: Target) => this.#made.get(chainName(port))!
    return [...targets].sort((one, other) => rank(one) - rank(other))
  }

  #sharedChains(maps: Maps): NftChain[] {
    const ranges = this.#ranges.services.map(range => parsePrefix(range)!)
    return [
      chain('filter-prerouting-pre-dnat', [ifNew('firewall-check')], base('filter', 'PREROUTING', -110, 'dstnat - 10')),
      chain('filter-output-pre-dnat', [ifNew('firewall-check')], base('filter', 'OUTPUT', -110, '-110')),
      chain(
        'filter-input',
        [ifNew('nodeport-endpoints-check'), ifNew('service-endpoints-check')],
        base('filter', 'INPUT', 0, 'filter'),
      ),
      ...(['FORWARD', 'OUTPUT'] as const).map(hook =>
        chain(
          `filter-${hook.toLowerCase()}`,
          [ifNew('service-endpoints-check'), ifNew('cluster-ips-check')],
          base('filter', hook, 0, 'filter'),
        ),
      ),
      chain('nat-prerouting', [jump('services')], base('nat', 'PREROUTING', -100, 'dstnat')),
      chain('nat-output', [jump('services')], base('nat', 'OUTPUT', -100, '-100')),
      chain('nat-postrouting', [jump('masquerading')], base('nat', 'POSTROUTING', 100, 'srcnat')),
      chain('nodeport-endpoints-check', [
        rule('ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports', buffer =>
          maps.isNodePortAddress(buffer) ? maps.noEndpointNodePorts.find(portKey(buffer)) : undefined,
        ),
      ]),
      chain('service-endpoints-check', [
        rule('ip daddr . meta l4proto . th dport vmap @no-endpoint-services', buffer =>
          maps.noEndpointServices.find(addressKey(buffer)),
        ),
      ]),
      chain('firewall-check', [
        rule('ip daddr . meta l4proto . th dport vmap @firewall-ips', buffer => maps.firewall.find(addressKey(buffer))),
      ]),
      chain('services', [
        ...this.#masqueradeRules(maps),
        rule('ip daddr . meta l4proto . th dport vmap @service-ips', buffer => maps.services.find(addressKey(buffer))),
        rule('ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports', buffer =>
          maps.isNodePortAddress(buffer) ? maps.nodePorts.find(portKey(buffer)) : undefined,
        ),
      ]),
      chain('masquerading', [
        rule('ip saddr . ip daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random', buffer =>
          buffer.packet.source === buffer.packet.destination ? this.#masquerade(buffer) : undefined,
        ),
        rule('meta mark & 0x00004000 == 0x00000000 return', buffer =>
          (buffer.mark & masqueradeMark) === 0 ? 'return' : undefined,
        ),
        rule('meta mark set meta mark ^ 0x00004000', buffer => {
          buffer.mark = (buffer.mark ^ masqueradeMark) >>> 0
          return undefined
        }),
        rule('masquerade fully-random', buffer => this.#masquerade(buffer)),
      ]),
      chain('reject-chain', [
        rule('reject comment "helper for @no-endpoint-services / @no-endpoint-nodeports"', () => reject),
      ]),
      chain('cluster-ips-check', [
        rule('ip daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"', buffer =>
          maps.clusterIps.has(buffer.packet.destination) ? reject : undefined,
        ),
        rule(
          `ip daddr ${rangesText(this.#ranges.services)} drop comment "Drop traffic to unallocated ClusterIPs"`,
          buffer => (ranges.some(range => contains(range, buffer.packet.destination)) ? 'drop' : undefined),
        ),
      ]),
    ]
  }

  /** Who comes from outside of the pods, or everyone, is masqueraded. */
  #masqueradeRules(maps: Maps): NftRule[] {
    const { clusterCidr, masqueradesAll } = this.#settings
    const pods = masqueradesAll ? undefined : this.#ranges.pods
    if (!masqueradesAll && !pods) return []
    const outside = pods ? `ip saddr != ${clusterCidr} ` : ''
    return [
      rule(`${outside}ip daddr @cluster-ips ${masquerade} comment "masquerade"`, buffer => {
        const { source, destination } = buffer.packet
        return maps.clusterIps.has(destination) && !(pods && contains(pods, source)) ? mark(buffer) : undefined
      }),
    ]
  }

  #chainsOf(target: Target, maps: Maps): NftChain[] {
    const { port, reachable } = target
    const chains: NftChain[] = []
    const name = chainName(port)
    const [service, local, external, firewall] = ['service', 'local', 'external', 'firewall'].map(
      kind => `${kind}-${name}`,
    ) as [string, string, string, string]
    const hasCluster = usesCluster(port) && reachable.cluster.length > 0
    const hasLocal = usesLocal(port) && reachable.local.length > 0
    const hasInternal = port.isInternalLocal ? hasLocal : hasCluster
    const hasExternal = port.isExternalLocal ? hasLocal : hasCluster
    const refusal: NftOutcome = reachable.hasAny ? 'drop' : { goto: 'reject-chain' }
    const outside = [...port.externalIps, ...port.loadBalancerIps]

    maps.clusterIps.add(parseIpv4(port.clusterIp)!)
    if (hasInternal) maps.services.add(port, port.clusterIp, { goto: port.isInternalLocal ? local : service })
    else maps.noEndpointServices.add(port, port.clusterIp, refusal, port.name)
    for (const address of outside) {
      if (reachable.hasAny) maps.services.add(port, address, { goto: external })
      if (!hasExternal) maps.noEndpointServices.add(port, address, refusal, port.name)
    }
    if (port.nodePort) {
      if (reachable.hasAny) maps.nodePorts.addPort(port, { goto: external })
      if (!hasExternal) maps.noEndpointNodePorts.addPort(port, refusal, port.name)
    }
    if (!reachable.hasAny) return chains

    if (hasCluster) chains.push(...this.#knownChoice(target, service, reachable.cluster))
    if (hasLocal) chains.push(...this.#knownChoice(target, local, reachable.local))
    if (isExternallyAccessible(port)) {
      const rest = hasExternal ? [goto(port.isExternalLocal ? local : service)] : []
      chains.push(chain(external, [...this.#externalRules(port, service), ...rest]))
    }
    if (port.sourceRanges.length > 0 && port.loadBalancerIps.length > 0) {
      for (const address of port.loadBalancerIps) maps.firewall.add(port, address, { goto: firewall }, port.name)
      chains.push(chain(firewall, this.#firewallRules(port)))
    }
    return chains
  }

  #externalRules({ isExternalLocal }: ServicePort, service: string): NftRule[] {
    if (!isExternalLocal) return [rule(`${masquerade} comment "masquerade"`, mark)]
    const { pods } = this.#ranges
    const isLocal = (buffer: SocketBuffer) => this.#network.isLocal(buffer.packet.source)
    return [
      ...(pods
        ? [
            rule(
              `ip saddr ${this.#settings.clusterCidr} goto ${service} comment "short-circuit pod traffic"`,
              buffer => (contains(pods, buffer.packet.source) ? { goto: service } : undefined),
            ),
          ]
        : []),
      rule(`fib saddr type local ${masquerade} comment "masquerade local traffic"`, buffer =>
        isLocal(buffer) ? mark(buffer) : undefined,
      ),
      rule(`fib saddr type local goto ${service} comment "short-circuit local traffic"`, buffer =>
        isLocal(buffer) ? { goto: service } : undefined,
      ),
    ]
  }

  #firewallRules({ sourceRanges }: ServicePort): NftRule[] {
    const ranges = sourceRanges.flatMap(range => parsePrefix(range) ?? [])
    return [
      rule(`ip saddr ${rangesText(sourceRanges)} return`, buffer =>
        ranges.some(range => contains(range, buffer.packet.source)) ? 'return' : undefined,
      ),
      rule('drop', () => 'drop'),
    ]
  }

  /** The chains of a choice that was made before, as long as nothing of its Service has changed. */
  #knownChoice(target: Target, name: string, endpoints: readonly Endpoint[]): NftChain[] {
    const known = this.#choices.get(target) ?? new Map<string, NftChain[]>()
    this.#choices.set(target, known)
    const chains = known.get(name) ?? this.#choice(name, target.port, endpoints)
    known.set(name, chains)
    return chains
  }

  /** One of the endpoints, by chance or the one that the client was with. */
  #choice(name: string, port: ServicePort, endpoints: readonly Endpoint[]): NftChain[] {
    const { netfilter } = this.#network
    const pick = () => endpoints[netfilter.random.below(endpoints.length)]!
    const targets = endpoints.map(({ address, port: number }, i) => `${i} : ${address} . ${number}`).join(', ')
    const text = `numgen random mod ${endpoints.length} map { ${targets} }`
    if (port.affinitySeconds === undefined)
      return [
        chain(name, [
          rule(`meta l4proto ${port.protocol} dnat ip to ${text}`, buffer => this.#translate(buffer, pick())),
        ]),
      ]
    // A Service's chain for all endpoints and the one for those on this node lead to the same endpoints' chains.
    const owner = chainName(port)
    const clients = this.#affinity.get(owner) ?? new Map<number, { endpoint: string; until: number }>()
    this.#affinity.set(owner, clients)
    const endpointChain = (endpoint: Endpoint) => `endpoint-${chainName(port, endpoint)}`
    const known = (buffer: SocketBuffer) => {
      const entry = clients.get(buffer.packet.source)
      return entry && entry.until > netfilter.now ? entry.endpoint : undefined
    }
    const seconds = port.affinitySeconds
    return [
      chain(name, [
        ...endpoints.map(endpoint =>
          rule(`ip saddr @affinity-${chainName(port, endpoint)} goto ${endpointChain(endpoint)}`, buffer =>
            known(buffer) === endpoint.text ? { goto: endpointChain(endpoint) } : undefined,
          ),
        ),
        rule(
          `numgen random mod ${endpoints.length} vmap { ${endpoints.map((endpoint, i) => `${i} : goto ${endpointChain(endpoint)}`).join(', ')} }`,
          () => ({ goto: endpointChain(pick()) }),
        ),
      ]),
      ...endpoints.map(endpoint =>
        chain(endpointChain(endpoint), [
          rule(`update @affinity-${chainName(port, endpoint)} { ip saddr }`, buffer => {
            clients.set(buffer.packet.source, { endpoint: endpoint.text, until: netfilter.now + seconds * 1000 })
            return undefined
          }),
          rule(`meta l4proto ${port.protocol} dnat to ${endpoint.text}`, buffer => this.#translate(buffer, endpoint)),
        ]),
      ),
    ]
  }

  #translate({ connection }: SocketBuffer, endpoint: Endpoint): NftOutcome {
    const { connections, netfilter } = this.#network
    const range = { first: parseIpv4(endpoint.address)!, ports: [endpoint.port, endpoint.port] as const }
    if (connection) decide(connection, 'destination', range, connections, netfilter.random)
    return 'accept'
  }

  #masquerade(buffer: SocketBuffer): NftOutcome {
    const { connections, netfilter } = this.#network
    const first = this.#network.sourceFor(buffer)
    if (first === undefined || !buffer.connection) return 'drop'
    decide(buffer.connection, 'source', { first, random: 'random-fully' }, connections, netfilter.random)
    return 'accept'
  }
}
