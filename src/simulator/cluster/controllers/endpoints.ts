import type { EndpointAddress, EndpointSubset } from 'kubernetes-types/core/v1'
import { isEqual } from '../api/equality.ts'
import { type Endpoints, endpoints as endpointsKind } from '../kinds/endpoints.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type Service, service } from '../kinds/service.ts'
import { defineController, lookUp, watch } from './controller.ts'
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

const managedBy = 'endpoints.kubernetes.io/managed-by'
const headless = 'service.kubernetes.io/headless'
const changeTime = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Keeps the old list of pods behind each Service, one object for all, for those who still read it. */
export const endpointsController = defineController<ChangeTimes>({
  name: 'endpoint-controller',
  watches: [watch(service), watch(pod, servicesOfPod), watch(endpointsKind)],
  memory: () => new ChangeTimes(),
  reconcile(key, { client }, times) {
    const parent = lookUp(client, service, key)
    const current = lookUp(client, endpointsKind, key)
    if (!parent) {
      times.forget(key)
      if (current?.metadata.labels?.[managedBy] === 'endpoint-controller')
        client.delete(endpointsKind, current.metadata.name, current.metadata.namespace)
      return
    }
    if (!parent.spec.selector || parent.spec.type === 'ExternalName') return
    const { name, namespace } = parent.metadata
    const pods = client
      .list(pod, { namespace: namespace!, labels: parent.spec.selector })
      .filter(member => hasEndpoint(member) && (!member.metadata.deletionTimestamp || publishesAll(parent)))
    const time = times.since(parent, pods)
    const subsets = subsetsOf(parent, pods)
    const labels = labelsFor(parent)
    if (current && isEqual(subsets, current.subsets ?? []) && isEqual(labels, current.metadata.labels)) return
    const { [changeTime]: _, ...others } = current?.metadata.annotations ?? {}
    const annotations = { ...others, ...(time && { [changeTime]: time }) }
    const fields = subsets.length > 0 ? { subsets } : {}
    if (!current)
      client.create(endpointsKind, { metadata: { name, namespace: namespace!, labels, annotations }, ...fields })
    else {
      const { subsets: __, ...rest } = current
      client.update<Endpoints>(endpointsKind, {
        ...rest,
        metadata: { ...rest.metadata, labels, annotations },
        ...fields,
      })
    }
  },
})

function publishesAll(parent: Service): boolean {
  return parent.spec.publishNotReadyAddresses === true
}

function labelsFor(parent: Service): Record<string, string> {
  const { [headless]: _, ...labels } = parent.metadata.labels ?? {}
  return {
    ...labels,
    [managedBy]: 'endpoint-controller',
    ...(parent.spec.clusterIP === 'None' && { [headless]: '' }),
  }
}

type Port = NonNullable<EndpointSubset['ports']>[number]

interface Members {
  readonly ready: EndpointAddress[]
  readonly notReady: EndpointAddress[]
}

/** Ports that have the same addresses share a subset. Source: RepackSubsets in kubernetes/pkg/api/v1/endpoints/util.go. */
function subsetsOf(parent: Service, pods: readonly Pod[]): EndpointSubset[] {
  const byPort = new Map<string, { port: Port | undefined; members: Members }>()
  for (const member of pods) {
    const address = addressOf(parent, member)
    const isServing = isReady(member) || publishesAll(parent)
    for (const port of portsOf(parent, member)) {
      const key = sortedJson(port ?? null)
      const entry = byPort.get(key) ?? { port, members: { ready: [], notReady: [] } }
      byPort.set(key, entry)
      entry.members[isServing ? 'ready' : 'notReady'].push(address)
    }
  }
  const byMembers = new Map<string, { ports: Port[]; members: Members }>()
  for (const { port, members } of byPort.values()) {
    const sorted = { ready: members.ready.sort(compareAddresses), notReady: members.notReady.sort(compareAddresses) }
    const key = sortedJson(sorted)
    const entry = byMembers.get(key) ?? { ports: [], members: sorted }
    byMembers.set(key, entry)
    if (port) entry.ports.push(port)
  }
  return [...byMembers.values()].map(({ ports, members: { ready, notReady } }) => ({
    ...(ready.length > 0 && { addresses: ready }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady }),
    ...(ports.length > 0 && { ports: ports.sort(comparePorts) }),
  }))
}

/** A headless Service may have no port at all; its pods are listed all the same. */
function portsOf(parent: Service, member: Pod): (Port | undefined)[] {
  const ports = parent.spec.ports ?? []
  if (ports.length === 0) return parent.spec.clusterIP === 'None' ? [undefined] : []
  return ports.flatMap(port => {
    const number = targetPortOf(member, port)
    if (number === undefined) return []
    const { name, protocol = 'TCP', appProtocol } = port
    return [{ ...(name && { name }), port: number, protocol, ...(appProtocol && { appProtocol }) }]
  })
}

function addressOf(parent: Service, member: Pod): EndpointAddress {
  const hostname = hostnameUnder(member, parent)
  return {
    ip: member.status!.podIP!,
    ...(hostname && { hostname }),
    ...(member.spec.nodeName && { nodeName: member.spec.nodeName }),
    targetRef: referenceToPod(member),
  }
}

/** The addresses as text, then the pods: as the real controller sorts them. */
function compareAddresses(a: EndpointAddress, b: EndpointAddress): number {
  return compareTexts(a.ip, b.ip) || compareTexts(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '')
}

function comparePorts(a: Port, b: Port): number {
  return compareTexts(a.name ?? '', b.name ?? '') || a.port - b.port || compareTexts(a.protocol ?? '', b.protocol ?? '')
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
