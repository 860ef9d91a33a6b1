import { defineFilter } from '../filter.ts'
import { type Resources, requestsOf } from '../state/resources.ts'

/** What the pods of a node ask for together must fit into it. */
export const nodeResources = defineFilter<Resources>({
  name: 'NodeResourcesFit',
  prepare: pod => ({ prepared: requestsOf(pod.spec) }),
  check(_, { pods, allocatable, requested }, requests) {
    const reasons: string[] = []
    let isHelpedByEviction = true
    if (pods.size + 1 > (allocatable.get('pods') ?? 0)) reasons.push('Too many pods')
    for (const [name, amount] of requests) {
      if (amount === 0) continue
      const total = allocatable.get(name) ?? 0
      if (amount <= total - (requested.get(name) ?? 0)) continue
      reasons.push(`Insufficient ${name}`)
      if (amount > total) isHelpedByEviction = false
    }
    return reasons.length > 0 ? { reasons, isHelpedByEviction } : undefined
  },
})
