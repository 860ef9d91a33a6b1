import { type Endpoint, isExternallyAccessible, type ServicePort } from './servicePort.ts'

/** Which endpoints traffic of each policy may go to. Source: kubernetes/pkg/proxy/topology.go. */
export interface Reachable {
  /** For policy Cluster. */
  readonly cluster: readonly Endpoint[]
  /** For policy Local. */
  readonly local: readonly Endpoint[]
  readonly all: readonly Endpoint[]
  /** Whether there is any endpoint, here or elsewhere. */
  readonly hasAny: boolean
}

export interface Place {
  readonly nodeName: string
  readonly zone: string | undefined
}

export function usesCluster(port: ServicePort): boolean {
  return !port.isInternalLocal || isExternallyAccessible(port)
}

export function usesLocal(port: ServicePort): boolean {
  return port.isInternalLocal || (port.isExternalLocal && isExternallyAccessible(port))
}

/** Ready endpoints first; when there are none, those that still serve while they end. */
export function findReachable(port: ServicePort, endpoints: readonly Endpoint[], place: Place): Reachable {
  let cluster: readonly Endpoint[] = []
  if (usesCluster(port)) {
    const isNear = nearness(endpoints, place)
    cluster = endpoints.filter(endpoint => endpoint.isReady && isNear(endpoint))
    if (cluster.length === 0) cluster = endpoints.filter(isLeaving)
  }
  if (!usesLocal(port)) return { cluster, local: [], all: cluster, hasAny: cluster.length > 0 }

  const hasAny = endpoints.some(endpoint => endpoint.isReady || isLeaving(endpoint))
  let local = endpoints.filter(endpoint => endpoint.isLocal && endpoint.isReady)
  if (local.length === 0) local = endpoints.filter(endpoint => endpoint.isLocal && isLeaving(endpoint))
  if (!usesCluster(port)) return { cluster, local, all: local, hasAny }
  const all = endpoints.filter(endpoint => cluster.includes(endpoint) || local.includes(endpoint))
  return { cluster, local, all, hasAny }
}

function isLeaving({ isServing, isTerminating }: Endpoint): boolean {
  return isServing && isTerminating
}

/** Hints count only if every ready endpoint has one and one of them is for this node or zone. */
function nearness(endpoints: readonly Endpoint[], { nodeName, zone }: Place): (endpoint: Endpoint) => boolean {
  const ready = endpoints.filter(({ isReady }) => isReady)
  if (ready.length === 0) return () => true
  if (ready.every(({ nodes }) => nodes.size > 0) && ready.some(({ nodes }) => nodes.has(nodeName)))
    return ({ nodes }) => nodes.has(nodeName)
  if (zone && ready.every(({ zones }) => zones.size > 0) && ready.some(({ zones }) => zones.has(zone)))
    return ({ zones }) => zones.has(zone)
  return () => true
}
