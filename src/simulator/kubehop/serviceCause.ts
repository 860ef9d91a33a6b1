import type { Client } from '../cluster/client.ts'
import { endpointSlice } from '../cluster/kinds/endpointSlice.ts'
import { type Pod, pod } from '../cluster/kinds/pod.ts'
import type { Service } from '../cluster/kinds/service.ts'
import type { Cause } from './cause.ts'

/** Why nobody stands behind a port of a Service; `node` where only endpoints of one node count. */
export function emptiness(client: Client, found: Service, port: number, node: string | undefined): Cause {
  const { namespace = '', name } = found.metadata
  const text = `svc/${namespace}/${name}`
  const { selector } = found.spec
  if (node !== undefined) return { kind: 'noLocalEndpoint', service: text, node, nodes: nodesBehind(client, found) }
  if (!selector || Object.keys(selector).length === 0) return { kind: 'serviceWithoutSelector', service: text }
  const pods = client.list(pod, { namespace, labels: selector })
  if (pods.length === 0) {
    const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
    return { kind: 'selectorFindsNoPod', service: text, selector: labels.join(',') }
  }
  const named = found.spec.ports?.find(each => each.port === port || each.nodePort === port)?.targetPort
  const nameless = pods.filter(each => typeof named === 'string' && !hasPort(each, named))
  if (nameless.length === pods.length)
    return { kind: 'portNameUnknown', service: text, port: String(named), pods: nameless.map(nameOf) }
  if (!pods.some(isReady))
    return { kind: 'podsNotReady', service: text, pods: pods.map(each => `${nameOf(each)} (${stateOf(each)})`) }
  return { kind: 'noEndpoints', service: text }
}

/** Whether any ready address stands behind a Service. */
export function hasEndpoints(client: Client, { metadata }: Service): boolean {
  const { namespace = '', name } = metadata
  return client
    .list(endpointSlice, { namespace, labels: { 'kubernetes.io/service-name': name } })
    .some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false))
}

/** `80/TCP (http)` of every port. */
export function portTexts({ spec }: Service): string[] {
  return (spec.ports ?? []).map(({ port, protocol, name }) => `${port}/${protocol ?? 'TCP'}${name ? ` (${name})` : ''}`)
}

function nodesBehind(client: Client, { metadata }: Service): string[] {
  const { namespace = '', name } = metadata
  const slices = client.list(endpointSlice, { namespace, labels: { 'kubernetes.io/service-name': name } })
  const nodes = slices.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ nodeName }) => nodeName ?? []))
  return [...new Set(nodes)].sort()
}

function hasPort({ spec }: Pod, name: string): boolean {
  return spec.containers.some(({ ports }) => ports?.some(port => port.name === name))
}

function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false
}

function nameOf({ metadata }: Pod): string {
  return metadata.name
}

const shown = ['Ready', 'Status'].map(name => pod.columns.find(column => column.name === name)!)

/** `0/1 Running`, as `kubectl get pods` shows it. */
function stateOf(one: Pod): string {
  return shown.map(column => String(column.value(one, 0))).join(' ')
}
