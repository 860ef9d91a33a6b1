import type { TopologySpreadConstraint } from 'kubernetes-types/core/v1'
import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { choosesNode } from '../../api/nodeSelector.ts'
import { matchesSelector } from '../../api/selector.ts'
import { tolerates } from '../../api/toleration.ts'
import type { Node } from '../../kinds/node.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { Matcher } from '../filter.ts'

/** Fields that are newer than the type. */
export type Constraint = TopologySpreadConstraint & {
  nodeAffinityPolicy?: string
  nodeTaintsPolicy?: string
  matchLabelKeys?: string[]
}

export function constraintsOf(pod: Pod, whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'): Constraint[] {
  return (pod.spec.topologySpreadConstraints ?? []).filter(
    constraint => constraint.whenUnsatisfiable === whenUnsatisfiable,
  )
}

/** Whether the pods of a node count for a constraint of `pod`. */
export function isCounted({ nodeAffinityPolicy, nodeTaintsPolicy }: Constraint, pod: Pod, node: Node): boolean {
  if (nodeAffinityPolicy !== 'Ignore' && !choosesNode(pod.spec, node)) return false
  if (nodeTaintsPolicy !== 'Honor') return true
  return (node.spec?.taints ?? []).every(
    taint => taint.effect === 'PreferNoSchedule' || tolerates(pod.spec.tolerations, taint),
  )
}

/** Which pods a constraint speaks of: those that are going away no longer count. */
export function matcherOf(constraint: Constraint, pod: Pod): Matcher {
  const selector = selectorOf(constraint, pod)
  const { namespace } = pod.metadata
  return {
    key: `${namespace} ${JSON.stringify(selector)}`,
    matches: ({ metadata }) =>
      metadata.namespace === namespace && !metadata.deletionTimestamp && matchesSelector(selector, metadata.labels),
  }
}

export function selectorOf({ labelSelector, matchLabelKeys = [] }: Constraint, pod: Pod): LabelSelector {
  const labels = pod.metadata.labels ?? {}
  const own = matchLabelKeys.filter(key => key in labels).map(key => ({ key, operator: 'In', values: [labels[key]!] }))
  return { ...labelSelector, matchExpressions: [...(labelSelector?.matchExpressions ?? []), ...own] }
}
