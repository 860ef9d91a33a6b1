import type { Pod } from '../../kinds/pod.ts'
import { isReady, readySince, restartsOf } from './state.ts'

const phases = ['Pending', 'Unknown', 'Running']

/**
 * Sorts pods so that those whose loss hurts least come first: not on a node yet, not running, not ready, cheap by
 * annotation, crowded on one node (by `rank`), ready for a short time, often restarted, young.
 * Source: ActivePodsWithRanks in kubernetes/pkg/controller/controller_utils.go.
 */
export function sortForScaleDown(pods: readonly Pod[], rank: (pod: Pod) => number, now: number): Pod[] {
  return [...pods].sort(
    (a, b) =>
      Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
      phases.indexOf(a.status?.phase ?? 'Pending') - phases.indexOf(b.status?.phase ?? 'Pending') ||
      Number(isReady(a)) - Number(isReady(b)) ||
      deletionCost(a) - deletionCost(b) ||
      rank(b) - rank(a) ||
      compareAges(readySince(a), readySince(b), a, b, now) ||
      restartsOf(b) - restartsOf(a) ||
      compareAges(Date.parse(a.metadata.creationTimestamp), Date.parse(b.metadata.creationTimestamp), a, b, now),
  )
}

/** Pods of about the same age (within a power of two) are told apart by their UID, which is as good as chance. */
function compareAges(a: number | undefined, b: number | undefined, podA: Pod, podB: Pod, now: number): number {
  if (a === b || a === undefined || b === undefined) return 0
  return magnitude(now - a) - magnitude(now - b) || (podA.metadata.uid < podB.metadata.uid ? -1 : 1)
}

function magnitude(age: number): number {
  return age > 0 ? Math.floor(Math.log2(age * 1_000_000)) : -1
}

function deletionCost(pod: Pod): number {
  return Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0
}
