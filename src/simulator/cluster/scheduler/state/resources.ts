import type { Container, PodSpec, ResourceRequirements } from 'kubernetes-types/core/v1'
import { parseQuantity } from '../../api/quantity.ts'

/** Amounts by resource name: cpu in thousandths, memory in bytes, others as counted. */
export type Resources = ReadonlyMap<string, number>

type Amounts = ResourceRequirements['requests']

// What a container without requests counts when nodes are compared: kubernetes/pkg/scheduler/util/pod_resources.go
const assumed = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
])

export function readResources(amounts: Amounts): Resources {
  return new Map(Object.entries(amounts ?? {}).map(([name, amount]) => [name, readAmount(name, String(amount))]))
}

function readAmount(name: string, amount: string): number {
  return name === 'cpu' ? Math.ceil(parseQuantity(amount) * 1000) : Math.ceil(parseQuantity(amount))
}

/** What a pod asks for: the sum of its containers, or the most that it needs while it starts. */
export function requestsOf(spec: PodSpec): Resources {
  return podSum(spec, container => readResources(container.resources?.requests))
}

/** The same, with a little for containers that ask for nothing. */
export function weighedRequestsOf(spec: PodSpec): Resources {
  return podSum(spec, container => {
    const requests = new Map(assumed)
    for (const [name, amount] of readResources(container.resources?.requests)) requests.set(name, amount)
    return requests
  })
}

export function add(a: Resources, b: Resources): Resources {
  return combine(a, b, (x, y) => x + y)
}

export function subtract(a: Resources, b: Resources): Resources {
  return combine(a, b, (x, y) => x - y)
}

/** Init containers run one after another beside the sidecars that stand before them. */
function podSum(spec: PodSpec, requests: (container: Container) => Resources): Resources {
  let running: Resources = new Map()
  for (const container of spec.containers) running = add(running, requests(container))
  let sidecars: Resources = new Map()
  let peak: Resources = new Map()
  for (const container of spec.initContainers ?? []) {
    const need = requests(container)
    if ((container as { restartPolicy?: string }).restartPolicy === 'Always') sidecars = add(sidecars, need)
    peak = combine(peak, container.restartPolicy === 'Always' ? sidecars : add(sidecars, need), Math.max)
  }
  const sum = combine(add(running, sidecars), peak, Math.max)
  return spec.overhead ? add(sum, readResources(spec.overhead)) : sum
}

function combine(a: Resources, b: Resources, how: (x: number, y: number) => number): Resources {
  const result = new Map(a)
  for (const name of a.keys()) if (!b.has(name)) result.set(name, how(a.get(name)!, 0))
  for (const [name, amount] of b) result.set(name, how(a.get(name) ?? 0, amount))
  return result
}
