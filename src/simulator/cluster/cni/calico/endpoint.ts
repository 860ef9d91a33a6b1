import { parseIpv4 } from '../../../network/address.ts'
import type { Protocol } from '../../../network/packet.ts'
import type { Pod } from '../../kinds/pod.ts'

/** Where the executable writes down which address it has given a pod. */
export const podAddressAnnotation = 'cni.projectcalico.org/podIP'

/** A pod with an address of its own, as far as policies look at it. */
export interface Endpoint {
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly account: string
  readonly node: string
  readonly address: number
  readonly ports: readonly NamedPort[]
}

interface NamedPort {
  readonly name: string
  readonly protocol: Protocol
  readonly port: number
}

/** What a pod is to policies; undefined for one without an address of its own, and for one that has ended. */
export function endpointOf(pod: Pod): Endpoint | undefined {
  const address = addressOf(pod)
  if (address === undefined) return undefined
  const { metadata, spec } = pod
  const { name, namespace = '', labels = {} } = metadata
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    labels,
    account: spec.serviceAccountName ?? 'default',
    node: spec.nodeName!,
    address,
    ports: containers.flatMap(({ ports = [] }) =>
      ports.flatMap(({ name, containerPort, protocol = 'TCP' }) =>
        name ? [{ name, protocol: protocol.toLowerCase() as Protocol, port: containerPort }] : [],
      ),
    ),
  }
}

/** Whether a pod is what it was to policies: of the rest, ports, node and account never change. */
export function isStill(endpoint: Endpoint, pod: Pod): boolean {
  if (addressOf(pod) !== endpoint.address || pod.spec.nodeName !== endpoint.node) return false
  const { labels = {} } = pod.metadata
  if (labels === endpoint.labels) return true
  const keys = Object.keys(labels)
  return keys.length === Object.keys(endpoint.labels).length && keys.every(key => labels[key] === endpoint.labels[key])
}

function addressOf({ metadata, spec, status }: Pod): number | undefined {
  if (spec.hostNetwork || !spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return undefined
  const text = metadata.annotations?.[podAddressAnnotation]?.replace(/\/32$/, '') || status.podIP
  return text ? parseIpv4(text) : undefined
}
