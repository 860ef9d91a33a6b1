import type { Container, PodSpec } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../../api/object.ts'
import { Quantity } from '../../api/quantity.ts'
import type { Kind } from '../kind.ts'
import type { PersistentVolumeClaim } from '../persistentVolumeClaim.ts'
import type { Pod } from '../pod.ts'
import type { Service } from '../service.ts'

type Usage = Map<string, Quantity>

/** What an object counts against quotas, by the names that quotas use: `pods`, `requests.cpu`, `count/deployments.apps`. */
export function usageOf(kind: Kind, object: KubernetesObject): Usage {
  const usage: Usage = new Map()
  const count = (name: string, amount = 1): void => {
    usage.set(name, Quantity.of(amount))
  }
  count(kind.group ? `count/${kind.plural}.${kind.group}` : `count/${kind.plural}`)
  if (kind.group !== '') return usage
  if (counted.has(kind.plural)) count(kind.plural)
  if (kind.kind === 'Service') {
    const { spec } = object as Service
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') count('services.nodeports', nodePortsOf(spec))
    if (spec.type === 'LoadBalancer') count('services.loadbalancers')
  }
  if (kind.kind === 'PersistentVolumeClaim') addClaim((object as PersistentVolumeClaim).spec, usage)
  if (kind.kind === 'Pod') {
    if (isOver(object as Pod)) usage.delete('pods')
    else addResources((object as Pod).spec, usage)
  }
  return usage
}

const counted = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
])

/** A pod that has run its course uses nothing any more but its place in the store. */
function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

function nodePortsOf({ ports = [], type, allocateLoadBalancerNodePorts }: Service['spec']): number {
  const hasAll = type === 'NodePort' || allocateLoadBalancerNodePorts !== false
  return hasAll ? ports.length : ports.filter(({ nodePort }) => nodePort).length
}

function addClaim({ resources, storageClassName }: PersistentVolumeClaim['spec'], usage: Usage): void {
  const storage = resources?.requests?.['storage']
  const amount = storage === undefined ? undefined : Quantity.parse(String(storage))
  if (amount) usage.set('requests.storage', amount)
  if (!storageClassName) return
  const place = `${storageClassName}.storageclass.storage.k8s.io`
  usage.set(`${place}/persistentvolumeclaims`, Quantity.of(1))
  if (amount) usage.set(`${place}/requests.storage`, amount)
}

function addResources(spec: PodSpec, usage: Usage): void {
  for (const [name, amount] of amountsOf(spec, 'requests')) {
    usage.set(`requests.${name}`, amount)
    if (/^(cpu|memory|ephemeral-storage)$|^hugepages-/.test(name)) usage.set(name, amount)
  }
  // What nodes add to the usual resources can only be asked for, not limited: pkg/quota/v1/evaluator/core/pods.go
  for (const [name, amount] of amountsOf(spec, 'limits')) if (!name.includes('/')) usage.set(`limits.${name}`, amount)
}

/** Init containers run before the others: only what they need beyond them counts. */
function amountsOf(spec: PodSpec, side: 'requests' | 'limits'): Usage {
  const amounts: Usage = new Map()
  for (const container of spec.containers)
    for (const [name, amount] of entriesOf(container, side))
      amounts.set(name, amounts.get(name)?.plus(amount) ?? amount)
  for (const container of spec.initContainers ?? [])
    for (const [name, amount] of entriesOf(container, side)) {
      const before = amounts.get(name)
      if (!before || amount.compare(before) > 0) amounts.set(name, amount)
    }
  return amounts
}

function entriesOf({ resources }: Container, side: 'requests' | 'limits'): [name: string, amount: Quantity][] {
  return Object.entries(resources?.[side] ?? {}).map(([name, amount]) => [name, Quantity.parse(String(amount))])
}
