import type { NodeSelectorRequirement, NodeSelectorTerm } from 'kubernetes-types/core/v1'

/** The part of a node that selectors look at. */
interface Selectable {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
}

/** Whether a node meets all requirements of a term; a term without requirements matches nothing. */
export function matchesNodeTerm(term: NodeSelectorTerm, { metadata }: Selectable): boolean {
  const { matchExpressions = [], matchFields = [] } = term
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchExpressions.every(requirement => meets(requirement, metadata.labels?.[requirement.key])) &&
    matchFields.every(requirement => requirement.key === 'metadata.name' && meets(requirement, metadata.name))
  )
}

/** The fields of a pod's spec that choose nodes by their labels. */
export interface NodeChoice {
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: NodeSelectorTerm[] }
    }
  }
}

/** Whether a node has the labels that a pod asks for: its `nodeSelector` and one of its required terms. */
export function choosesNode(choice: NodeChoice, node: Selectable): boolean {
  const labels = node.metadata.labels ?? {}
  if (Object.entries(choice.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value)) return false
  return requiredTerms(choice)?.some(term => matchesNodeTerm(term, node)) ?? true
}

export function requiredTerms({ affinity }: NodeChoice): readonly NodeSelectorTerm[] | undefined {
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
}

function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return isInteger(value) && Number(value) > Number(values[0])
    case 'Lt':
      return isInteger(value) && Number(value) < Number(values[0])
    default:
      return false
  }
}

function isInteger(value: string | undefined): boolean {
  return value !== undefined && /^[+-]?\d+$/.test(value)
}
