import { defineScore } from '../filter.ts'
import { readTerm, type Term } from '../match/podAffinity.ts'

// How much a required affinity of a running pod counts for the pods it asks for: hardPodAffinityWeight.
const hardWeight = 1

/** Preferred affinity and anti-affinity between pods, in both directions: points by `key=value` of a place. */
export const preferredNeighbours = defineScore<ReadonlyMap<string, number>>({
  name: 'InterPodAffinity',
  weight: 2,
  prepare(pod, _, { nodes, client }) {
    const points = new Map<string, number>()
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
    const own = [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(term => ({ ...term, sign: 1 })),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(term => ({ ...term, sign: -1 })),
    ].map(({ podAffinityTerm, weight, sign }) => ({
      term: readTerm(podAffinityTerm, pod, client),
      points: sign * weight,
    }))
    for (const { node, pods, affine } of nodes) {
      const give = (term: Term, amount: number) => {
        const value = node.metadata.labels?.[term.topologyKey]
        const place = `${term.topologyKey}=${value}`
        if (value !== undefined) points.set(place, (points.get(place) ?? 0) + amount)
      }
      if (own.length > 0)
        for (const other of pods.values())
          for (const { term, points: amount } of own) if (term.matches(other)) give(term, amount)
      for (const other of affine.values()) {
        const theirs = other.spec.affinity!
        for (const term of theirs.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
          const read = readTerm(term, other, client)
          if (read.matches(pod)) give(read, hardWeight)
        }
        for (const [sign, terms] of [
          [1, theirs.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution],
          [-1, theirs.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution],
        ] as const)
          for (const { podAffinityTerm, weight } of terms ?? []) {
            const read = readTerm(podAffinityTerm, other, client)
            if (read.matches(pod)) give(read, sign * weight)
          }
      }
    }
    return points.size > 0 ? points : undefined
  },
  rate: (_, { node }, points) =>
    Object.entries(node.metadata.labels ?? {}).reduce(
      (sum, [key, value]) => sum + (points.get(`${key}=${value}`) ?? 0),
      0,
    ),
  normalize(ratings) {
    const [least, most] = [Math.min(...ratings), Math.max(...ratings)]
    return ratings.map(rating => (most > least ? Math.floor((100 * (rating - least)) / (most - least)) : 0))
  },
})
