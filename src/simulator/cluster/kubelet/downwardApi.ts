import type { Container, ResourceFieldSelector } from 'kubernetes-types/core/v1'
import { Quantity } from '../api/quantity.ts'
import type { Pod } from '../kinds/pod.ts'

/** What a node knows about a pod beyond its object. */
export interface PodPlace {
  readonly podIP: string | undefined
  readonly hostIP: string
}

/** The value of a field of the pod, as `fieldRef` names it. */
export function readField(pod: Pod, path: string, place: PodPlace): string | undefined {
  const { metadata, spec } = pod
  const entry = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (entry) return (entry[1] === 'labels' ? metadata.labels : metadata.annotations)?.[entry[2]!] ?? ''
  switch (path) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid
    case 'metadata.labels':
      return listing(metadata.labels)
    case 'metadata.annotations':
      return listing(metadata.annotations)
    case 'spec.nodeName':
      return spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return place.hostIP
    case 'status.podIP':
    case 'status.podIPs':
      return place.podIP ?? ''
  }
  return undefined
}

/** Limits stand in for what a node has when a container has none: its CPUs and its memory. */
const nodeResources: Readonly<Record<string, string>> = {
  cpu: '2',
  memory: '24581696Ki',
  'ephemeral-storage': '243497856212',
}

/** A container's own limit or request, in the unit that the reference asks for, rounded up. */
export function readResource(pod: Pod, container: Container, selector: ResourceFieldSelector): string {
  const named = selector.containerName
  const of = named
    ? [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(each => each.name === named)
    : container
  const [side = '', name = ''] = selector.resource.split('.')
  const given = side === 'limits' ? of?.resources?.limits?.[name] : of?.resources?.requests?.[name]
  const amount = given ?? (side === 'limits' ? nodeResources[name] : undefined) ?? '0'
  const divisor = selector.divisor && selector.divisor !== '0' ? selector.divisor : '1'
  return String(Math.ceil(Quantity.parse(amount).toNumber() / Quantity.parse(divisor).toNumber()))
}

/** `key="value"` lines, sorted. */
function listing(entries: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(entries ?? {})
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n')
}
