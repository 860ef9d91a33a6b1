import type { PodAffinityTerm } from 'kubernetes-types/core/v1'
import { matchesSelector } from '../../api/selector.ts'
import type { Client } from '../../client.ts'
import { namespace } from '../../kinds/namespace.ts'
import type { Pod } from '../../kinds/pod.ts'

/** An affinity term of one pod, ready to be held against others. */
export interface Term {
  readonly topologyKey: string
  matches(other: Pod): boolean
}

/** Reads a term of `owner`: without namespaces it speaks of the owner's own. */
export function readTerm(term: PodAffinityTerm, owner: Pod, client: Client): Term {
  const { labelSelector, namespaces = [], namespaceSelector, topologyKey } = term
  const isOwn = namespaces.length === 0 && !namespaceSelector
  const named = new Set(isOwn ? [owner.metadata.namespace!] : namespaces)
  const selector = withOwnLabels(term, owner)
  return {
    topologyKey,
    matches(other) {
      const place = other.metadata.namespace!
      if (!named.has(place)) {
        if (!namespaceSelector) return false
        if (!matchesSelector(namespaceSelector, client.get(namespace, place)?.metadata.labels)) return false
      }
      return labelSelector !== undefined && matchesSelector(selector, other.metadata.labels)
    },
  }
}

/** `matchLabelKeys` narrow a term to pods that have the owner's value of a label. */
function withOwnLabels(
  term: PodAffinityTerm & { matchLabelKeys?: string[]; mismatchLabelKeys?: string[] },
  owner: Pod,
) {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term
  const labels = owner.metadata.labels ?? {}
  const narrow = (keys: readonly string[], operator: string) =>
    keys.filter(key => key in labels).map(key => ({ key, operator, values: [labels[key]!] }))
  return {
    ...labelSelector,
    matchExpressions: [
      ...(labelSelector?.matchExpressions ?? []),
      ...narrow(matchLabelKeys, 'In'),
      ...narrow(mismatchLabelKeys, 'NotIn'),
    ],
  }
}
