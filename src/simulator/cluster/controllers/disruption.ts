import { isEqual } from '../api/equality.ts'
import { controllerOf } from '../api/object.ts'
import { matchesSelector } from '../api/selector.ts'
import type { Change, Client } from '../client.ts'
import { deployment } from '../kinds/deployment.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type PodDisruptionBudget, podDisruptionBudget } from '../kinds/podDisruptionBudget.ts'
import { replicaSet } from '../kinds/replicaSet.ts'
import { replicationController } from '../kinds/replicationController.ts'
import { statefulSet } from '../kinds/statefulSet.ts'
import { type Control, defineController, type Key, keyOf, lookUp, watch } from './controller.ts'
import { portion } from './pods/portion.ts'
import { isReady, isTerminal } from './pods/state.ts'

/** Counts how many pods of a budget may still be evicted. */
export const disruptionController = defineController({
  name: 'disruption-controller',
  component: 'controllermanager',
  watches: [watch(podDisruptionBudget), watch(pod, budgetsOfPod)],
  reconcile(key, control) {
    const found = lookUp(control.client, podDisruptionBudget, key)
    if (!found) return
    const { namespace } = found.metadata
    const selector = found.spec?.selector
    const pods = (selector ? control.client.list(pod, { namespace: namespace!, selector }) : []).filter(
      member => !isTerminal(member),
    )
    if (pods.length === 0) control.record(found, 'Normal', 'NoPods', 'No matching pods found')
    const expected = expectation(found, pods, control)
    if (typeof expected === 'string') {
      control.record(
        found,
        'Warning',
        'CalculateExpectedPodCountFailed',
        `Failed to calculate the number of expected pods: ${expected}`,
      )
      write(found, { expectedPods: 0, desiredHealthy: 0, currentHealthy: 0 }, 'SyncFailed', expected, control)
      return
    }
    const currentHealthy = pods.filter(member => !member.metadata.deletionTimestamp && isReady(member)).length
    const counts = { ...expected, currentHealthy }
    const allowed = allowedBy(counts)
    write(found, counts, allowed > 0 ? 'SufficientPods' : 'InsufficientPods', '', control)
  },
})

interface Counts {
  readonly expectedPods: number
  readonly desiredHealthy: number
  readonly currentHealthy: number
}

function allowedBy({ expectedPods, desiredHealthy, currentHealthy }: Counts): number {
  return expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0
}

function budgetsOfPod({ object, previous }: Change<Pod>, client: Client): Key[] {
  return client
    .list(podDisruptionBudget, { namespace: object.metadata.namespace! })
    .filter(({ spec }) =>
      [object, previous].some(member => member && matchesSelector(spec?.selector, member.metadata.labels)),
    )
    .map(keyOf)
}

/** How many pods there should be, and how many of them healthy; a text says why that cannot be known. */
function expectation(
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
  { client }: Control,
): Omit<Counts, 'currentHealthy'> | string {
  const { minAvailable, maxUnavailable } = spec ?? {}
  if (typeof minAvailable === 'number') return { expectedPods: pods.length, desiredHealthy: minAvailable }
  const scale = scaleOf(pods, client)
  if (typeof scale === 'string') return scale
  if (maxUnavailable !== undefined) {
    const missing = portion(maxUnavailable, scale)
    return { expectedPods: scale, desiredHealthy: Math.max(0, scale - missing) }
  }
  if (minAvailable !== undefined) return { expectedPods: scale, desiredHealthy: portion(minAvailable, scale) }
  return { expectedPods: pods.length, desiredHealthy: 0 }
}

/** The replicas that the controllers of all these pods want together. */
function scaleOf(pods: readonly Pod[], client: Client): number | string {
  const scales = new Map<string, number>()
  for (const member of pods) {
    const owner = controllerOf(member)
    if (!owner) return `found no controller ref for pod "${member.metadata.name}"`
    const { namespace } = member.metadata
    const set = owner.kind === 'ReplicaSet' ? client.get(replicaSet, owner.name, namespace) : undefined
    const top = set && controllerOf(set)
    const scaled =
      (top?.kind === 'Deployment' ? client.get(deployment, top.name, namespace) : undefined) ??
      set ??
      (owner.kind === 'StatefulSet' ? client.get(statefulSet, owner.name, namespace) : undefined) ??
      (owner.kind === 'ReplicationController' ? client.get(replicationController, owner.name, namespace) : undefined)
    if (!scaled) {
      const resource = `${owner.kind.toLowerCase()}s.${owner.apiVersion.split('/')[0]}`
      return `${resource} does not implement the scale subresource`
    }
    scales.set(scaled.metadata.uid, scaled.spec?.replicas ?? 1)
  }
  return [...scales.values()].reduce((sum, scale) => sum + scale, 0)
}

// How long a pod that was allowed to go is taken for one that goes: DeletionTimeout.
const deletionTimeout = 120_000

/** Pods that were evicted and are not seen to go yet. */
function stillDisrupted({ metadata, status }: PodDisruptionBudget, control: Control) {
  const entries = Object.entries(status?.disruptedPods ?? {}).filter(([name, time]) => {
    const found = control.client.get(pod, name, metadata.namespace)
    return found && !found.metadata.deletionTimestamp && Date.parse(time) + deletionTimeout > control.now
  })
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

function write(found: PodDisruptionBudget, counts: Counts, reason: string, message: string, control: Control): void {
  const disruptionsAllowed = allowedBy(counts)
  const observedGeneration = found.metadata.generation ?? 0
  const before = found.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed')
  const status = disruptionsAllowed > 0 ? 'True' : 'False'
  const condition = {
    type: 'DisruptionAllowed',
    status,
    observedGeneration,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : control.timestamp,
    reason,
    message,
  }
  const disruptedPods = stillDisrupted(found, control)
  const wanted = {
    ...counts,
    disruptionsAllowed,
    observedGeneration,
    conditions: [condition],
    ...(disruptedPods && { disruptedPods }),
  }
  if (isEqual(wanted, found.status)) return
  control.client.updateStatus(podDisruptionBudget, { ...found, status: wanted })
}
