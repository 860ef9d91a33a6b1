import type { PodStatus } from 'kubernetes-types/core/v1'
import type { Clock, Timer } from '../../clock.ts'
import { glogLine } from '../../machine/glog.ts'
import type { Process, Program } from '../../machine/program.ts'
import type { Random } from '../../random.ts'
import { isEqual } from '../api/equality.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Client } from '../client.ts'
import { createRecorder } from '../eventRecorder.ts'
import { configMap } from '../kinds/configMap.ts'
import type { Kind } from '../kinds/kind.ts'
import { node as nodeKind } from '../kinds/node.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { secret } from '../kinds/secret.ts'
import { rejectionOf } from './admission.ts'
import { BackOff } from './backOff.ts'
import { ImagePuller } from './imagePuller.ts'
import { NodeReporter } from './nodeReporter.ts'
import type { NodeWork } from './nodeWork.ts'
import { PodWorker } from './podWorker.ts'
import type { Runtime } from './runtime.ts'
import { serveKubelet } from './serving.ts'
import { StaticPods } from './staticPods.ts'

export interface KubeletOptions {
  readonly client: Client
  readonly runtime: Runtime
  readonly random: Random
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  /** The node's address on the LAN. */
  readonly address: string
  /** Whether the API server can be reached. */
  readonly isConnected?: () => boolean
  /** Called once the Node object is there; not again when the kubelet is started anew. */
  readonly onRegistered?: () => void
}

/** How often the runtime is asked what has changed: pleg/generic.go. */
const relistTime = 1000

/** How often it tries to reach an API server that it has lost. */
const reconnectTime = 1000

const noNetwork =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'

/** The program that makes a machine a node: it runs pods and tells how they are, until it is ended. */
export function createKubelet(options: KubeletOptions): Program {
  const state = { hasRegistered: false }
  return {
    name: 'kubelet',
    summary: 'run the pods of a node',
    // Its own share and that of the container runtime and the system beside it.
    appetite: { processor: 60, memory: 620_000_000 },
    async run(process) {
      const kubelet = new Kubelet(process, state.hasRegistered ? { ...options, onRegistered: () => {} } : options)
      state.hasRegistered = true
      process.onExit(() => kubelet.stop())
      serveKubelet(process, options.runtime)
      await process.wait<never>(() => {})
      return 0
    },
  }
}

class Kubelet {
  readonly #work: NodeWork
  readonly #workers = new Map<string, PodWorker>()
  readonly #changed = new Set<string>()
  readonly #stops: (() => void)[] = []
  readonly #clock: Clock
  #relisting: Timer | undefined
  /** What it has not heard because the API server was out of reach. */
  #missed: (() => void)[] = []
  #reconnecting: Timer | undefined
  #relistedAt: number
  #isStopped = false

  constructor(process: Process, options: KubeletOptions) {
    const { machine: node } = process
    const { client, runtime, random, epoch, address } = options
    this.#clock = node.kernel.clock
    const clock = this.#clock
    this.#relistedAt = clock.now
    const record = createRecorder({ client, clock, epoch, component: 'kubelet', host: node.hostname })
    this.#work = {
      node,
      nodeName: node.hostname,
      hostIP: address,
      process,
      clock,
      random,
      client,
      runtime,
      puller: new ImagePuller(clock, random.fork('pulls'), runtime.images, record),
      crashes: new BackOff(clock),
      record,
      timestamp: (at = clock.now) => new Date(epoch + at).toISOString().replace(/\.\d+Z$/, 'Z'),
      relist: known => {
        if (known !== undefined) this.#changed.delete(known)
        this.#relist()
      },
      log: (place, text, level) => void process.stderr.write(glogLine(process, place, text, level)),
      isConnected: options.isConnected ?? (() => true),
      networkProblem: () => (runtime.podNetwork ? undefined : noNetwork),
    }
    this.#work.log('server.go:529', '"Kubelet version" kubeletVersion="v1.36.3"')
    runtime.onChange = uid => this.#relistLater(uid)
    const reporter = new NodeReporter(this.#work)
    options.onRegistered?.()
    this.#stops.push(() => reporter.stop())
    const statics = new StaticPods(this.#work, (own, report) => this.#run(own, report))
    this.#stops.push(() => statics.stop())
    this.#stops.push(client.watchNode(pod, node.hostname, change => this.#hear(change.type, change.object)))
    this.#stops.push(this.#follow(configMap, 'configMap'), this.#follow(secret, 'secret'))
  }

  stop(): void {
    this.#isStopped = true
    for (const stop of this.#stops) stop()
    for (const worker of this.#workers.values()) worker.abandon()
    this.#workers.clear()
  }

  #hear(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Pod): void {
    if (!this.#work.isConnected()) return this.#miss(() => this.#hear(type, object))
    const mirrored = object.metadata.annotations?.['kubernetes.io/config.mirror']
    if (mirrored !== undefined) return this.#hearOfMirror(type, object, this.#workers.get(mirrored))
    const known = this.#workers.get(object.metadata.uid)
    if (type === 'DELETED') known?.remove()
    else if (known) known.update(object)
    else this.#run(object)
  }

  // Simplified: what becomes of pods meanwhile is told at once, as if their statuses still got through.
  #miss(hear: () => void): void {
    this.#missed.push(hear)
    this.#reconnecting ??= this.#clock.after(reconnectTime, () => this.#reconnect())
  }

  #reconnect(): void {
    this.#reconnecting = undefined
    if (this.#isStopped) return
    for (const hear of this.#missed.splice(0)) hear()
  }

  /** A mirror pod only shows a static one: taking it away does not end that. */
  #hearOfMirror(type: 'ADDED' | 'MODIFIED' | 'DELETED', mirror: Pod, worker: PodWorker | undefined): void {
    if (type === 'DELETED') this.#clock.after(relistTime, () => worker?.repeat())
    else if (!mirror.metadata.deletionTimestamp) worker?.insist(mirror.status)
    else if (worker) {
      const { name, namespace, uid } = mirror.metadata
      this.#clock.after(0, () => {
        if (this.#work.client.get(pod, name, namespace)?.metadata.uid === uid)
          this.#work.client.delete(pod, name, namespace, { gracePeriodSeconds: 0 })
      })
    }
  }

  /** Begins to look after a pod. */
  #run(object: Pod, report?: (status: PodStatus) => void): PodWorker {
    const { uid } = object.metadata
    const admitted = report ? object : this.#admit(object)
    const worker = new PodWorker(this.#work, admitted, () => void this.#workers.delete(uid), report)
    this.#workers.set(uid, worker)
    return worker
  }

  /** Refuses a new pod that does not suit the node: it has failed before it begins. */
  #admit(object: Pod): Pod {
    const { status, metadata } = object
    if (status?.startTime || metadata.deletionTimestamp || status?.phase === 'Failed') return object
    const { client, nodeName, record } = this.#work
    const others = client.onNode(pod, nodeName).filter(other => this.#workers.has(other.metadata.uid))
    const rejection = rejectionOf(object, client.get(nodeKind, nodeName), others)
    if (!rejection) return object
    record(object, 'Warning', rejection.reason, rejection.message)
    const failed = {
      ...object,
      status: { ...status, phase: 'Failed', startTime: this.#work.timestamp(), ...rejection },
    }
    try {
      return client.updateStatus(pod, failed)
    } catch (error) {
      if (!client.isRefusal(error)) throw error
      return failed
    }
  }

  /** The runtime is asked once a second; between two questions nothing is known of what has happened. */
  #relistLater(uid: string): void {
    this.#changed.add(uid)
    const since = (this.#clock.now - this.#relistedAt) % relistTime
    this.#relisting ??= this.#clock.after(relistTime - since, () => this.#relist())
  }

  #relist(): void {
    this.#relisting?.cancel()
    this.#relisting = undefined
    this.#relistedAt = this.#clock.now
    const changed = [...this.#changed]
    this.#changed.clear()
    if (this.#isStopped) return
    for (const each of changed) {
      this.#work.runtime.removeOld(each, 1)
      this.#workers.get(each)?.wake()
    }
  }

  /** Volumes that are made from objects follow them, a while later. */
  #follow<T extends KubernetesObject & { data?: unknown }>(kind: Kind<T>, source: 'configMap' | 'secret'): () => void {
    return this.#work.client.watch(kind, ({ type, object, previous }) => {
      if (type !== 'MODIFIED' || isEqual(object.data, previous?.data)) return
      const { name, namespace } = object.metadata
      for (const worker of this.#workers.values()) {
        if (worker.pod.metadata.namespace !== namespace || !usesVolumeOf(worker.pod, source, name)) continue
        // Each pod is looked at once a minute or so: syncFrequency.
        this.#clock.after(10_000 + this.#work.random.below(60_000), () => worker.refreshVolumes())
      }
    })
  }
}

function usesVolumeOf({ spec }: Pod, source: 'configMap' | 'secret', name: string): boolean {
  return (spec.volumes ?? []).some(volume =>
    source === 'configMap'
      ? volume.configMap?.name === name || volume.projected?.sources?.some(each => each.configMap?.name === name)
      : volume.secret?.secretName === name || volume.projected?.sources?.some(each => each.secret?.name === name),
  )
}
