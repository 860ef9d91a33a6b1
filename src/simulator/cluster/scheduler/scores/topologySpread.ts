import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { controllerOf } from '../../api/object.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { Client } from '../../client.ts'
import type { Pod } from '../../kinds/pod.ts'
import { replicaSet } from '../../kinds/replicaSet.ts'
import { replicationController } from '../../kinds/replicationController.ts'
import { service } from '../../kinds/service.ts'
import { statefulSet } from '../../kinds/statefulSet.ts'
import { defineScore, type Matcher, type NodeState } from '../filter.ts'
import { type Constraint, constraintsOf, isCounted, matcherOf } from '../match/spreading.ts'

const hostname = 'kubernetes.io/hostname'

interface Rule {
  readonly constraint: Constraint
  readonly matcher: Matcher
  readonly counts: ReadonlyMap<string, number>
  readonly weight: number
}

interface Prepared {
  readonly rules: readonly Rule[]
  /** Nodes that lack a label which a constraint asks for are no worse and no better. */
  readonly ignored: ReadonlySet<NodeState>
}

/** Prefers the place with the fewest pods of the same workload. */
export const spreadEvenly = defineScore<Prepared>({
  name: 'PodTopologySpread',
  weight: 2,
  prepare(pod, candidates, { client, nodes }) {
    const own = constraintsOf(pod, 'ScheduleAnyway')
    const constraints = pod.spec.topologySpreadConstraints?.length ? own : defaultConstraints(pod, client)
    if (constraints.length === 0) return undefined
    const needsLabels = own.length > 0
    const hasLabels = ({ node }: NodeState) =>
      constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined)
    const ignored = new Set(needsLabels ? candidates.filter(on => !hasLabels(on)) : [])
    const rules = constraints.map(constraint => ruleFor(constraint, pod, candidates, nodes, ignored))
    return { rules, ignored }
  },
  rate(_, on, { rules, ignored }) {
    if (ignored.has(on)) return Number.NaN
    let sum = 0
    for (const { constraint, matcher, counts, weight } of rules) {
      const place = on.node.metadata.labels?.[constraint.topologyKey]
      if (place === undefined) continue
      const count = constraint.topologyKey === hostname ? on.count(matcher) : (counts.get(place) ?? 0)
      sum += count * weight + (constraint.maxSkew - 1)
    }
    return Math.round(sum)
  },
  normalize(ratings) {
    const rated = ratings.filter(rating => !Number.isNaN(rating))
    const [least, most] = [Math.min(...rated), Math.max(...rated)]
    return ratings.map(rating => {
      if (Number.isNaN(rating)) return 0
      return most === 0 ? 100 : Math.floor((100 * (most + least - rating)) / most)
    })
  },
})

function ruleFor(
  constraint: Constraint,
  pod: Pod,
  candidates: readonly NodeState[],
  nodes: readonly NodeState[],
  ignored: ReadonlySet<NodeState>,
): Rule {
  const { topologyKey } = constraint
  const considered = candidates.filter(on => !ignored.has(on))
  const places = new Set(considered.map(({ node }) => node.metadata.labels?.[topologyKey]))
  places.delete(undefined)
  const counts = new Map<string, number>()
  const matcher = matcherOf(constraint, pod)
  for (const on of topologyKey === hostname ? [] : nodes) {
    const { node } = on
    const place = node.metadata.labels?.[topologyKey]
    if (place === undefined || !places.has(place) || !isCounted(constraint, pod, node)) continue
    counts.set(place, (counts.get(place) ?? 0) + on.count(matcher))
  }
  const size = topologyKey === hostname ? considered.length : places.size
  return { constraint, matcher, counts, weight: Math.log(size + 2) }
}

/** Pods of a workload or Service spread over nodes and zones even when they ask for nothing. */
function defaultConstraints(pod: Pod, client: Client): Constraint[] {
  const labelSelector = workloadSelector(pod, client)
  if (!labelSelector) return []
  return [
    { topologyKey: hostname, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
  ]
}

/** What all Services of the pod and its controller select by, together. */
function workloadSelector(pod: Pod, client: Client): LabelSelector | undefined {
  const namespace = pod.metadata.namespace!
  const matchLabels: Record<string, string> = {}
  let matchExpressions: NonNullable<LabelSelector['matchExpressions']> = []
  for (const { spec } of client.list(service, { namespace }))
    if (spec.selector && matchesSelector({ matchLabels: spec.selector }, pod.metadata.labels))
      Object.assign(matchLabels, spec.selector)
  const owner = controllerOf(pod)
  if (owner?.kind === 'ReplicationController')
    Object.assign(matchLabels, client.get(replicationController, owner.name, namespace)?.spec.selector)
  if (owner?.kind === 'ReplicaSet' || owner?.kind === 'StatefulSet') {
    const found =
      owner.kind === 'ReplicaSet'
        ? client.get(replicaSet, owner.name, namespace)
        : client.get(statefulSet, owner.name, namespace)
    Object.assign(matchLabels, found?.spec.selector.matchLabels)
    matchExpressions = found?.spec.selector.matchExpressions ?? []
  }
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return undefined
  return { matchLabels, matchExpressions }
}
