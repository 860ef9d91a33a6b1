import type { Clock } from '../../clock.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Change, Client } from '../client.ts'
import { endpointSlice } from '../kinds/endpointSlice.ts'
import { endpoints } from '../kinds/endpoints.ts'
import type { Kind } from '../kinds/kind.ts'
import { namespace } from '../kinds/namespace.ts'
import { priorityClass } from '../kinds/priorityClass.ts'
import { service } from '../kinds/service.ts'
import { serviceCidr } from '../kinds/serviceCidr.ts'
import { ensure } from '../manifest/ensure.ts'

const systemNamespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default']
const checkPeriod = 10_000

/** What an API server writes down when it starts for the first time: namespaces, and itself as a Service. */
export function installBootstrapObjects(client: Client, address: string, serviceRange: string): void {
  for (const name of systemNamespaces)
    ensure(client, namespace, { metadata: { name }, spec: { finalizers: ['kubernetes'] } })
  installServiceRange(client, serviceRange)
  ensure(client, priorityClass, {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
    preemptionPolicy: 'PreemptLowerPriority',
  })
  ensure(client, priorityClass, {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
    preemptionPolicy: 'PreemptLowerPriority',
  })
  const own = { name: 'kubernetes', namespace: 'default' }
  const clusterIP = firstAddress(serviceRange)
  ensure(client, service, {
    metadata: { ...own, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
      clusterIP,
      clusterIPs: [clusterIP],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  })
  ensure(client, endpoints, {
    metadata: { ...own, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  })
  ensure(client, endpointSlice, {
    metadata: { ...own, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', protocol: 'TCP', port: 6443 }],
  })
}

/**
 * Puts back what someone deletes of it, as the API server does every ten seconds.
 * Simplified: it takes a minute for namespaces, and changes are undone, too.
 */
export function keepBootstrapObjects(client: Client, clock: Clock, address: string, serviceRange: string): void {
  let isPlanned = false
  const follow = ({ type, object }: Change): void => {
    if (type !== 'DELETED' || !isOwn(object) || isPlanned) return
    isPlanned = true
    clock.after(checkPeriod, () => {
      isPlanned = false
      installBootstrapObjects(client, address, serviceRange)
    })
  }
  for (const kind of [namespace, service, endpoints, endpointSlice] as unknown as Kind[]) client.watch(kind, follow)
}

function isOwn({ metadata, kind }: KubernetesObject): boolean {
  if (kind === 'Namespace') return systemNamespaces.includes(metadata.name)
  return metadata.namespace === 'default' && metadata.name === 'kubernetes'
}

function installServiceRange(client: Client, range: string): void {
  const name = 'kubernetes'
  if (client.get(serviceCidr, name)) return
  const finalizers = ['networking.k8s.io/service-cidr-finalizer']
  const created = client.create(serviceCidr, { metadata: { name, finalizers }, spec: { cidrs: [range] } })
  const ready = {
    type: 'Ready',
    status: 'True',
    lastTransitionTime: created.metadata.creationTimestamp,
    reason: '',
    message: 'Kubernetes Service CIDR is ready',
  }
  client.updateStatus(serviceCidr, { ...created, status: { conditions: [ready] } } as typeof created)
}

/** The first address of a range is the API server's own. */
function firstAddress(range: string): string {
  const parts = range.split('/')[0]!.split('.')
  return [...parts.slice(0, 3), Number(parts[3]) + 1].join('.')
}
