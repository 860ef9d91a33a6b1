import type { PodSpec, ResourceRequirements } from 'kubernetes-types/core/v1'
import { Quantity } from '../api/quantity.ts'

type Amounts = Record<string, string>

/** The part of a pod's status that says what its containers together may use. */
export function resourcesOf(spec: PodSpec): { resources: ResourceRequirements; allocatedResources?: Amounts } {
  const requests = sum(spec, 'requests')
  const limits = sum(spec, 'limits')
  return {
    ...(requests ? { allocatedResources: requests } : {}),
    resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
  }
}

function sum(spec: PodSpec, side: 'requests' | 'limits'): Amounts | undefined {
  const given = spec.containers.flatMap(container => Object.entries(container.resources?.[side] ?? {}))
  if (given.length === 0) return undefined
  const total = new Map<string, Quantity>()
  for (const [name, amount] of given) {
    const quantity = Quantity.parse(amount)
    total.set(name, total.get(name)?.plus(quantity) ?? quantity)
  }
  return Object.fromEntries([...total].map(([name, quantity]) => [name, quantity.toString()]))
}
