import type { Balancer, ConnectionLimits, MeshCluster, MeshEndpoint, OutlierDetection } from '../mesh/settings.ts'
import { type DestinationRule, milliseconds, type TrafficPolicy } from './rules.ts'

/** What a cluster is made of. */
export interface ClusterParts {
  readonly host: string
  readonly port: number
  readonly endpoints: readonly MeshEndpoint[]
  /** The labels of the pod behind an address. */
  labelsOf(address: string): Readonly<Record<string, string>>
  readonly rule: DestinationRule | undefined
  /** Connections go to the very address that the client asked for. */
  readonly isOriginal?: boolean
}

/** The name of a cluster as Istio makes it: `outbound|80|v1|web.default.svc.cluster.local`. */
export function clusterName(host: string, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${host}`
}

/** The clusters of one port of a host: one for all of its addresses, and one for each subset. */
export function clustersOf(parts: ClusterParts): MeshCluster[] {
  const { rule, endpoints, port } = parts
  const common = rule?.spec.trafficPolicy
  const ofPort = common?.portLevelSettings?.find(each => each.port?.number === port)
  const base = ofPort ?? common
  const all = makeCluster(parts, '', endpoints, base)
  const subsets = (rule?.spec.subsets ?? []).map(({ name, labels = {}, trafficPolicy }) => {
    const chosen = endpoints.filter(({ address }) => {
      const own = parts.labelsOf(address)
      return Object.entries(labels).every(([key, value]) => own[key] === value)
    })
    return makeCluster(parts, name, chosen, { ...base, ...trafficPolicy })
  })
  return [all, ...subsets]
}

function makeCluster(
  { host, port, isOriginal, rule }: ClusterParts,
  subset: string,
  endpoints: readonly MeshEndpoint[],
  policy: TrafficPolicy | undefined,
): MeshCluster {
  const outliers = outliersOf(policy)
  return {
    name: clusterName(host, port, subset),
    host,
    port,
    endpoints,
    ...(isOriginal && { isOriginal }),
    security: securityOf(policy),
    serverName: `outbound_.${port}_.${subset}_.${host}`,
    balancer: balancerOf(policy),
    limits: limitsOf(policy),
    ...(outliers && { outliers }),
    ...(rule && { rule: `${rule.metadata.name}.${rule.metadata.namespace}` }),
    connectTimeout: milliseconds(policy?.connectionPool?.tcp?.connectTimeout, 10_000),
  }
}

// Simplified: SIMPLE and MUTUAL, TLS of the proxy's own with certificates from files, count as plain connections.
function securityOf(policy: TrafficPolicy | undefined): MeshCluster['security'] {
  const mode = policy?.tls?.mode
  if (mode === undefined) return 'automatic'
  return mode === 'ISTIO_MUTUAL' ? 'mutual' : 'plain'
}

function balancerOf(policy: TrafficPolicy | undefined): Balancer {
  const { simple, consistentHash } = policy?.loadBalancer ?? {}
  if (consistentHash?.httpHeaderName !== undefined) return { header: consistentHash.httpHeaderName }
  if (consistentHash?.useSourceIp) return 'source'
  if (simple === 'ROUND_ROBIN') return 'round robin'
  return simple === 'RANDOM' ? 'random' : 'least request'
}

function limitsOf(policy: TrafficPolicy | undefined): ConnectionLimits {
  const { tcp, http } = policy?.connectionPool ?? {}
  const positive = (name: keyof ConnectionLimits, value: number | undefined) => (value ? { [name]: value } : {})
  return {
    ...positive('connections', tcp?.maxConnections),
    ...positive('pendingRequests', http?.http1MaxPendingRequests),
    ...positive('requests', http?.http2MaxRequests),
    ...positive('requestsPerConnection', http?.maxRequestsPerConnection),
    ...positive('retries', http?.maxRetries),
  }
}

function outliersOf(policy: TrafficPolicy | undefined): OutlierDetection | undefined {
  const given = policy?.outlierDetection
  if (!given) return undefined
  const { consecutive5xxErrors = 5, consecutiveGatewayErrors } = given
  return {
    consecutiveErrors: consecutive5xxErrors,
    ...(consecutiveGatewayErrors !== undefined && { consecutiveGatewayErrors }),
    baseEjectionTime: milliseconds(given.baseEjectionTime, 30_000),
    mostEjected: given.maxEjectionPercent ?? 10,
  }
}
