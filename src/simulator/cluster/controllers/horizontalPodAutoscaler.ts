import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2'
import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import type { KubernetesObject } from '../api/object.ts'
import { formatSelector } from '../api/selector.ts'
import { deployment } from '../kinds/deployment.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from '../kinds/horizontalPodAutoscaler.ts'
import type { Kind } from '../kinds/kind.ts'
import { pod } from '../kinds/pod.ts'
import { replicaSet } from '../kinds/replicaSet.ts'
import { replicationController } from '../kinds/replicationController.ts'
import { statefulSet } from '../kinds/statefulSet.ts'
import { type Condition, decide, type History, remember } from './autoscaling/behavior.ts'
import { type PodLoad, readLoads } from './autoscaling/load.ts'
import { type Failure, type Proposal, propose } from './autoscaling/proposal.ts'
import { batched, type Control, defineController, type Key, keyOf, lookUp, watch } from './controller.ts'

// --horizontal-pod-autoscaler-sync-period
const period = 15_000

type Selector = Parameters<typeof formatSelector>[0]

/** What can be scaled. */
type Scalable = KubernetesObject & {
  spec: { replicas?: number; selector?: Selector | Record<string, string> }
  status?: { replicas?: number }
}

const scalable = [deployment, replicaSet, statefulSet, replicationController] as unknown as readonly Kind<Scalable>[]

/** Changes the number of pods with their load, within limits. */
export const horizontalPodAutoscalerController = defineController<Map<Key, History>>({
  name: 'horizontal-pod-autoscaler',
  watches: [batched(period, watch(horizontalPodAutoscaler))],
  memory: () => new Map(),
  reconcile(key, control, histories) {
    const found = lookUp(control.client, horizontalPodAutoscaler, key)
    if (!found) {
      histories.delete(key)
      return
    }
    control.enqueue(key, period)
    sync(found, control, histories)
  },
})

/** A target and how many replicas it has. */
interface Target {
  readonly kind: Kind<Scalable>
  readonly object: Scalable
  readonly current: number
}

function sync(found: HorizontalPodAutoscaler, control: Control, histories: Map<Key, History>): void {
  const { name, kind, apiVersion = 'apps/v1' } = found.spec.scaleTargetRef
  const target = scalable.find(
    one => one.kind === kind && (one.group ? `${one.group}/${one.version}` : one.version) === apiVersion,
  )
  const object = target && control.client.get(target, name, found.metadata.namespace)
  if (!target || !object) {
    const resource = target ? `${target.plural}${target.group ? `.${target.group}` : ''}` : `${kind.toLowerCase()}s`
    const message = `${resource} "${name}" not found`
    control.record(found, 'Warning', 'FailedGetScale', message)
    const unable = `the HPA controller was unable to get the target's current scale: ${message}`
    const condition: Condition = { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message: unable }
    write(found, 0, 0, undefined, [condition], control)
    return
  }
  const current = object.spec.replicas ?? 1
  const { minReplicas = 1, maxReplicas } = found.spec
  if (current === 0 && minReplicas !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    write(found, 0, 0, undefined, [able, inactive('ScalingDisabled', message)], control)
    return
  }
  const bounded = Math.min(maxReplicas, Math.max(minReplicas, current))
  if (bounded === current) askForLoads(found, { kind: target, object, current }, control, histories)
  else {
    const reason = `Current number of replicas ${current > bounded ? 'above Spec.MaxReplicas' : 'below Spec.MinReplicas'}`
    rescale(found, { kind: target, object, current }, bounded, reason, control)
    write(found, current, bounded, undefined, [rescaled(bounded)], control)
  }
}

function askForLoads(
  found: HorizontalPodAutoscaler,
  target: Target,
  control: Control,
  histories: Map<Key, History>,
): void {
  const { namespace } = found.metadata
  const request = {
    method: 'GET' as const,
    path: `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`,
    query: { labelSelector: formatSelector(selectorOf(target.object)) },
  }
  const { ask } = control.plane
  if (!ask) {
    judge(
      found,
      target,
      'the server could not find the requested resource (get pods.metrics.k8s.io)',
      control,
      histories,
    )
    return
  }
  ask(control.client.user, request, answer => {
    try {
      judge(found, target, readLoads(answer), control, histories)
    } catch (error) {
      // Somebody has changed it meanwhile: the next round is not far.
      if (!(error instanceof ApiError)) throw error
    }
  })
}

function selectorOf({ spec }: Scalable): Selector {
  const { selector } = spec
  if (!selector || 'matchLabels' in selector || 'matchExpressions' in selector) return selector as Selector
  return { matchLabels: selector as Record<string, string> }
}

function judge(
  found: HorizontalPodAutoscaler,
  target: Target,
  loads: ReadonlyMap<string, PodLoad> | string,
  control: Control,
  histories: Map<Key, History>,
): void {
  const { current, object } = target
  const metrics = found.spec.metrics ?? []
  const pods = control.client.list(pod, { namespace: found.metadata.namespace!, selector: selectorOf(object)! })
  const results = metrics.map((metric: MetricSpec) =>
    propose({ metric, pods, loads, currentReplicas: current, now: control.now }),
  )
  const failures = results.filter((result): result is Failure => 'cause' in result)
  const proposals = results.filter((result): result is Proposal => 'status' in result)
  const statuses = results.map(result => ('status' in result ? result.status : { type: '' }))
  for (const { reason, message } of failures) control.record(found, 'Warning', reason, message)
  const best = proposals.reduce<Proposal | undefined>(
    (most, one) => (!most || one.replicas > most.replicas ? one : most),
    undefined,
  )
  // What cannot be measured must not make anything smaller.
  if (!best || (failures.length > 0 && best.replicas < current)) {
    giveUp(found, current, failures, statuses, control)
    return
  }
  const key = keyOf(found)
  const history = histories.get(key) ?? { proposals: [], changes: [] }
  const decision = decide(found.spec, best.replicas, current, history, control.now)
  const valid = `the HPA was able to successfully calculate a replica count from ${best.name}`
  const active: Condition = { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: valid }
  const change = decision.replicas - current
  histories.set(
    key,
    remember(
      history,
      { at: control.now, replicas: best.replicas },
      change === 0 ? undefined : { at: control.now, replicas: change },
    ),
  )
  if (change !== 0) {
    const reason = change > 0 ? `${best.name} above target` : 'All metrics below target'
    rescale(found, target, decision.replicas, reason, control)
  }
  const conditions = [change === 0 ? decision.able : rescaled(decision.replicas), active, decision.limited]
  write(found, current, decision.replicas, statuses, conditions, control, change !== 0)
}

function giveUp(
  found: HorizontalPodAutoscaler,
  current: number,
  failures: readonly Failure[],
  statuses: readonly MetricStatus[],
  control: Control,
): void {
  const [first] = failures
  if (!first) return
  const total = `invalid metrics (${failures.length} invalid out of ${statuses.length}), first error is: ${first.cause}`
  control.record(found, 'Warning', 'FailedComputeMetricsReplicas', total)
  const unable = `the HPA was unable to compute the replica count: ${first.message}`
  const conditions = [able, inactive(first.reason, unable)]
  write(found, current, found.status?.desiredReplicas ?? 0, statuses, conditions, control)
}

function rescale(
  found: HorizontalPodAutoscaler,
  { kind, object }: Target,
  replicas: number,
  reason: string,
  { client, record }: Control,
): void {
  client.patch(kind, object.metadata.name, object.metadata.namespace, { spec: { replicas } })
  record(found, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`)
}

const able: Condition = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
}

function rescaled(replicas: number): Condition {
  const message = `the HPA controller was able to update the target scale to ${replicas}`
  return { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message }
}

function inactive(reason: string, message: string): Condition {
  return { type: 'ScalingActive', status: 'False', reason, message }
}

function write(
  found: HorizontalPodAutoscaler,
  currentReplicas: number,
  desiredReplicas: number,
  metrics: readonly MetricStatus[] | undefined,
  conditions: readonly Condition[],
  { client, timestamp }: Control,
  hasScaled = false,
): void {
  const before = found.status?.conditions ?? []
  const others = before.filter(({ type }) => !conditions.some(one => one.type === type))
  const fresh = conditions.map(({ type, status, reason, message }) => {
    const old = before.find(condition => condition.type === type)
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime! : timestamp
    return { type, status, lastTransitionTime, reason, message }
  })
  const { lastScaleTime } = found.status ?? {}
  const scaled = hasScaled ? timestamp : lastScaleTime
  const status = {
    ...(scaled && { lastScaleTime: scaled }),
    currentReplicas,
    desiredReplicas,
    currentMetrics: metrics ?? (found.spec.metrics ?? []).map(() => ({ type: '' })),
    conditions: [...fresh, ...others],
  }
  if (isEqual(status, found.status)) return
  client.updateStatus(horizontalPodAutoscaler, { ...found, status } as HorizontalPodAutoscaler)
}
