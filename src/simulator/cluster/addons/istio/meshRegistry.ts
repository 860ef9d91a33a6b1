import { type Certificate, decodeCertificates } from '../../../machine/certificate.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Pod } from '../../kinds/pod.ts'
import { secret } from '../../kinds/secret.ts'
import { readServices, type ServiceRegistry, workloadName } from '../mesh/serviceRegistry.ts'
import type { Workload } from '../mesh/settings.ts'
import type {
  AuthorizationPolicy,
  DestinationRule,
  Gateway,
  PeerAuthentication,
  ServiceEntry,
  VirtualService,
} from './rules.ts'

/** What Istio's control plane has read from the API server at one moment. */
export interface MeshRegistry extends ServiceRegistry {
  readonly virtualServices: readonly VirtualService[]
  readonly destinationRules: readonly DestinationRule[]
  readonly peerAuthentications: readonly PeerAuthentication[]
  readonly authorizationPolicies: readonly AuthorizationPolicy[]
  readonly serviceEntries: readonly ServiceEntry[]
  readonly gateways: readonly Gateway[]
  /** The certificates of a Secret, the server's own first. */
  credential(namespace: string, name: string): readonly Certificate[]
}

/** The kinds of Istio that are read besides Kubernetes' own, by name. */
export const readKinds = [
  'VirtualService',
  'DestinationRule',
  'PeerAuthentication',
  'AuthorizationPolicy',
  'ServiceEntry',
  'Gateway',
] as const

/** Reads everything that the settings of proxies are made of. */
export function readRegistry(client: Client): MeshRegistry {
  const custom = <T extends KubernetesObject>(name: (typeof readKinds)[number]): readonly T[] => {
    const kind = client.kinds().find(each => each.kind === name && each.group.endsWith('.istio.io'))
    const all = kind ? client.list(kind as unknown as Kind<T>) : []
    return all.filter(each => (each as { spec?: unknown }).spec !== undefined).sort(byAge)
  }
  return {
    ...readServices(client, { isMeshed: isInjected, workloadOf }),
    virtualServices: custom('VirtualService'),
    destinationRules: custom('DestinationRule'),
    peerAuthentications: custom('PeerAuthentication'),
    authorizationPolicies: custom('AuthorizationPolicy'),
    serviceEntries: custom('ServiceEntry'),
    gateways: custom('Gateway'),
    credential(namespace, name) {
      const text = client.get(secret, name, namespace)?.data?.['tls.crt']
      return text === undefined ? [] : decodeCertificates(atob(text))
    },
  }
}

/** A pod as measurements and certificates name it. */
export function workloadOf(pod: Pod): Workload {
  const { metadata, spec } = pod
  const { labels = {}, namespace = 'default', name } = metadata
  const workload = workloadName(pod)
  const account = spec.serviceAccountName ?? 'default'
  return {
    name: workload,
    namespace,
    pod: name,
    app: labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? workload,
    version: labels['version'] ?? labels['app.kubernetes.io/version'] ?? '',
    account,
    identity: `spiffe://cluster.local/ns/${namespace}/sa/${account}`,
    isMeshed: isInjected(pod),
  }
}

/** Whether a proxy stands in front of a pod. */
export function isInjected({ metadata }: Pod): boolean {
  return metadata.labels?.['security.istio.io/tlsMode'] === 'istio'
}

/** Whether a pod is a proxy at the edge. */
export function isEdge({ spec }: Pod): boolean {
  return spec.containers.some(({ name, args }) => name === 'istio-proxy' && args?.[1] === 'router')
}

/** Older rules come first: they win over younger ones for the same host. */
function byAge(one: KubernetesObject, other: KubernetesObject): number {
  const [a, b] = [one, other].map(
    ({ metadata }) => `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`,
  )
  return a! < b! ? -1 : 1
}
