import type { Toleration } from 'kubernetes-types/core/v1'
import { choosesNode } from '../../api/nodeSelector.ts'
import { tolerates } from '../../api/toleration.ts'
import type { DaemonSet } from '../../kinds/daemonSet.ts'
import type { Node } from '../../kinds/node.ts'

/** Whether a node gets a pod of a DaemonSet, and whether one that is there may stay. */
export interface Placement {
  readonly shouldRun: boolean
  readonly mayStay: boolean
}

/** Pods of a DaemonSet stay on a node in trouble, and run on one that takes no others. */
export function daemonTolerations({ spec }: DaemonSet): Toleration[] {
  const toleration = (name: string, effect: string) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect,
  })
  return [
    toleration('not-ready', 'NoExecute'),
    toleration('unreachable', 'NoExecute'),
    toleration('disk-pressure', 'NoSchedule'),
    toleration('memory-pressure', 'NoSchedule'),
    toleration('pid-pressure', 'NoSchedule'),
    toleration('unschedulable', 'NoSchedule'),
    ...(spec.template.spec?.hostNetwork ? [toleration('network-unavailable', 'NoSchedule')] : []),
  ]
}

export function placeOf(set: DaemonSet, node: Node): Placement {
  const { spec } = set.spec.template
  const isNamed = !spec?.nodeName || spec.nodeName === node.metadata.name
  if (!isNamed || !choosesNode(spec ?? {}, node)) return { shouldRun: false, mayStay: false }
  const tolerations = [...(spec?.tolerations ?? []), ...daemonTolerations(set)]
  const repelling = (node.spec?.taints ?? []).filter(
    taint => taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint),
  )
  return { shouldRun: repelling.length === 0, mayStay: !repelling.some(({ effect }) => effect === 'NoExecute') }
}
