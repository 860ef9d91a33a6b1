import type { PodSpec } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../../api/object.ts'
import { Quantity } from '../../api/quantity.ts'
import type { Kind } from '../kind.ts'
import type { PersistentVolumeClaim } from '../persistentVolumeClaim.ts'
import type { Service } from '../service.ts'

/** What an object counts against quotas, by the names that quotas use: `pods`, `requests.cpu`, `count/deployments.apps`. */
export function usageOf(kind: Kind, object: KubernetesObject): Map<string, Quantity> {
  const usage = new Map<string, Quantity>()
  const count = (name: string, amount = 1): void => {
    usage.set(name, Quantity.of(amount))
  }
  count(kind.group ? `count/${kind.plural}.${kind.group}` : `count/${kind.plural}`)
  if (kind.group !== '') return usage
  if (counted.has(kind.plural)) count(kind.plural)
  if (kind.kind === 'Service') {
    const { spec } = object as Service
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') count('services.nodeports', spec.ports?.length ?? 0)
    if (spec.type === 'LoadBalancer') count('services.loadbalancers')
  }
  if (kind.kind === 'PersistentVolumeClaim') {
    const { spec } = object as PersistentVolumeClaim
    const storage = spec.resources?.requests?.['storage']
    if (storage !== undefined) usage.set('requests.storage', Quantity.parse(String(storage)))
  }
  if (kind.kind === 'Pod') addResources((object as unknown as { spec: PodSpec }).spec, usage)
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

function addResources({ containers }: PodSpec, usage: Map<string, Quantity>): void {
  const add = (name: string, amount: unknown): void => {
    const quantity = Quantity.parse(String(amount))
    usage.set(name, usage.get(name)?.plus(quantity) ?? quantity)
  }
  for (const { resources } of containers) {
    for (const [name, amount] of Object.entries(resources?.requests ?? {})) {
      add(`requests.${name}`, amount)
      if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage') add(name, amount)
    }
    for (const [name, amount] of Object.entries(resources?.limits ?? {})) add(`limits.${name}`, amount)
  }
}
