import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1'
import { isEqual } from '../api/equality.ts'
import { controllerReference } from '../api/object.ts'
import { type EndpointSlice, endpointSlice } from '../kinds/endpointSlice.ts'
import { node } from '../kinds/node.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type Service, service } from '../kinds/service.ts'
import { type Control, defineController, joinKey, lookUp, watch } from './controller.ts'
import { isReady } from './pods/state.ts'
import { sortedJson } from './pods/templateHash.ts'
import {
  ChangeTimes,
  hasEndpoint,
  hostnameUnder,
  referenceToPod,
  servicesOfPod,
  targetPortOf,
} from './services/selection.ts'

const managedBy = 'endpointslice.kubernetes.io/managed-by'
const serviceName = 'kubernetes.io/service-name'
const headless = 'service.kubernetes.io/headless'
const changeTime = 'endpoints.kubernetes.io/last-change-trigger-time'
const ownName = 'endpointslice-controller.k8s.io'
const endpointsInSlice = 100

/** Lists the pods behind every Service that has a selector, at most 100 in a slice. */
export const endpointSliceController = defineController<ChangeTimes>({
  name: 'endpointslice-controller',
  watches: [watch(service), watch(pod, servicesOfPod), watch(endpointSlice, serviceOfSlice)],
  memory: () => new ChangeTimes(),
  reconcile(key, control, times) {
    const found = lookUp(control.client, service, key)
    if (!found) {
      times.forget(key)
      return
    }
    if (found.metadata.deletionTimestamp || !found.spec.selector || found.spec.type === 'ExternalName') return
    const pods = control.client
      .list(pod, { namespace: found.metadata.namespace!, labels: found.spec.selector })
      .filter(hasEndpoint)
    const time = times.since(found, pods)
    const slices = control.client
      .list(endpointSlice, {
        namespace: found.metadata.namespace!,
        labels: { [serviceName]: found.metadata.name, [managedBy]: ownName },
      })
      .filter(slice => !slice.metadata.deletionTimestamp)
    reconcileSlices(found, pods, slices, time, control)
  },
})

/** A slice that someone else has changed or deleted is put right. */
function serviceOfSlice({ object }: { readonly object: EndpointSlice }): string[] {
  const { namespace, labels } = object.metadata
  const name = labels?.[serviceName]
  return name && labels[managedBy] === ownName ? [joinKey(namespace, name)] : []
}

/** Endpoints that share the numbers of their ports; a port by name can be another number in each pod. */
interface PortGroup {
  readonly ports: EndpointPort[]
  readonly endpoints: Map<string, Endpoint>
}

function reconcileSlices(
  parent: Service,
  pods: readonly Pod[],
  slices: readonly EndpointSlice[],
  time: string | undefined,
  control: Control,
): void {
  const groups = groupByPorts(parent, pods, control)
  const labels = labelsFor(parent)
  const spare: EndpointSlice[] = []
  for (const slice of slices) {
    const group = groups.get(sortedJson(slice.ports ?? []))
    const kept = group ? keepEndpoints(slice, group) : []
    if (kept.length === 0) spare.push(slice)
    else fillSlice(slice, kept, group!, labels, time, control)
  }
  for (const group of groups.values())
    while (group.endpoints.size > 0) {
      const endpoints = take(group, endpointsInSlice)
      const slice = spare.shift()
      if (slice) write(slice, endpoints, group.ports, labels, time, control)
      else create(parent, endpoints, group.ports, labels, time, control)
    }
  // A Service without any endpoint keeps one empty slice, so that clients see that there is none.
  if (groups.size === 0) {
    const placeholder = spare.shift()
    if (placeholder) write(placeholder, [], [], labels, time, control)
    else create(parent, [], [], labels, time, control)
  }
  for (const slice of spare) control.client.delete(endpointSlice, slice.metadata.name, slice.metadata.namespace)
}

function groupByPorts(parent: Service, pods: readonly Pod[], control: Control): Map<string, PortGroup> {
  const groups = new Map<string, PortGroup>()
  for (const member of pods) {
    const ports = portsOf(parent, member)
    const key = sortedJson(ports)
    const group = groups.get(key) ?? { ports, endpoints: new Map() }
    groups.set(key, group)
    group.endpoints.set(member.metadata.uid, endpointOf(parent, member, control))
  }
  return groups
}

function portsOf(parent: Service, member: Pod): EndpointPort[] {
  return (parent.spec.ports ?? []).flatMap(port => {
    const number = targetPortOf(member, port)
    if (number === undefined) return []
    const { name = '', protocol = 'TCP', appProtocol } = port
    return [{ name, protocol, port: number, ...(appProtocol && { appProtocol }) }]
  })
}

function endpointOf(parent: Service, member: Pod, control: Control): Endpoint {
  const serving = isReady(member)
  const terminating = member.metadata.deletionTimestamp !== undefined
  const ready = parent.spec.publishNotReadyAddresses === true || (serving && !terminating)
  const hostname = hostnameUnder(member, parent)
  const { nodeName } = member.spec
  const zone = nodeName && control.client.get(node, nodeName)?.metadata.labels?.['topology.kubernetes.io/zone']
  return {
    addresses: [member.status!.podIP!],
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    targetRef: referenceToPod(member),
    ...(nodeName && { nodeName }),
    ...(zone && { zone }),
    ...(ready && hintsFor(parent, nodeName, zone)),
  }
}

/**
 * Tells proxies who should prefer a ready endpoint.
 * Simplified: the annotation service.kubernetes.io/topology-mode has no effect.
 */
function hintsFor({ spec }: Service, nodeName: string | undefined, zone: string | undefined) {
  const { trafficDistribution } = spec
  const forZones = trafficDistribution && zone ? [{ name: zone }] : undefined
  const forNodes = trafficDistribution === 'PreferSameNode' && nodeName ? [{ name: nodeName }] : undefined
  return (forZones || forNodes) && { hints: { ...(forNodes && { forNodes }), ...(forZones && { forZones }) } }
}

function labelsFor(parent: Service): Record<string, string> {
  const { [headless]: _, ...labels } = parent.metadata.labels ?? {}
  return {
    ...labels,
    [managedBy]: ownName,
    [serviceName]: parent.metadata.name,
    ...(parent.spec.clusterIP === 'None' && { [headless]: '' }),
  }
}

/** The endpoints of a slice that are still wanted, as they are now; they are taken out of the group. */
function keepEndpoints(slice: EndpointSlice, group: PortGroup): Endpoint[] {
  return (slice.endpoints ?? []).flatMap(({ targetRef }) => {
    const endpoint = group.endpoints.get(targetRef?.uid ?? '')
    if (endpoint) group.endpoints.delete(targetRef!.uid!)
    return endpoint ? [endpoint] : []
  })
}

/** Tops a slice up with new endpoints when it must be written anyway or has room for all of them. */
function fillSlice(
  slice: EndpointSlice,
  kept: readonly Endpoint[],
  group: PortGroup,
  labels: Record<string, string>,
  time: string | undefined,
  control: Control,
): void {
  const endpoints = [...kept, ...take(group, endpointsInSlice - kept.length)]
  write(slice, endpoints, group.ports, labels, time, control)
}

function take(group: PortGroup, count: number): Endpoint[] {
  const taken = [...group.endpoints].slice(0, count)
  for (const [uid] of taken) group.endpoints.delete(uid)
  return taken.map(([, endpoint]) => endpoint)
}

function write(
  slice: EndpointSlice,
  endpoints: Endpoint[],
  ports: EndpointPort[],
  labels: Record<string, string>,
  time: string | undefined,
  control: Control,
): void {
  const isSame =
    isEqual(endpoints, slice.endpoints ?? []) &&
    isEqual(ports, slice.ports ?? []) &&
    isEqual(labels, slice.metadata.labels)
  if (isSame) return
  const { [changeTime]: _, ...annotations } = slice.metadata.annotations ?? {}
  control.client.update(endpointSlice, {
    ...slice,
    metadata: { ...slice.metadata, labels, annotations: { ...annotations, ...(time && { [changeTime]: time }) } },
    endpoints,
    ports,
  })
}

function create(
  parent: Service,
  endpoints: Endpoint[],
  ports: EndpointPort[],
  labels: Record<string, string>,
  time: string | undefined,
  control: Control,
): void {
  control.client.create(endpointSlice, {
    metadata: {
      generateName: `${parent.metadata.name}-`,
      namespace: parent.metadata.namespace!,
      labels,
      ...(time && { annotations: { [changeTime]: time } }),
      ownerReferences: [controllerReference(parent)],
    },
    addressType: 'IPv4',
    endpoints: (endpoints.length > 0 ? endpoints : null) as Endpoint[],
    ports: (ports.length > 0 ? ports : null) as EndpointPort[],
  })
}
