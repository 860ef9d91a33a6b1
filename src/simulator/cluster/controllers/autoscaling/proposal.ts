import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2'
import { parseQuantity, Quantity } from '../../api/quantity.ts'
import type { Pod } from '../../kinds/pod.ts'
import { conditionOf, isTerminal } from '../pods/state.ts'
import type { PodLoad } from './load.ts'

/** How many replicas one metric asks for. */
export interface Proposal {
  readonly replicas: number
  readonly status: MetricStatus
  /** What conditions and events call the metric. */
  readonly name: string
}

/** A metric from which nothing can be computed. */
export interface Failure {
  readonly reason: string
  readonly message: string
  readonly cause: string
}

/** What a proposal is made from. */
export interface Situation {
  readonly metric: MetricSpec
  readonly pods: readonly Pod[]
  readonly loads: ReadonlyMap<string, PodLoad> | string
  readonly currentReplicas: number
  /** Milliseconds since 1970. */
  readonly now: number
}

// kube-controller-manager: --horizontal-pod-autoscaler-tolerance, -cpu-initialization-period, -initial-readiness-delay
const tolerance = 0.1
const startTime = 300_000
const readinessDelay = 30_000

type Resource = NonNullable<MetricSpec['resource']>

/** Computes what one metric asks for (podautoscaler/replica_calculator.go). */
export function propose(situation: Situation): Proposal | Failure {
  const { metric } = situation
  if (metric.type === 'Resource' && metric.resource) return proposeFor(situation, metric.resource, undefined)
  if (metric.type === 'ContainerResource' && metric.containerResource)
    return proposeFor(situation, metric.containerResource, metric.containerResource.container)
  const api = metric.type === 'External' ? 'external' : 'custom'
  const message = `unable to fetch metrics from ${api} metrics API: no ${api} metrics API (${api}.metrics.k8s.io) registered`
  return { reason: `FailedGet${metric.type}Metric`, message, cause: message }
}

function proposeFor(situation: Situation, resource: Resource, container: string | undefined): Proposal | Failure {
  const { pods, loads, currentReplicas } = situation
  const { name, target } = resource
  const isUtilization = target.averageUtilization !== undefined
  const fail = (why: string): Failure => {
    const message = `failed to get ${name} ${isUtilization ? 'utilization' : 'resource'}: ${why}`
    const kind = container === undefined ? 'Resource' : 'ContainerResource'
    return {
      reason: `FailedGet${kind}Metric`,
      message,
      cause: `failed to get ${name} ${container === undefined ? '' : 'container '}resource metric value: ${message}`,
    }
  }
  if (typeof loads === 'string')
    return fail(
      `unable to get metrics for resource ${name}: unable to fetch metrics from resource metrics API: ${loads}`,
    )
  if (loads.size === 0)
    return fail(`unable to get metrics for resource ${name}: no metrics returned from resource metrics API`)
  const groups = groupPods(situation, loads, name, container)
  if (groups.ready.size === 0 && groups.unready.length === 0)
    return fail('did not receive metrics for targeted pods (pods might be unready)')
  const requests = new Map<string, number>()
  for (const member of pods) {
    const request = requestOf(member, name, container)
    if (typeof request === 'string' && isUtilization) return fail(request)
    requests.set(member.metadata.name, Number(request) || 0)
  }
  const used = sumOf(groups.ready.values())
  if (groups.ready.size === 0) return fail('did not receive metrics for targeted pods (pods might be unready)')
  const average = used / groups.ready.size
  const requested = sumOf([...groups.ready.keys()].map(pod => requests.get(pod) ?? 0))
  const wanted = isUtilization ? target.averageUtilization! : parseQuantity(String(target.averageValue ?? '0'))
  const measure = (all: ReadonlyMap<string, number>) => {
    const total = sumOf(all.values())
    if (!isUtilization) return total / all.size
    return Math.floor((total * 100) / sumOf([...all.keys()].map(pod => requests.get(pod) ?? 0)))
  }
  const replicas = replicasFor({ groups, requests, measure, wanted, isUtilization, currentReplicas })
  const current = {
    averageValue: format(name, average),
    ...(isUtilization && requested > 0 && { averageUtilization: Math.floor((used * 100) / requested) }),
  }
  return { replicas, name: nameOf(name, container, isUtilization), status: statusOf(name, container, current) }
}

interface Groups {
  /** What pods use that count, by name. */
  readonly ready: Map<string, number>
  /** Pods that are starting, and pods of which nothing is known. */
  readonly unready: readonly string[]
  readonly missing: readonly string[]
}

function groupPods(
  { pods, now }: Situation,
  loads: ReadonlyMap<string, PodLoad>,
  name: string,
  container?: string,
): Groups {
  const ready = new Map<string, number>()
  const unready: string[] = []
  const missing: string[] = []
  for (const member of pods) {
    if (member.metadata.deletionTimestamp || isTerminal(member)) continue
    const load = loads.get(member.metadata.name)
    const key = member.metadata.name
    if (member.status?.phase === 'Pending') unready.push(key)
    else if (!load) missing.push(key)
    else if (name === 'cpu' && isStarting(member, load, now)) unready.push(key)
    else ready.set(key, usedBy(load, name, container))
  }
  return { ready, unready, missing }
}

/** A pod that has just begun uses more than it will later. */
function isStarting(member: Pod, load: PodLoad, now: number): boolean {
  const condition = conditionOf(member, 'Ready')
  const since = Date.parse(member.status?.startTime ?? '')
  if (!condition || Number.isNaN(since)) return true
  const changed = Date.parse(condition.lastTransitionTime ?? '')
  if (since + startTime > now) return condition.status === 'False' || load.at < changed + load.window
  return condition.status === 'False' && since + readinessDelay > changed
}

function usedBy({ containers }: PodLoad, name: string, container: string | undefined): number {
  if (container !== undefined) return containers.get(container)?.[name] ?? 0
  return sumOf([...containers.values()].map(usage => usage[name] ?? 0))
}

function requestOf({ metadata, spec }: Pod, name: string, container: string | undefined): number | string {
  let total = 0
  for (const each of spec.containers) {
    if (container !== undefined && each.name !== container) continue
    const request = each.resources?.requests?.[name]
    if (request === undefined) return `missing request for ${name} in container ${each.name} of Pod ${metadata.name}`
    total += parseQuantity(String(request))
  }
  return total
}

interface Calculation {
  readonly groups: Groups
  readonly requests: ReadonlyMap<string, number>
  measure(all: ReadonlyMap<string, number>): number
  readonly wanted: number
  readonly isUtilization: boolean
  readonly currentReplicas: number
}

/** Pods that are starting or unknown are taken for what makes the change smaller. */
function replicasFor({ groups, requests, measure, wanted, isUtilization, currentReplicas }: Calculation): number {
  const ratio = measure(groups.ready) / wanted
  const isUp = ratio > 1
  const isSimple = groups.missing.length === 0 && !(isUp && groups.unready.length > 0)
  if (isSimple) return Math.abs(1 - ratio) <= tolerance ? currentReplicas : Math.ceil(ratio * groups.ready.size)
  const all = new Map(groups.ready)
  for (const pod of groups.missing) {
    const full = isUtilization ? ((requests.get(pod) ?? 0) * Math.max(100, wanted)) / 100 : wanted
    all.set(pod, ratio < 1 ? full : 0)
  }
  if (isUp) for (const pod of groups.unready) all.set(pod, 0)
  const careful = measure(all) / wanted
  if (Math.abs(1 - careful) <= tolerance || careful < 1 === isUp) return currentReplicas
  const replicas = Math.ceil(careful * all.size)
  const isReversed = careful < 1 ? replicas > currentReplicas : replicas < currentReplicas
  return isReversed ? currentReplicas : replicas
}

function nameOf(name: string, container: string | undefined, isUtilization: boolean): string {
  const what = container === undefined ? 'resource' : 'container resource'
  return isUtilization ? `${name} ${what} utilization (percentage of request)` : `${name} ${what}`
}

function statusOf(
  name: string,
  container: string | undefined,
  current: { averageValue: string; averageUtilization?: number },
): MetricStatus {
  if (container === undefined) return { type: 'Resource', resource: { name, current } }
  return { type: 'ContainerResource', containerResource: { name, container, current } }
}

function format(name: string, amount: number): string {
  return name === 'cpu' ? `${Math.round(amount * 1000)}m` : Quantity.of(Math.round(amount)).toString()
}

function sumOf(amounts: Iterable<number>): number {
  let sum = 0
  for (const amount of amounts) sum += amount
  return sum
}
