import type { Clock, Timer } from '../../clock.ts'
import { contains, formatIpv4, parsePrefix } from '../../network/address.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'
import type { Client } from '../client.ts'
import { type EndpointSlice, endpointSlice } from '../kinds/endpointSlice.ts'
import { node } from '../kinds/node.ts'
import { type Service, service } from '../kinds/service.ts'
import { serviceCidr } from '../kinds/serviceCidr.ts'
import type { ProxyConfiguration } from './configuration.ts'
import { forgetStaleConnections } from './connections.ts'
import { IptablesMode } from './iptables.ts'
import { IpvsMode } from './ipvs.ts'
import { removeIptablesRules, removeIpvs, removeNftables } from './leftovers.ts'
import type { ProxyMode, Target } from './mode.ts'
import { NftablesMode } from './nftables.ts'
import { findReachable } from './reachable.ts'
import { endpointsOf, portsOf, type ServicePort } from './servicePort.ts'

/** How the proxy of a node is started. */
export interface ProxyOptions {
  readonly client: Client
  /** The node's own network. */
  readonly network: NetworkNamespace
  readonly nodeName: string
  readonly nodeAddress: string
  readonly configuration: ProxyConfiguration
  readonly clock: Clock
  /** Hears what the Services ask for, after each time that the rules were written. */
  readonly onSync?: (targets: readonly Target[]) => void
}

// After a change the proxy writes rules soon, but not within a second of the last time: `minSyncPeriod` is 1s.
const reaction = 20
const minSyncPeriod = 1000

/** Makes Service addresses work on a node; the rules stay when it is stopped by calling the answer. */
export function startProxy(options: ProxyOptions): () => void {
  const { client, clock, network, nodeName } = options
  const mode = modeOf(options)
  const services = new Map<string, readonly ServicePort[]>()
  const slices = new Map<string, Map<string, EndpointSlice>>()
  /** What each Service asks for, as long as nothing of it has changed. */
  const known = new Map<string, readonly Target[]>()
  let knownZone: string | undefined
  let last = Number.NEGATIVE_INFINITY
  let next: Timer | undefined

  const ends = [
    client.watch(service, ({ type, object }) => followService(object, type === 'DELETED')),
    client.watch(endpointSlice, ({ type, object }) => followSlice(object, type === 'DELETED')),
  ]
  schedule()

  function followService(object: Service, isGone: boolean): void {
    const key = `${object.metadata.namespace}/${object.metadata.name}`
    const ports = isGone ? [] : portsOf(object)
    known.delete(key)
    if (ports.length > 0) services.set(key, ports)
    else if (!services.delete(key)) return
    schedule()
  }

  function followSlice(slice: EndpointSlice, isGone: boolean): void {
    const { labels, namespace, name } = slice.metadata
    const owner = labels?.['kubernetes.io/service-name']
    if (owner === undefined || labels?.['service.kubernetes.io/headless'] !== undefined) return
    const key = `${namespace}/${owner}`
    const own = slices.get(key) ?? new Map<string, EndpointSlice>()
    slices.set(key, own)
    if (isGone) own.delete(name)
    else own.set(name, slice)
    if (own.size === 0) slices.delete(key)
    known.delete(key)
    schedule()
  }

  function schedule(): void {
    next ??= clock.after(Math.max(reaction, last + minSyncPeriod - clock.now), () => {
      next = undefined
      last = clock.now
      const targets = currentTargets()
      mode.sync(targets)
      forgetStaleConnections(network, targets)
      options.onSync?.(targets)
    })
  }

  function currentTargets(): Target[] {
    const zone = client.get(node, nodeName)?.metadata.labels?.['topology.kubernetes.io/zone']
    if (zone !== knownZone) known.clear()
    knownZone = zone
    return [...services.keys()].sort().flatMap(key => {
      const targets = known.get(key) ?? targetsOf(key, zone)
      known.set(key, targets)
      return targets
    })
  }

  function targetsOf(key: string, zone: string | undefined): Target[] {
    const endpoints = endpointsOf([...(slices.get(key)?.values() ?? [])], nodeName)
    return services.get(key)!.map(port => {
      const found = endpoints.get(port.name.slice(key.length + 1)) ?? []
      return { port, reachable: findReachable(port, found, { nodeName, zone }) }
    })
  }

  return () => {
    next?.cancel()
    mode.stop?.()
    for (const end of ends) end()
  }
}

function modeOf({ configuration, client, clock, network, nodeAddress }: ProxyOptions): ProxyMode {
  const { mode, clusterCidr, localhostNodePorts, masqueradesAll } = configuration
  const nodePortAddresses = chosenAddresses(configuration, network, nodeAddress)
  const settings = {
    clusterCidr,
    nodeAddress,
    localhostNodePorts,
    masqueradesAll,
    ...(nodePortAddresses && { nodePortAddresses }),
  }
  if (mode === 'nftables') {
    removeIptablesRules(network)
    removeIpvs(network)
    const ranges = client.list(serviceCidr).flatMap(({ spec }) => spec?.cidrs ?? [])
    return new NftablesMode(network, settings, ranges)
  }
  removeNftables(network)
  if (mode === 'ipvs') return new IpvsMode(network, { ...settings, ...configuration.ipvs }, clock)
  if (localhostNodePorts) network.sysctl.set('net.ipv4.conf.all.route_localnet', '1')
  return new IptablesMode(network, settings)
}

/** The node's own addresses on which node ports listen; undefined means all. */
function chosenAddresses(
  { nodePortAddresses }: ProxyConfiguration,
  network: NetworkNamespace,
  nodeAddress: string,
): string[] | undefined {
  if (nodePortAddresses.length === 0) return undefined
  if (nodePortAddresses.includes('primary')) return [nodeAddress]
  const ranges = nodePortAddresses.flatMap(range => parsePrefix(range) ?? [])
  const addresses = network.interfaces.flatMap(device => device.addresses.map(({ address }) => address))
  return addresses.filter(address => ranges.some(range => contains(range, address))).map(formatIpv4)
}
