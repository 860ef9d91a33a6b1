import type { EndpointSlice } from '../kinds/endpointSlice.ts'
import type { Service } from '../kinds/service.ts'
import { chainSuffix } from './chainNames.ts'

/** One port of a Service as the proxy needs it. */
export interface ServicePort {
  /** `default/web:http`, or `default/web` for a port without a name. */
  readonly name: string
  readonly protocol: string
  readonly clusterIp: string
  readonly port: number
  readonly nodePort: number
  readonly externalIps: readonly string[]
  readonly loadBalancerIps: readonly string[]
  readonly sourceRanges: readonly string[]
  readonly isInternalLocal: boolean
  readonly isExternalLocal: boolean
  readonly healthCheckPort: number
  /** How long a client stays with an endpoint, in seconds. */
  readonly affinitySeconds: number | undefined
  readonly suffix: string
}

/** One address behind a port of a Service. */
export interface Endpoint {
  readonly address: string
  readonly port: number
  /** `10.244.1.5:8080`. */
  readonly text: string
  readonly isLocal: boolean
  readonly isReady: boolean
  readonly isServing: boolean
  readonly isTerminating: boolean
  readonly zones: ReadonlySet<string>
  readonly nodes: ReadonlySet<string>
}

/** Whether traffic from outside the cluster can come in. */
export function isExternallyAccessible({ nodePort, externalIps, loadBalancerIps }: ServicePort): boolean {
  return nodePort !== 0 || externalIps.length > 0 || loadBalancerIps.length > 0
}

/** What was read of an object once is the same for the proxies of all nodes. */
const knownPorts = new WeakMap<Service, readonly ServicePort[]>()
const knownEndpoints = new WeakMap<EndpointSlice, ReadonlyMap<string, readonly PlacedEndpoint[]>>()

/** An endpoint before a node has looked whether it is its own. */
interface PlacedEndpoint {
  readonly endpoint: Endpoint
  readonly node: string | undefined
}

/** The ports of a Service; none for those that the proxy leaves alone. */
export function portsOf(service: Service): readonly ServicePort[] {
  const known = knownPorts.get(service)
  if (known) return known
  const ports = readPorts(service)
  knownPorts.set(service, ports)
  return ports
}

function readPorts(service: Service): ServicePort[] {
  const { metadata, spec, status } = service
  if (!spec.clusterIP || spec.clusterIP === 'None' || spec.type === 'ExternalName') return []
  if (metadata.labels?.['service.kubernetes.io/service-proxy-name'] !== undefined) return []
  const isExternalKind = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  return (spec.ports ?? []).map(({ name: portName, protocol = 'TCP', port, nodePort }) => {
    const name = `${metadata.namespace}/${metadata.name}${portName ? `:${portName}` : ''}`
    const hasAffinity = spec.sessionAffinity === 'ClientIP'
    const isExternalLocal =
      spec.externalTrafficPolicy === 'Local' && (isExternalKind || Boolean(spec.externalIPs?.length))
    return {
      name,
      protocol: protocol.toLowerCase(),
      clusterIp: spec.clusterIP!,
      port,
      nodePort: nodePort ?? 0,
      externalIps: spec.externalIPs ?? [],
      loadBalancerIps: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ...rest }) =>
        ip && (rest as { ipMode?: string }).ipMode !== 'Proxy' ? [ip] : [],
      ),
      sourceRanges:
        spec.type === 'LoadBalancer' ? (spec.loadBalancerSourceRanges ?? []).map(range => range.trim()) : [],
      isInternalLocal: spec.internalTrafficPolicy === 'Local',
      isExternalLocal,
      healthCheckPort: spec.type === 'LoadBalancer' && isExternalLocal ? (spec.healthCheckNodePort ?? 0) : 0,
      affinitySeconds: hasAffinity ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : undefined,
      suffix: chainSuffix(name, protocol.toLowerCase()),
    }
  })
}

/** The endpoints of all slices of a Service by port name, each list sorted and without doubles. */
export function endpointsOf(
  slices: readonly EndpointSlice[],
  nodeName: string,
): ReadonlyMap<string, readonly Endpoint[]> {
  const byPort = new Map<string, Map<string, Endpoint>>()
  for (const slice of slices) {
    for (const [name, found] of placedEndpointsOf(slice)) {
      const endpoints = byPort.get(name) ?? new Map<string, Endpoint>()
      byPort.set(name, endpoints)
      for (const { endpoint, node } of found)
        if (!endpoints.has(endpoint.text) || endpoint.isReady)
          endpoints.set(endpoint.text, node === nodeName ? { ...endpoint, isLocal: true } : endpoint)
    }
  }
  const sorted = [...byPort].map(([name, endpoints]) => {
    const list = [...endpoints.values()].sort((a, b) => (a.text < b.text ? -1 : 1))
    return [name, list] as const
  })
  return new Map(sorted)
}

function placedEndpointsOf(slice: EndpointSlice): ReadonlyMap<string, readonly PlacedEndpoint[]> {
  const known = knownEndpoints.get(slice)
  if (known) return known
  const byPort = new Map<string, PlacedEndpoint[]>()
  knownEndpoints.set(slice, byPort)
  if (slice.addressType !== 'IPv4') return byPort
  for (const { name, port } of slice.ports ?? []) {
    if (port === undefined) continue
    const read = (slice.endpoints ?? []).flatMap(each => {
      const endpoint = readEndpoint(each, port)
      return endpoint ? [{ endpoint, node: each.nodeName }] : []
    })
    byPort.set(name ?? '', [...(byPort.get(name ?? '') ?? []), ...read])
  }
  return byPort
}

const nowhere: ReadonlySet<string> = new Set()

/** Fields that are newer than the type. */
type Hints = { forZones?: { name: string }[]; forNodes?: { name: string }[] }

function readEndpoint(
  { addresses, conditions, hints }: EndpointSlice['endpoints'][number],
  port: number,
): Endpoint | undefined {
  const address = addresses[0]
  if (address === undefined) return undefined
  const { forZones = [], forNodes = [] }: Hints = hints ?? {}
  const namesOf = (list: readonly { name: string }[]) =>
    list.length === 0 ? nowhere : new Set(list.map(({ name }) => name))
  const isReady = conditions?.ready ?? true
  return {
    address,
    port,
    text: `${address}:${port}`,
    isLocal: false,
    isReady,
    isServing: conditions?.serving ?? isReady,
    isTerminating: conditions?.terminating ?? false,
    zones: namesOf(forZones),
    nodes: namesOf(forNodes),
  }
}
