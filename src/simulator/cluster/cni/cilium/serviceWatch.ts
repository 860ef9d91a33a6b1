import { type Prefix, parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { type EndpointSlice, endpointSlice } from '../../kinds/endpointSlice.ts'
import { type Service, service } from '../../kinds/service.ts'
import type { Datapath } from './datapath.ts'
import { type Backend, type Frontend, type FrontendKind, nameOf } from './serviceMap.ts'

/** Keeps a node's map of Services as the API server has them, until the answer is called. */
export function watchServices(client: Client, datapath: Datapath): () => void {
  const services = new Map<string, Service>()
  const slices = new Map<string, Map<string, EndpointSlice>>()

  const write = (key: string) => {
    const found = services.get(key)
    const own = [...(slices.get(key)?.values() ?? [])]
    datapath.services.set(key, found ? frontendsOf(found, own, datapath) : [])
  }
  const stops = [
    client.watch(service, ({ type, object }) => {
      const key = `${object.metadata.namespace}/${object.metadata.name}`
      if (type === 'DELETED') services.delete(key)
      else services.set(key, object)
      write(key)
    }),
    client.watch(endpointSlice, ({ type, object }) => {
      const { namespace, name, labels } = object.metadata
      const owner = labels?.['kubernetes.io/service-name']
      if (owner === undefined || object.addressType !== 'IPv4') return
      const key = `${namespace}/${owner}`
      const own = slices.get(key) ?? new Map<string, EndpointSlice>()
      slices.set(key, own)
      if (type === 'DELETED') own.delete(name)
      else own.set(name, object)
      if (services.has(key)) write(key)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Every address of a Service with what is behind it. */
// Hints of endpoint slices count only with `loadBalancer.serviceTopology`, which is off.
function frontendsOf({ metadata, spec, status }: Service, slices: readonly EndpointSlice[], datapath: Datapath) {
  if (!spec.clusterIP || spec.clusterIP === 'None' || spec.type === 'ExternalName') return []
  if (metadata.labels?.['service.kubernetes.io/service-proxy-name'] !== undefined) return []
  const name = `${metadata.namespace}/${metadata.name}`
  const { services, options } = datapath
  const isInternalLocal = spec.internalTrafficPolicy === 'Local'
  const isExternalLocal = spec.externalTrafficPolicy === 'Local'
  const affinitySeconds =
    spec.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : undefined
  const ranges = (spec.loadBalancerSourceRanges ?? []).flatMap(range => parsePrefix(range.trim()) ?? [])
  const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])
  return (spec.ports ?? []).flatMap(({ name: portName = '', port, protocol = 'TCP', nodePort }) => {
    // Most Services are never asked for on a node: what is behind them is read when the first packet wants to know.
    const choices = once(() => {
      const all = backendsOf(slices, portName, protocol, datapath)
      return { all: usable(all), local: usable(all.filter(({ isLocal }) => isLocal)) }
    })
    const at = (kind: FrontendKind, address: string, atPort: number, sourceRanges?: readonly Prefix[]): Frontend => ({
      id: services.numberOf(`${kind} ${address}:${atPort}/${protocol}`),
      address: parseIpv4(address) ?? 0,
      port: atPort,
      protocol: protocol.toLowerCase(),
      kind,
      service: name,
      get backends() {
        return choices()[kind === 'ClusterIP' && isInternalLocal ? 'local' : 'all']
      },
      get outsideBackends() {
        return choices()[kind !== 'ClusterIP' && isExternalLocal ? 'local' : 'all']
      },
      affinitySeconds,
      sourceRanges,
      isInternalLocal,
      isExternalLocal,
    })
    const frontends = [at('ClusterIP', spec.clusterIP!, port)]
    for (const address of spec.externalIPs ?? []) frontends.push(at('ExternalIPs', address, port))
    for (const address of balancers)
      frontends.push(at('LoadBalancer', address, port, ranges.length > 0 ? ranges : undefined))
    if (nodePort) {
      const own = options.host.interface(options.outside)?.addresses ?? []
      for (const { address } of own)
        frontends.push(at('NodePort', nameOf({ address, port: 0 }).split(':')[0]!, nodePort))
      frontends.push(at('NodePort', '0.0.0.0', nodePort))
    }
    return frontends
  })
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}

/** Ready pods; when there are none, those that still serve while they end. */
function usable(backends: readonly Backend[]): readonly Backend[] {
  const active = backends.filter(({ state }) => state === 'active')
  return active.length > 0 ? active : backends
}

function backendsOf(
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: string,
  { options }: Datapath,
): readonly Backend[] {
  const found = new Map<number, Backend>()
  for (const slice of slices)
    for (const { name = '', port, protocol: own = 'TCP' } of slice.ports ?? []) {
      if (name !== portName || own !== protocol || port === undefined) continue
      for (const { addresses, conditions, nodeName } of slice.endpoints ?? []) {
        const address = parseIpv4(addresses[0] ?? '')
        const isReady = conditions?.ready ?? true
        const isLeaving = (conditions?.terminating ?? false) && (conditions?.serving ?? false)
        if (address === undefined || !(isReady || isLeaving)) continue
        const isLocal = nodeName === options.nodeName
        const key = address * 65536 + port
        if (!found.has(key) || isReady)
          found.set(key, { address, port, isLocal, state: isReady ? 'active' : 'terminating' })
      }
    }
  return [...found.values()].sort((a, b) => a.address - b.address || a.port - b.port)
}
