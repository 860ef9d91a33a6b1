import type { Pod } from '../../kinds/pod.ts'
import { readySince, restartsOf } from './state.ts'

const phases = ['Pending', 'Unknown', 'Running']

/**
 * Sorts pods so that those whose loss hurts least come first: not on a node yet, not running, not ready, cheap by
 * annotation, crowded on one node (by `rank`), ready for a short time, often restarted, young.
 * Source: ActivePodsWithRanks in kubernetes/pkg/controller/controller_utils.go.
 */
export function sortForScaleDown(pods: readonly Pod[], rank: (pod: Pod) => number, now: number): Pod[] {
  return pods
    .map(pod => standingOf(pod, rank(pod)))
    .sort(
      (a, b) =>
        a.isOnNode - b.isOnNode ||
        a.phase - b.phase ||
        a.isReady - b.isReady ||
        a.cost - b.cost ||
        b.rank - a.rank ||
        compareAges(a.since, b.since, a.pod, b.pod, now) ||
        b.restarts - a.restarts ||
        compareAges(a.created, b.created, a.pod, b.pod, now),
    )
    .map(({ pod }) => pod)
}

/** What a pod is judged by. */
function standingOf(pod: Pod, rank: number) {
  const since = readySince(pod)
  return {
    pod,
    rank,
    since,
    isOnNode: Number(Boolean(pod.spec.nodeName)),
    phase: phases.indexOf(pod.status?.phase ?? 'Pending'),
    isReady: Number(since !== undefined),
    cost: deletionCost(pod),
    restarts: restartsOf(pod),
    created: Date.parse(pod.metadata.creationTimestamp),
  }
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
