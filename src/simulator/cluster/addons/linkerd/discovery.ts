import type { KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Pod } from '../../kinds/pod.ts'
import { type RegisteredService, readServices, type ServiceRegistry, workloadsOf } from '../mesh/serviceRegistry.ts'
import type {
  AccessPolicy,
  InboundSettings,
  MeshCluster,
  MeshRoute,
  OutboundListener,
  ProxySettings,
  RetryPolicy,
  VirtualHost,
} from '../mesh/settings.ts'
import { annotationOf, linkerdView } from './podView.ts'
import { type HttpRoute, matchOf, milliseconds, retryConditions } from './routeRules.ts'

// Servers on these ports speak first, or speak no HTTP: they are passed on as they are (config.linkerd.io/opaque-ports).
const opaquePorts = '25,587,3306,4444,5432,6379,9300,11211'

/** Whether an HTTPRoute is of a kind that Linkerd reads. */
export function isRouteKind({ kind, group }: Pick<Kind, 'kind' | 'group'>): boolean {
  return kind === 'HTTPRoute' && (group === 'policy.linkerd.io' || group === 'gateway.networking.k8s.io')
}

/** Reads what there is once, and gives what makes the settings of each proxy from it. */
export function readMesh(client: Client): (pod: Pod) => ProxySettings {
  const registry = readServices(client, linkerdView)
  const routes = client
    .kinds()
    .filter(isRouteKind)
    .flatMap(kind => [...client.list(kind as unknown as Kind<HttpRoute & KubernetesObject>)])
    .filter(({ spec }) => spec !== undefined)
    .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
  const outbound = outboundOf(registry, routes)
  const peers = workloadsOf(registry.pods, linkerdView)
  return pod => ({
    self: linkerdView.workloadOf(pod),
    ...outbound,
    inbound: inboundOf(client, pod, registry),
    peers,
    allowsUnknown: true,
    hasAccessLog: false,
  })
}

/** The name of a cluster in routes: the Service and its port. */
function clusterName(host: string, port: number): string {
  return `${host}:${port}`
}

function outboundOf(
  { services }: ServiceRegistry,
  routes: readonly HttpRoute[],
): Pick<ProxySettings, 'clusters' | 'listeners' | 'routes'> {
  const clusters: Record<string, MeshCluster> = {}
  const listeners: Record<string, OutboundListener> = {}
  const hosts: Record<string, VirtualHost[]> = {}
  for (const registered of services) {
    const { service, host } = registered
    const { clusterIP, ports = [], type } = service.spec
    if (type === 'ExternalName') continue
    const opaque = service.metadata.annotations?.['config.linkerd.io/opaque-ports'] ?? opaquePorts
    for (const { port, name, protocol = 'TCP' } of ports) {
      if (protocol !== 'TCP') continue
      const endpoints = registered.endpoints(name)
      const cluster = clusterName(host, port)
      const isHeadless = !clusterIP || clusterIP === 'None'
      clusters[cluster] = clusterOf(registered, port, endpoints, isHeadless)
      hosts[cluster] = [{ name: cluster, domains: ['*'], routes: routesOf(registered, port, routes) }]
      const listener: OutboundListener = {
        protocol: opaque.split(',').includes(String(port)) ? 'tcp' : 'unknown',
        routes: cluster,
        clusters: [{ cluster, weight: 1 }],
      }
      if (!isHeadless) listeners[`${clusterIP}:${port}`] = listener
    }
  }
  // A pod that is asked for by its own address is met in the same way, by itself.
  for (const registered of services)
    for (const { port, name } of registered.service.spec.ports ?? [])
      for (const { address, port: own, isMeshed } of registered.endpoints(name)) {
        const direct = `${address}:${own}`
        if (listeners[direct] || !isMeshed) continue
        const cluster = {
          ...clusters[clusterName(registered.host, port)]!,
          name: direct,
          isOriginal: true,
          endpoints: [],
        }
        clusters[direct] = cluster
        hosts[direct] = [{ name: direct, domains: ['*'], routes: [plainRoute(direct)] }]
        listeners[direct] = { protocol: 'unknown', routes: direct, clusters: [{ cluster: direct, weight: 1 }] }
      }
  return { clusters, listeners, routes: hosts }
}

// Simplified: of two endpoints the less busy one is taken, not the one that has answered faster (EWMA).
function clusterOf(
  { service, host }: RegisteredService,
  port: number,
  endpoints: MeshCluster['endpoints'],
  isOriginal: boolean,
): MeshCluster {
  const setting = (name: string) => service.metadata.annotations?.[`balancer.linkerd.io/failure-accrual${name}`]
  const penalty = milliseconds(setting('-consecutive-min-penalty'), 1000)
  return {
    name: clusterName(host, port),
    host,
    port,
    endpoints,
    ...(isOriginal && { isOriginal }),
    security: 'automatic',
    serverName: '',
    balancer: 'least request',
    limits: {},
    connectTimeout: 1000,
    ...(setting('') === 'consecutive' && {
      outliers: {
        consecutiveErrors: Number(setting('-consecutive-max-failures') ?? 7),
        baseEjectionTime: penalty,
        mostEjected: 100,
      },
    }),
  }
}

function plainRoute(cluster: string): MeshRoute {
  const retries = { attempts: 0, conditions: [], statuses: [] }
  return { name: 'default', matches: [], destinations: [{ cluster, weight: 1 }], timeout: 0, retries }
}

/** Routes whose parent is the Service; without any, everything goes to the Service itself. */
function routesOf({ service, host }: RegisteredService, port: number, all: readonly HttpRoute[]): MeshRoute[] {
  const { name, namespace = 'default', annotations = {} } = service.metadata
  const own = all.filter(({ metadata, spec }) =>
    spec.parentRefs?.some(
      parent =>
        parent.kind === 'Service' &&
        parent.name === name &&
        (parent.namespace ?? metadata.namespace) === namespace &&
        (parent.port === undefined || parent.port === port),
    ),
  )
  const policy = { timeout: timeoutOf(annotations), retries: retriesOf(annotations) }
  if (own.length === 0) return [{ ...plainRoute(clusterName(host, port)), ...policy }]
  return own.flatMap(({ metadata, spec }) =>
    (spec.rules ?? []).map((rule): MeshRoute => {
      const inherited = { ...annotations, ...metadata.annotations }
      const destinations = (rule.backendRefs ?? []).map(backend => ({
        cluster: clusterName(
          `${backend.name}.${backend.namespace ?? metadata.namespace}.svc.cluster.local`,
          backend.port ?? port,
        ),
        weight: backend.weight ?? 1,
      }))
      return {
        name: metadata.name,
        rule: `${metadata.name}.${metadata.namespace}`,
        matches: (rule.matches ?? []).map(matchOf),
        destinations: destinations.length > 0 ? destinations : [{ cluster: clusterName(host, port), weight: 1 }],
        timeout: milliseconds(rule.timeouts?.request, timeoutOf(inherited)),
        retries: retriesOf(inherited),
      }
    }),
  )
}

function timeoutOf(annotations: Readonly<Record<string, string>>): number {
  return milliseconds(annotations['timeout.linkerd.io/request'] ?? annotations['timeout.linkerd.io/response'], 0)
}

function retriesOf(annotations: Readonly<Record<string, string>>): RetryPolicy {
  const wanted = annotations['retry.linkerd.io/http']
  if (wanted === undefined) return { attempts: 0, conditions: [], statuses: [] }
  const perTry = annotations['retry.linkerd.io/timeout']
  return {
    attempts: Number(annotations['retry.linkerd.io/limit'] ?? 1),
    ...(perTry !== undefined && { perTryTimeout: milliseconds(perTry, 0) }),
    ...retryConditions(wanted),
  }
}

// Simplified: who may come in is said by the default policy alone (config.linkerd.io/default-inbound-policy); Server,
// AuthorizationPolicy and their kin are not simulated here.
function inboundOf(client: Client, pod: Pod, { services }: ServiceRegistry): InboundSettings {
  const labels = pod.metadata.labels ?? {}
  const ports: Record<string, InboundSettings['ports'][string]> = {}
  for (const { service, host } of services) {
    const { selector, ports: all = [] } = service.spec
    if (service.metadata.namespace !== pod.metadata.namespace || !selector) continue
    if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) continue
    const opaque = (service.metadata.annotations?.['config.linkerd.io/opaque-ports'] ?? opaquePorts).split(',')
    for (const { port, targetPort = port } of all) {
      const protocol = opaque.includes(String(port)) ? 'tcp' : 'unknown'
      ports[String(targetPort)] ??= { protocol, service: `${host}:${port}` }
    }
  }
  const name = 'config.linkerd.io/default-inbound-policy'
  const policy = annotationOf(client, pod, pod.metadata.namespace ?? 'default', name) ?? 'all-unauthenticated'
  return { strictness: 'PERMISSIVE', ports, policies: policiesOf(policy, pod) }
}

function policiesOf(policy: string, { spec }: Pod): AccessPolicy[] {
  if (policy.endsWith('-unauthenticated')) return []
  // What the kubelet asks for is always allowed.
  const paths = spec.containers
    .flatMap(each => [each.livenessProbe, each.readinessProbe, each.startupProbe])
    .flatMap(probe => (probe?.httpGet ? [probe.httpGet.path ?? '/'] : []))
  const probes = paths.length > 0 ? [{ paths, methods: ['GET'] }] : []
  const rules = policy.endsWith('-authenticated') ? [{ identities: ['*'] }, ...probes] : probes
  return [{ name: policy, action: 'ALLOW', rules }]
}
