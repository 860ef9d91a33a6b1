import type { Container as ContainerSpec } from 'kubernetes-types/core/v1'
import type { ObjectReference } from '../eventRecorder.ts'
import type { Pod } from '../kinds/pod.ts'
import type { Container } from './container.ts'
import type { PodPlace } from './downwardApi.ts'
import type { WaitingReason } from './imagePuller.ts'
import type { NodeWork } from './nodeWork.ts'
import { hasInitialized, isSidecar } from './podStatus.ts'
import type { ProbeTarget } from './probe.ts'
import type { Prober } from './prober.ts'
import type { RuntimePod } from './runtime.ts'
import type { Sandbox } from './sandbox.ts'

/** A container as a pod asks for it; init containers may have a restart policy of their own. */
export type Wanted = ContainerSpec & {
  readonly restartPolicy?: string
  readonly resizePolicy?: readonly { readonly resourceName: string; readonly restartPolicy: string }[]
}

/** All that the kubelet knows about one pod: what is wanted, what the runtime has, and what went wrong. */
export class PodState {
  readonly work: NodeWork
  readonly held: RuntimePod
  pod: Pod
  prober: Prober | undefined
  /** Why containers could not be started the last time, by name. */
  readonly waiting = new Map<string, WaitingReason>()
  /** When the kubelet first saw it, as objects carry times. */
  startedAt: string | undefined
  podIP: string | undefined
  /** Set once the pod is to end: because it is deleted, done, or failed for this reason. */
  ending: { readonly reason?: string; readonly message?: string } | undefined
  /** Whether nothing of it runs any more, and nothing will. */
  isTerminated = false

  constructor(work: NodeWork, pod: Pod) {
    this.work = work
    this.pod = pod
    this.held = work.runtime.podOf(pod)
    this.startedAt = pod.status?.startTime
    this.podIP = pod.status?.podIP
    const { phase } = pod.status ?? {}
    this.isTerminated = phase === 'Succeeded' || phase === 'Failed'
    if (pod.metadata.deletionTimestamp) this.ending = {}
  }

  get uid(): string {
    return this.pod.metadata.uid
  }

  get place(): PodPlace {
    return { podIP: this.podIP, hostIP: this.work.hostIP }
  }

  /** Seconds that containers get to end by themselves. */
  get grace(): number {
    const { metadata, spec } = this.pod
    return metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30
  }

  /** Whether its manifest lies on the node. */
  get isStatic(): boolean {
    return this.pod.metadata.annotations?.['kubernetes.io/config.source'] === 'file'
  }

  get sandbox(): Sandbox | undefined {
    const newest = this.held.sandboxes.at(-1)
    return newest?.isReady ? newest : undefined
  }

  get initContainers(): readonly Wanted[] {
    return this.pod.spec.initContainers ?? []
  }

  get sidecars(): readonly Wanted[] {
    return this.initContainers.filter(isSidecar)
  }

  get ephemeralContainers(): readonly Wanted[] {
    return (this.pod.spec.ephemeralContainers ?? []) as Wanted[]
  }

  newest(name: string): Container | undefined {
    return this.held.containers.findLast(container => container.name === name)
  }

  specOf(name: string): Wanted | undefined {
    return [...this.initContainers, ...this.pod.spec.containers, ...this.ephemeralContainers].find(
      each => each.name === name,
    )
  }

  /** Whether the pod's restart policy wants a container again that ended so. */
  isRestarted(exitCode: number): boolean {
    const policy = this.pod.spec.restartPolicy ?? 'Always'
    return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
  }

  /** Whether a main container is to be started, for the first time or again. */
  isMissing(spec: Wanted): boolean {
    const container = this.newest(spec.name)
    if (!container) return true
    return container.state === 'exited' && this.isRestarted(container.exitCode)
  }

  /** Whether a main container has ever run: then init containers are not looked at again. */
  get hasBegun(): boolean {
    const names = new Set(this.pod.spec.containers.map(container => container.name))
    return this.held.containers.some(container => names.has(container.name) && container.state !== 'created')
  }

  /** Whether every main container has ended for good: then sidecars have nobody left to serve. */
  get hasFinished(): boolean {
    return this.pod.spec.containers.every(({ name }) => {
      const container = this.newest(name)
      return container?.state === 'exited' && !this.isRestarted(container.exitCode)
    })
  }

  /** Whether main containers may start. */
  get hasInitialized(): boolean {
    if (this.initContainers.length === 0 || this.hasBegun) return true
    const done = this.initContainers.map(spec => {
      const container = this.newest(spec.name)
      const hasSucceeded = container?.state === 'exited' && container.exitCode === 0
      return { name: spec.name, ready: hasSucceeded, started: container !== undefined && this.hasStarted(container) }
    })
    return hasInitialized(this.pod.spec, done)
  }

  hasStarted(container: Container): boolean {
    return this.prober ? this.prober.hasStarted(container) : container.isRunning
  }

  isReady(container: Container): boolean {
    return this.prober ? this.prober.isReady(container) : container.isRunning
  }

  /** The part of the pod that an event is about: `spec.containers{web}`. */
  about(spec: { readonly name: string }): ObjectReference {
    const { metadata } = this.pod
    const isNamed = (each: Wanted) => each.name === spec.name
    const list = this.initContainers.some(isNamed)
      ? 'initContainers'
      : this.ephemeralContainers.some(isNamed)
        ? 'ephemeralContainers'
        : 'containers'
    return {
      kind: 'Pod',
      apiVersion: 'v1',
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      fieldPath: `spec.${list}{${spec.name}}`,
    }
  }

  /** A container as probes and hooks reach it. */
  target(container: Container, spec: Wanted): ProbeTarget {
    const ports = (spec.ports ?? []).flatMap(({ name, containerPort }) =>
      name ? [[name, containerPort] as const] : [],
    )
    return { container, address: this.podIP ?? this.work.hostIP, ports: new Map(ports) }
  }
}

/** What makes a running container one that the pod no longer asks for, when it is different. */
export function specificationOf(spec: Wanted): string {
  return JSON.stringify([spec.name, spec.image])
}
