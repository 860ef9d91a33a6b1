import { matchesRequirements, parseSelector } from '../../api/selector.ts'
import type { Client } from '../../client.ts'
import { type Node, node } from '../../kinds/node.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import type { Samples, Usage } from './samples.ts'

const apiVersion = 'metrics.k8s.io/v1beta1'
const verbs = ['get', 'list']

/** Answers a request for metrics; `target` is what stands behind the group and version. */
export function answerMetrics(target: string, client: Client, samples: Samples): object {
  const [path = '', search = ''] = target.split('?')
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent)
  const selector = new Map(search.split('&').map(pair => pair.split('=').map(readWord) as [string, string]))
  const requirements = parseSelector(selector.get('labelSelector') ?? '')
  const isChosen = ({ metadata }: Pod | Node) => matchesRequirements(requirements, metadata.labels)
  if (parts.length === 0) return resources
  const namespace = parts[0] === 'namespaces' ? parts[1] : undefined
  const [resource, name] = namespace === undefined ? parts : parts.slice(2)
  if (resource === 'nodes') {
    const metrics = (each: Node) => nodeMetrics(each, samples)
    if (name === undefined)
      return listOf('NodeMetrics', client.list(node).filter(isChosen).sort(byName).flatMap(metrics))
    const found = client.get(node, name)
    return (found && metrics(found)[0]) ?? notFound('nodemetrics', 'nodes', name)
  }
  if (resource !== 'pods') return notFound('', resource ?? '', name ?? '')
  const metrics = (each: Pod) => podMetrics(each, samples)
  if (name === undefined) {
    const pods = client.list(pod, namespace === undefined ? {} : { namespace })
    return listOf('PodMetrics', pods.filter(isChosen).sort(byName).flatMap(metrics))
  }
  const found = client.get(pod, name, namespace)
  return (found && metrics(found)[0]) ?? notFound('podmetrics', 'pods', `${namespace}/${name}`)
}

const resources = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: apiVersion,
  resources: [
    { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs },
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs },
  ],
}

function nodeMetrics({ metadata }: Node, samples: Samples): object[] {
  const usage = samples.usageOf(`node/${metadata.name}`)
  if (!usage) return []
  const { name, labels } = metadata
  return [{ ...headOf('NodeMetrics', { name, labels }, usage), usage: amounts(usage) }]
}

/** A pod shows once all of its containers have been seen twice. */
function podMetrics({ metadata, spec, status }: Pod, samples: Samples): object[] {
  if (status?.phase !== 'Running') return []
  const { name, namespace, labels } = metadata
  const usages = spec.containers.map(container => samples.usageOf(`pod/${namespace}/${name}/${container.name}`))
  const [first] = usages
  if (!first || usages.some(usage => !usage)) return []
  const containers = spec.containers.map((container, i) => ({ name: container.name, usage: amounts(usages[i]!) }))
  return [{ ...headOf('PodMetrics', { name, namespace, labels }, first), containers }]
}

function headOf(kind: string, metadata: object, { at, window }: Usage) {
  const timestamp = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    kind,
    apiVersion,
    metadata: { ...metadata, creationTimestamp: timestamp },
    timestamp,
    window: `${window / 1000}s`,
  }
}

function amounts({ processor, memory }: Usage) {
  return { cpu: `${processor}n`, memory: `${Math.round(memory / 1024)}Ki` }
}

function listOf(kind: string, items: readonly object[]) {
  const plain = items.map(item => {
    const { kind: _, apiVersion: __, ...rest } = item as { kind?: unknown; apiVersion?: unknown }
    return rest
  })
  return { kind: `${kind}List`, apiVersion, metadata: {}, items: plain }
}

function notFound(word: string, resource: string, name: string) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `${word || resource}.metrics.k8s.io "${name}" not found`,
    reason: 'NotFound',
    details: { name, group: 'metrics.k8s.io', kind: resource },
    code: 404,
  }
}

function byName(a: Pod | Node, b: Pod | Node): number {
  const key = ({ metadata }: Pod | Node) => `${metadata.namespace ?? ''}/${metadata.name}`
  return key(a) < key(b) ? -1 : 1
}

function readWord(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
