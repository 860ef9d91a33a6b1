import type { NodeSelectorTerm } from 'kubernetes-types/core/v1'
import { choosesNode, requiredTerms } from '../../api/nodeSelector.ts'
import { defineFilter } from '../filter.ts'

/** `nodeSelector` and required node affinity: both must match. */
export const nodeAffinity = defineFilter({
  name: 'NodeAffinity',
  prepare(pod) {
    const terms = requiredTerms(pod.spec)
    if (!pod.spec.nodeSelector && !terms) return { skip: true }
    const names = (terms ?? []).map(namesOf)
    if (names.length === 0 || names.includes(undefined)) return {}
    return { only: new Set(names.flatMap(some => some!)) }
  },
  check(pod, { node }) {
    return choosesNode(pod.spec, node) ? undefined : { reasons: ["node(s) didn't match Pod's node affinity/selector"] }
  },
})

/** The names of the nodes that a term asks for by name, as pods of a DaemonSet do. */
function namesOf(term: NodeSelectorTerm): string[] | undefined {
  const byName = term.matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')
  return byName?.values
}
