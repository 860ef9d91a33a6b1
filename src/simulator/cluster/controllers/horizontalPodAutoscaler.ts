import { isEqual } from '../api/equality.ts'
import type { KubernetesObject } from '../api/object.ts'
import { deployment } from '../kinds/deployment.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from '../kinds/horizontalPodAutoscaler.ts'
import type { Kind } from '../kinds/kind.ts'
import { replicaSet } from '../kinds/replicaSet.ts'
import { replicationController } from '../kinds/replicationController.ts'
import { statefulSet } from '../kinds/statefulSet.ts'
import { batched, type Control, defineController, lookUp, watch } from './controller.ts'

// --horizontal-pod-autoscaler-sync-period
const period = 15_000
const noMetrics =
  'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)'

/** What can be scaled. */
type Scalable = KubernetesObject & { spec: { replicas?: number }; status?: { replicas?: number } }

const scalable = [deployment, replicaSet, statefulSet, replicationController] as unknown as readonly Kind<Scalable>[]

/**
 * Keeps the number of pods within its limits.
 * Simplified: there is no metrics server, so loads are unknown and numbers within the limits are left as they are.
 */
export const horizontalPodAutoscalerController = defineController({
  name: 'horizontal-pod-autoscaler',
  watches: [batched(period, watch(horizontalPodAutoscaler))],
  reconcile(key, control) {
    const found = lookUp(control.client, horizontalPodAutoscaler, key)
    if (!found) return
    control.enqueue(key, period)
    sync(found, control)
  },
})

function sync(found: HorizontalPodAutoscaler, control: Control): void {
  const { name, kind, apiVersion = 'apps/v1' } = found.spec.scaleTargetRef
  const target = scalable.find(
    one => one.kind === kind && (one.group ? `${one.group}/${one.version}` : one.version) === apiVersion,
  )
  const scaled = target && control.client.get(target, name, found.metadata.namespace)
  if (!target || !scaled) {
    const resource = target ? `${target.plural}${target.group ? `.${target.group}` : ''}` : `${kind.toLowerCase()}s`
    const message = `${resource} "${name}" not found`
    control.record(found, 'Warning', 'FailedGetScale', message)
    const unable = `the HPA controller was unable to get the target's current scale: ${message}`
    write(found, 0, 0, [{ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message: unable }], control)
    return
  }
  const current = scaled.spec.replicas ?? 1
  const { minReplicas = 1, maxReplicas } = found.spec
  const able = ready('SucceededGetScale', "the HPA controller was able to get the target's current scale")
  if (current === 0 && minReplicas !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    write(found, 0, 0, [able, inactive('ScalingDisabled', message)], control)
    return
  }
  const bounded = Math.min(maxReplicas, Math.max(minReplicas, current))
  if (bounded !== current) {
    const reason = `Current number of replicas ${current > bounded ? 'above Spec.MaxReplicas' : 'below Spec.MinReplicas'}`
    control.client.patch(target, name, found.metadata.namespace, { spec: { replicas: bounded } })
    control.record(found, 'Normal', 'SuccessfulRescale', `New size: ${bounded}; reason: ${reason}`)
    const message = `the HPA controller was able to update the target scale to ${bounded}`
    write(found, current, bounded, [ready('SucceededRescale', message)], control)
    return
  }
  const failures = (found.spec.metrics ?? []).map(metricFailure)
  const first = failures[0]
  if (!first) return
  for (const { reason, message } of failures) control.record(found, 'Warning', reason, message)
  const total = `invalid metrics (${failures.length} invalid out of ${failures.length}), first error is: ${first.cause}`
  control.record(found, 'Warning', 'FailedComputeMetricsReplicas', total)
  const unable = `the HPA was unable to compute the replica count: ${first.message}`
  write(found, current, found.status?.desiredReplicas ?? 0, [able, inactive(first.reason, unable)], control)
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

function ready(reason: string, message: string): Condition {
  return { type: 'AbleToScale', status: 'True', reason, message }
}

function inactive(reason: string, message: string): Condition {
  return { type: 'ScalingActive', status: 'False', reason, message }
}

type Metric = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]

function metricFailure({ type, resource }: Metric): { reason: string; message: string; cause: string } {
  if (type !== 'Resource' || !resource) {
    const message = `unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered`
    return { reason: `FailedGet${type}Metric`, message, cause: message }
  }
  const what = resource.target.averageUtilization === undefined ? 'resource' : 'utilization'
  const message = `failed to get ${resource.name} ${what}: unable to get metrics for resource ${resource.name}: ${noMetrics}`
  const cause = `failed to get ${resource.name} resource metric value: ${message}`
  return { reason: 'FailedGetResourceMetric', message, cause }
}

function write(
  found: HorizontalPodAutoscaler,
  currentReplicas: number,
  desiredReplicas: number,
  conditions: readonly Condition[],
  { client, timestamp }: Control,
): void {
  const before = found.status?.conditions ?? []
  const merged = [...before.filter(({ type }) => !conditions.some(one => one.type === type))]
  const fresh = conditions.map(condition => {
    const old = before.find(({ type }) => type === condition.type)
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime! : timestamp
    return {
      type: condition.type,
      status: condition.status,
      lastTransitionTime,
      reason: condition.reason,
      message: condition.message,
    }
  })
  const status = {
    currentReplicas,
    desiredReplicas,
    currentMetrics: (found.spec.metrics ?? []).map(() => ({ type: '' })),
    conditions: [...fresh, ...merged],
  }
  if (isEqual(status, found.status)) return
  client.updateStatus(horizontalPodAutoscaler, { ...found, status } as HorizontalPodAutoscaler)
}
