import { defineScore } from '../filter.ts'
import { type Resources, weighedRequestsOf } from '../state/resources.ts'

const compared = ['cpu', 'memory']

/** The emptier a node would still be, the better. */
export const leastAllocated = defineScore<Resources>({
  name: 'NodeResourcesFit',
  weight: 1,
  prepare: pod => weighedRequestsOf(pod.spec),
  rate(_, { allocatable, weighed }, requests) {
    const shares = compared.map(name => {
      const total = allocatable.get(name) ?? 0
      const left = total - (weighed.get(name) ?? 0) - (requests.get(name) ?? 0)
      return total > 0 && left > 0 ? Math.floor((left * 100) / total) : 0
    })
    return Math.floor(shares.reduce((sum, share) => sum + share, 0) / compared.length)
  },
})
