import type { Pod } from '../../kinds/pod.ts'

/** Neither ended nor being deleted: it counts towards what a workload wants. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined
}

/** Its containers have ended and none will start again. */
export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True'
}

/** Since when it has been ready, in milliseconds since 1970. */
export function readySince(pod: Pod): number | undefined {
  const ready = conditionOf(pod, 'Ready')
  return ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') : undefined
}

/** Ready for long enough that a workload may rely on it. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (minReadySeconds === 0) return isReady(pod)
  const since = readySince(pod)
  return since !== undefined && since + minReadySeconds * 1000 <= now
}

/** When one of the pods next becomes available just by staying ready, in milliseconds from now. */
export function nextAvailability(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  if (minReadySeconds === 0) return undefined
  const waits = pods
    .map(pod => (readySince(pod) ?? Number.POSITIVE_INFINITY) + minReadySeconds * 1000 - now)
    .filter(wait => wait > 0 && Number.isFinite(wait))
  return waits.length > 0 ? Math.min(...waits) : undefined
}

export function conditionOf(pod: Pod, type: string) {
  for (const condition of pod.status?.conditions ?? []) if (condition.type === type) return condition
  return undefined
}

/** How often its containers have started again, at most. */
export function restartsOf(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map(container => container.restartCount ?? 0))
}
