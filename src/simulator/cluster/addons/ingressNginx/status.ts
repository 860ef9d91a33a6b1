import type { IngressLoadBalancerIngress } from 'kubernetes-types/networking/v1'
import { isEqual } from '../../api/equality.ts'
import type { Client } from '../../client.ts'
import { type Ingress, ingress } from '../../kinds/ingress.ts'
import { node } from '../../kinds/node.ts'
import { pod } from '../../kinds/pod.ts'
import { service } from '../../kinds/service.ts'
import type { ControllerFlags } from './flags.ts'

/** The addresses at which the controller is found from outside. */
export function publishedAddresses(client: Client, flags: ControllerFlags): IngressLoadBalancerIngress[] {
  if (flags.publishAddress) return flags.publishAddress.split(',').map(addressOf)
  if (flags.publishService) return serviceAddresses(client, flags.publishService)
  const own = client.get(pod, flags.podName, flags.namespace)
  const labels = { ...own?.metadata.labels }
  for (const name of ['pod-template-hash', 'controller-revision-hash', 'pod-template-generation']) delete labels[name]
  const found = new Set<string>()
  for (const { spec, status } of own ? client.list(pod, { namespace: flags.namespace, labels }) : [])
    if (status?.phase === 'Running' && spec.nodeName) {
      const address = nodeAddress(client, spec.nodeName)
      if (address) found.add(address)
    }
  return [...found].sort().map(addressOf)
}

/** Writes the addresses into the Ingresses that have others; tells of each. */
export function publish(
  client: Client,
  ingresses: readonly Ingress[],
  addresses: IngressLoadBalancerIngress[],
  tell: (changed: Ingress) => void,
): void {
  for (const each of ingresses) {
    if (isEqual(each.status?.loadBalancer?.ingress ?? [], addresses)) continue
    tell(each)
    try {
      const loadBalancer = addresses.length > 0 ? { ingress: addresses } : {}
      client.updateStatus(ingress, { ...each, status: { ...each.status, loadBalancer } })
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
  }
}

function serviceAddresses(client: Client, key: string): IngressLoadBalancerIngress[] {
  const [namespace, name = ''] = key.split('/')
  const found = client.get(service, name, namespace)
  if (!found) return []
  const { type, clusterIP = '', externalIPs, externalName = '' } = found.spec
  if (type === 'ExternalName') return [{ hostname: externalName }]
  if (type === 'ClusterIP') return [{ ip: clusterIP }]
  const external = (externalIPs ?? []).map(ip => ({ ip }))
  if (type === 'NodePort') return external.length > 0 ? external : [{ ip: clusterIP }]
  const balanced = (found.status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) =>
    ip ? { ip } : { hostname: hostname ?? '' },
  )
  return [...balanced, ...external.filter(({ ip }) => !balanced.some(each => 'ip' in each && each.ip === ip))]
}

function nodeAddress(client: Client, name: string): string | undefined {
  const addresses = client.get(node, name)?.status?.addresses ?? []
  const of = (type: string) => addresses.find(each => each.type === type)?.address
  return of('ExternalIP') ?? of('InternalIP')
}

function addressOf(text: string): IngressLoadBalancerIngress {
  return /^[\d.]+$/.test(text) ? { ip: text } : { hostname: text }
}
