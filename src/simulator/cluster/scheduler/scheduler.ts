import type { Clock, Timer } from '../../clock.ts'
import type { Random } from '../../random.ts'
import type { Client } from '../client.ts'
import { createRecorder, type EventRecorder } from '../eventRecorder.ts'
import { persistentVolume } from '../kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { chooseNode } from './cycle/choose.ts'
import { findFit } from './cycle/fit.ts'
import { fitMessage } from './cycle/message.ts'
import { type Eviction, findEviction } from './cycle/preempt.ts'
import { SchedulingQueue, type Waiting } from './cycle/queue.ts'
import { hasAllVolumes, isGivenUp, reserveVolumes } from './cycle/volumes.ts'
import { ClusterState, type Relief } from './state/cluster.ts'

const name = 'default-scheduler'
// How long a pod waits for its volumes: bindTimeoutSeconds of the VolumeBinding plugin.
const bindTimeout = 600_000

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
  new Scheduler(options).start()
}

/** A pod that waits for its volumes. */
interface Binding {
  readonly entry: Waiting
  readonly pod: Pod
  readonly nodeName: string
  readonly timer: Timer
}

class Scheduler {
  readonly #clock: Clock
  readonly #epoch: number
  readonly #client: Client
  readonly #random: Random
  readonly #record: EventRecorder
  readonly #queue: SchedulingQueue
  readonly #cluster: ClusterState
  readonly #reliefs = new Set<Relief>()
  /** Pods that have a node in mind and wait for their volumes. */
  readonly #binding = new Map<string, Binding>()
  #timer: Timer | undefined

  constructor(options: SchedulerOptions) {
    this.#clock = options.clock
    this.#epoch = options.epoch
    this.#client = options.client('system:kube-scheduler')
    this.#random = options.random.fork(name)
    this.#record = createRecorder({ ...options, client: this.#client, component: name })
    this.#queue = new SchedulingQueue(options.clock, () => this.#scheduleAll())
    this.#cluster = new ClusterState(this.#client, relief => this.#relieve(relief))
  }

  start(): void {
    this.#client.watch(pod, ({ type, object }) => {
      if (type !== 'DELETED' && waitsForNode(object)) this.#queue.put(object)
      else this.#queue.remove(object.metadata.uid)
      if (type === 'DELETED' || !waitsForNode(object)) this.#stopWaiting(object.metadata.uid, type === 'DELETED')
    })
    this.#client.watch(persistentVolumeClaim, () => {
      this.#relieve('nodeChanged')
      for (const binding of [...this.#binding.values()]) this.#lookAtVolumes(binding)
    })
    this.#client.watch(persistentVolume, () => this.#relieve('nodeChanged'))
  }

  #scheduleAll(): void {
    for (let next = this.#queue.take(); next; next = this.#queue.take()) this.#schedule(next)
  }

  #schedule(entry: Waiting): void {
    const { name: podName, namespace } = entry.pod.metadata
    const current = this.#client.get(pod, podName, namespace)
    if (!current || !waitsForNode(current) || this.#binding.has(current.metadata.uid)) return
    const fit = findFit(current, this.#cluster)
    if (fit.feasible.length > 0) {
      const { node } = chooseNode(current, fit.feasible, this.#cluster, this.#random)
      if (reserveVolumes(current, node, this.#client)) this.#waitForVolumes(entry, current, node.metadata.name)
      else this.#bind(current, node.metadata.name)
      return
    }
    const nodes = this.#cluster.nodes.length
    const eviction = fit.refusal === undefined && nodes > 0 ? findEviction(current, fit, this.#cluster) : undefined
    this.#queue.park({ ...entry, pod: current }, fit.rejectedBy)
    const isPossible = eviction !== undefined && 'victims' in eviction
    const afterwards = eviction && !isPossible ? `no new claims to deallocate, ${eviction.message}` : ''
    this.#fail(current, fitMessage(fit, nodes, afterwards), isPossible ? eviction.on.node.metadata.name : undefined)
    if (isPossible) this.#evict(eviction, current)
  }

  #bind(current: Pod, nodeName: string): void {
    const { name: podName, namespace } = current.metadata
    this.#client.bind(podName, namespace!, nodeName)
    this.#record(current, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${podName} to ${nodeName}`)
  }

  #waitForVolumes(entry: Waiting, current: Pod, nodeName: string): void {
    this.#cluster.assume(current, nodeName)
    const timer = this.#clock.after(bindTimeout, () => this.#giveUp(binding))
    const binding = { entry, pod: current, nodeName, timer }
    this.#binding.set(current.metadata.uid, binding)
  }

  #lookAtVolumes(binding: Binding): void {
    if (isGivenUp(binding.pod, this.#client)) this.#giveUp(binding)
    else if (hasAllVolumes(binding.pod, this.#client)) {
      this.#stopWaiting(binding.pod.metadata.uid, false)
      this.#bind(binding.pod, binding.nodeName)
    }
  }

  #giveUp({ entry, pod: waiting }: Binding): void {
    this.#stopWaiting(waiting.metadata.uid, true)
    this.#queue.park({ ...entry, pod: waiting }, new Set())
    const message = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded'
    const current = this.#client.get(pod, waiting.metadata.name, waiting.metadata.namespace)
    if (current) this.#fail(current, message, undefined)
    this.#queue.retry({ ...entry, pod: waiting, attempts: entry.attempts + 1, triedAt: this.#clock.now })
  }

  #stopWaiting(uid: string, isOver: boolean): void {
    const binding = this.#binding.get(uid)
    if (!binding) return
    binding.timer.cancel()
    this.#binding.delete(uid)
    if (isOver) this.#cluster.forget(binding.pod, binding.nodeName)
  }

  #fail(current: Pod, message: string, nominated: string | undefined): void {
    this.#record(current, 'Warning', 'FailedScheduling', message)
    const before = current.status?.conditions?.find(({ type }) => type === 'PodScheduled')
    if (before?.status === 'False' && before.message === message && nominated === undefined) return
    const others = (current.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
    const condition = {
      type: 'PodScheduled',
      observedGeneration: current.metadata.generation ?? 1,
      status: 'False',
      lastProbeTime: null as never,
      lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime! : this.#timestamp,
      reason: 'Unschedulable',
      message,
    }
    const status = {
      ...current.status,
      conditions: [...others, condition],
      ...(nominated !== undefined && { nominatedNodeName: nominated }),
    }
    this.#client.updateStatus(pod, { ...current, status })
  }

  #evict({ on, victims }: Eviction, preemptor: Pod): void {
    for (const victim of victims) {
      const { name: victimName, namespace, deletionTimestamp } = victim.metadata
      const current = deletionTimestamp ? undefined : this.#client.get(pod, victimName, namespace)
      if (!current) continue
      const target = {
        type: 'DisruptionTarget',
        status: 'True',
        lastProbeTime: null as never,
        lastTransitionTime: this.#timestamp,
        reason: 'PreemptionByScheduler',
        message: `${name}: preempting to accommodate a higher priority pod`,
      }
      const conditions = [...(current.status?.conditions ?? []), target]
      this.#client.updateStatus(pod, { ...current, status: { ...current.status, conditions } })
      this.#client.delete(pod, victimName, namespace)
      const message = `Preempted by pod ${preemptor.metadata.uid} on node ${on.node.metadata.name}`
      this.#record(current, 'Normal', 'Preempted', message)
    }
  }

  /** Tries parked pods again that a change lets fit; others would only say the same again. */
  #relieve(relief: Relief): void {
    this.#reliefs.add(relief)
    this.#timer ??= this.#clock.after(1, () => {
      this.#timer = undefined
      const happened = new Set(this.#reliefs)
      this.#reliefs.clear()
      for (const entry of this.#queue.parked)
        if (mayHelp(entry, happened) && findFit(entry.pod, this.#cluster).feasible.length > 0) this.#queue.retry(entry)
    })
  }

  get #timestamp(): string {
    return new Date(this.#epoch + this.#clock.now).toISOString().replace(/\.\d+Z$/, 'Z')
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
