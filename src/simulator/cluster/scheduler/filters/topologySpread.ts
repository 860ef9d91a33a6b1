import { matchesSelector } from '../../api/selector.ts'
import type { Pod } from '../../kinds/pod.ts'
import { defineFilter, type Snapshot } from '../filter.ts'
import { type Constraint, constraintsOf, isCounted, matcherOf, selectorOf } from '../match/spreading.ts'

interface Rule {
  readonly constraint: Constraint
  readonly counts: ReadonlyMap<string, number>
  /** Pods in the emptiest place; 0 while there are fewer places than wanted. */
  readonly least: number
  readonly countsItself: boolean
}

/** Keeps the numbers of matching pods in different places within `maxSkew`. */
export const topologySpread = defineFilter<readonly Rule[]>({
  name: 'PodTopologySpread',
  prepare(pod, snapshot) {
    const prepared = constraintsOf(pod, 'DoNotSchedule').map(constraint => ruleFor(constraint, pod, snapshot))
    return { skip: prepared.length === 0, prepared }
  },
  check(_, { node }, rules) {
    const reason = "node(s) didn't match pod topology spread constraints"
    for (const { constraint, counts, least, countsItself } of rules) {
      const place = node.metadata.labels?.[constraint.topologyKey]
      if (place === undefined) return { reasons: [`${reason} (missing required label)`] }
      const skew = (counts.get(place) ?? 0) + (countsItself ? 1 : 0) - least
      if (skew > constraint.maxSkew) return { reasons: [reason], isHelpedByEviction: true }
    }
    return undefined
  },
})

function ruleFor(constraint: Constraint, pod: Pod, { nodes }: Snapshot): Rule {
  const keys = constraintsOf(pod, 'DoNotSchedule').map(({ topologyKey }) => topologyKey)
  const counts = new Map<string, number>()
  const matcher = matcherOf(constraint, pod)
  for (const on of nodes) {
    const { node } = on
    const labels = node.metadata.labels ?? {}
    const place = labels[constraint.topologyKey]
    if (place === undefined || keys.some(key => !(key in labels)) || !isCounted(constraint, pod, node)) continue
    counts.set(place, (counts.get(place) ?? 0) + on.count(matcher))
  }
  const isEnough = counts.size >= (constraint.minDomains ?? 1)
  return {
    constraint,
    counts,
    least: isEnough && counts.size > 0 ? Math.min(...counts.values()) : 0,
    countsItself: matchesSelector(selectorOf(constraint, pod), pod.metadata.labels),
  }
}
