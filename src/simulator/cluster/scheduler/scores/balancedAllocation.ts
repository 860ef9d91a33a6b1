import { defineScore } from '../filter.ts'
import { type Resources, requestsOf } from '../state/resources.ts'

const compared = ['cpu', 'memory']

/** A node whose processor and memory are used to the same degree is better than a lopsided one. */
export const balancedAllocation = defineScore<Resources>({
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepare(pod) {
    const requests = requestsOf(pod.spec)
    return compared.some(name => requests.get(name)) ? requests : undefined
  },
  rate(_, { allocatable, requested }, requests) {
    const [cpu = 0, memory = 0] = compared.map(name => {
      const total = allocatable.get(name) ?? 0
      const used = (requested.get(name) ?? 0) + (requests.get(name) ?? 0)
      return total > 0 ? Math.min(1, used / total) : 1
    })
    return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100)
  },
})
