import type { PodSpec, ResourceQuotaSpec, ScopedResourceSelectorRequirement } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../../api/object.ts'
import { qualityOfService } from '../pods/qualityOfService.ts'

/** Whether a quota is about an object at all: scopes leave out all but some of the pods. */
export function isInScope({ scopes = [], scopeSelector }: ResourceQuotaSpec, object: KubernetesObject): boolean {
  const demands: readonly ScopedResourceSelectorRequirement[] = [
    ...scopes.map(scopeName => ({ scopeName, operator: 'Exists' })),
    ...(scopeSelector?.matchExpressions ?? []),
  ]
  if (demands.length === 0) return true
  if (object.kind !== 'Pod') return false
  const { spec } = object as unknown as { spec: PodSpec }
  return demands.every(demand => meets(spec, demand))
}

function meets(spec: PodSpec, { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement): boolean {
  switch (scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined
    case 'BestEffort':
      return qualityOfService(spec) === 'BestEffort'
    case 'NotBestEffort':
      return qualityOfService(spec) !== 'BestEffort'
    case 'PriorityClass':
      return hasClass(spec.priorityClassName, operator, values)
    case 'CrossNamespacePodAffinity':
      return looksElsewhere(spec)
    default:
      return false
  }
}

function hasClass(name: string | undefined, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return values.includes(name ?? '')
    case 'NotIn':
      return !values.includes(name ?? '')
    case 'DoesNotExist':
      return !name
    default:
      return Boolean(name)
  }
}

/** Whether a pod wants to stand near, or far from, pods of other namespaces. */
function looksElsewhere({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some(side => {
    const preferred = (side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(term => term.podAffinityTerm)
    return [...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...preferred].some(
      ({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined,
    )
  })
}
