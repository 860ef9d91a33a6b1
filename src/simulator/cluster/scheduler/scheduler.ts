import type { Clock, Timer } from '../../clock.ts'
import type { Random } from '../../random.ts'
import type { Client } from '../client.ts'
import { createRecorder } from '../eventRecorder.ts'
import { persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { chooseNode } from './cycle/choose.ts'
import { findFit } from './cycle/fit.ts'
import { fitMessage } from './cycle/message.ts'
import { type Eviction, findEviction } from './cycle/preempt.ts'
import { SchedulingQueue, type Waiting } from './cycle/queue.ts'
import { ClusterState, type Relief } from './state/cluster.ts'

const name = 'default-scheduler'

/** What the scheduler gets from the control plane. */
export interface SchedulerOptions {
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  client(user: string): Client
}

/** Gives every pod that has none a node. */
export function startScheduler(options: SchedulerOptions): void {
  const { clock } = options
  const client = options.client('system:kube-scheduler')
  const random = options.random.fork(name)
  const record = createRecorder({ ...options, client, component: name })
  const reliefs = new Set<Relief>()
  let pending: Timer | undefined
  const queue = new SchedulingQueue(clock, scheduleAll)
  const cluster = new ClusterState(client, relieve)

  client.watch(pod, ({ type, object }) => {
    if (type !== 'DELETED' && waitsForNode(object)) queue.put(object)
    else queue.remove(object.metadata.uid)
  })
  client.watch(persistentVolumeClaim, () => relieve('nodeChanged'))

  function scheduleAll(): void {
    for (let next = queue.take(); next; next = queue.take()) schedule(next)
  }

  function schedule(entry: Waiting): void {
    const { name: podName, namespace } = entry.pod.metadata
    const current = client.get(pod, podName, namespace)
    if (!current || !waitsForNode(current)) return
    const fit = findFit(current, cluster)
    if (fit.feasible.length > 0) {
      const { node } = chooseNode(current, fit.feasible, cluster, random)
      client.bind(podName, namespace!, node.metadata.name)
      record(current, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${podName} to ${node.metadata.name}`)
      return
    }
    const nodes = cluster.nodes.length
    const eviction = fit.refusal === undefined && nodes > 0 ? findEviction(current, fit, cluster) : { message: '' }
    queue.park({ ...entry, pod: current }, fit.rejectedBy)
    const afterwards = 'message' in eviction && eviction.message ? `no new claims to deallocate, ${eviction.message}` : ''
    fail(current, fitMessage(fit, nodes, afterwards), eviction)
    if ('victims' in eviction) evict(eviction, current)
  }

  function fail(current: Pod, message: string, eviction: object): void {
    record(current, 'Warning', 'FailedScheduling', message)
    const before = current.status?.conditions?.find(({ type }) => type === 'PodScheduled')
    const isSame = before?.status === 'False' && before.message === message
    const nominated = 'on' in eviction ? (eviction as Eviction).on.node.metadata.name : undefined
    if (isSame && nominated === undefined) return
    const others = (current.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
    const condition = {
      type: 'PodScheduled',
      observedGeneration: current.metadata.generation ?? 1,
      status: 'False',
      lastProbeTime: null as never,
      lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime! : timestamp(),
      reason: 'Unschedulable',
      message,
    }
    client.updateStatus(pod, {
      ...current,
      status: {
        ...current.status,
        conditions: [...others, condition],
        ...(nominated !== undefined && { nominatedNodeName: nominated }),
      },
    })
  }

  function evict({ on, victims }: Eviction, preemptor: Pod): void {
    for (const victim of victims) {
      const { name: victimName, namespace, deletionTimestamp } = victim.metadata
      if (deletionTimestamp) continue
      const current = client.get(pod, victimName, namespace)
      if (!current) continue
      const target = {
        type: 'DisruptionTarget',
        status: 'True',
        lastProbeTime: null as never,
        lastTransitionTime: timestamp(),
        reason: 'PreemptionByScheduler',
        message: `${name}: preempting to accommodate a higher priority pod`,
      }
      const conditions = [...(current.status?.conditions ?? []), target]
      client.updateStatus(pod, { ...current, status: { ...current.status, conditions } })
      client.delete(pod, victimName, namespace)
      const message = `Preempted by pod ${preemptor.metadata.uid} on node ${on.node.metadata.name}`
      record(current, 'Normal', 'Preempted', message)
    }
  }

  /** Tries parked pods again that a change lets fit; others would only say the same again. */
  function relieve(relief: Relief): void {
    reliefs.add(relief)
    pending ??= clock.after(1, () => {
      pending = undefined
      const happened = new Set(reliefs)
      reliefs.clear()
      for (const entry of queue.parked)
        if (mayHelp(entry, happened) && findFit(entry.pod, cluster).feasible.length > 0) queue.retry(entry)
    })
  }

  function timestamp(): string {
    return new Date(options.epoch + clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
  }
}

function waitsForNode({ metadata, spec, status }: Pod): boolean {
  if (spec.nodeName || metadata.deletionTimestamp) return false
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return false
  const { schedulingGates = [] } = spec as { schedulingGates?: readonly unknown[] }
  return schedulingGates.length === 0 && (spec.schedulerName ?? name) === name
}

/** Another pod on a node helps only those that want to be near to others, or far. */
function mayHelp({ rejectedBy }: Waiting, happened: ReadonlySet<Relief>): boolean {
  if (happened.has('nodeChanged') || happened.has('podGone')) return true
  return [...rejectedBy].some(filter => filter.name === 'InterPodAffinity' || filter.name === 'PodTopologySpread')
}
