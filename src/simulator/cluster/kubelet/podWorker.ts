import type { Container as ContainerSpec, ContainerStatus, PodStatus } from 'kubernetes-types/core/v1'
import type { Timer } from '../../clock.ts'
import { isEqual } from '../api/equality.ts'
import { CniError } from '../cni/executables/executable.ts'
import type { ObjectReference } from '../eventRecorder.ts'
import { type Pod, pod as podKind } from '../kinds/pod.ts'
import type { Container } from './container.ts'
import { StartError } from './container.ts'
import { createContainer } from './containerCreation.ts'
import { containerStatusOf } from './containerStatus.ts'
import { ConfigurationError } from './environment.ts'
import { runHook } from './hooks.ts'
import { hostnameOf, hostsFile, resolverFile } from './hostFiles.ts'
import type { WaitingReason } from './imagePuller.ts'
import { jitter, type NodeWork } from './nodeWork.ts'
import { resourcesOf } from './podResources.ts'
import { conditionsOf, hasInitialized, isSidecar, mergeConditions, phaseOf } from './podStatus.ts'
import { Prober } from './prober.ts'
import type { RuntimePod } from './runtime.ts'
import type { Sandbox } from './sandbox.ts'
import { type Run, runSteps, type Steps, together } from './steps.ts'
import { PodVolumes } from './volumes/podVolumes.ts'

// How long the runtime takes for a sandbox, for making a container and for starting it: milliseconds.
const sandboxTime = 250
const creationTime = 40
const startTime = 60
const volumeTime = 60
// Retries after an error, and after which time a pod in back-off is looked at even when its back-off is longer.
const retryTime = 10_000
const networkRetryTime = 1000
const longestRest = 60_000
// FailedMount is tried again after half a second, a second … two minutes (volume/util/operationexecutor).
const mountRetry = { first: 500, last: 122_000, patience: 123_000 }

/** How a round of work ended: undefined when there is nothing left to do. */
interface Retry {
  readonly after: number
}

/** Looks after one pod of the node: makes it what its object says, and says in the object how it is. */
export class PodWorker {
  readonly uid: string
  readonly #work: NodeWork
  readonly #held: RuntimePod
  readonly #volumes: PodVolumes
  #pod: Pod
  #prober: Prober | undefined
  #run: Run | undefined
  #isPending = false
  #timer: Timer | undefined
  #deadline: Timer | undefined
  readonly #waiting = new Map<string, WaitingReason>()
  #startedAt: string | undefined
  #podIP: string | undefined
  #published: PodStatus | undefined
  #ending: { readonly reason?: string; readonly message?: string } | undefined
  #isTerminated = false
  #isGone = false
  readonly #onGone: () => void
  /** Writes the status; static pods have another object for it. */
  readonly #report: (status: PodStatus) => void

  constructor(work: NodeWork, pod: Pod, onGone: () => void, report?: (status: PodStatus) => void) {
    this.uid = pod.metadata.uid
    this.#work = work
    this.#pod = pod
    this.#held = work.runtime.podOf(pod)
    this.#volumes = new PodVolumes(work.node, work.client)
    this.#onGone = onGone
    this.#report = report ?? (status => this.#write(status))
    this.#startedAt = pod.status?.startTime
    this.#podIP = pod.status?.podIP
    const { phase } = pod.status ?? {}
    if (phase === 'Succeeded' || phase === 'Failed') this.#isTerminated = true
    if (pod.metadata.deletionTimestamp) this.#ending = {}
    this.wake()
  }

  get pod(): Pod {
    return this.#pod
  }

  /** Whether the pod still takes room on the node. */
  get isActive(): boolean {
    return !this.#isTerminated
  }

  /** The object has changed. */
  update(pod: Pod): void {
    const before = this.#pod
    if (Number(pod.metadata.resourceVersion) < Number(before.metadata.resourceVersion)) return
    this.#pod = pod
    if (pod.metadata.deletionTimestamp && !before.metadata.deletionTimestamp) {
      this.#end({})
      return
    }
    if (pod.spec !== before.spec && !isEqual(pod.spec, before.spec)) this.wake()
    else if (this.#published && !isSameVerdict(pod.status, this.#published)) this.wake()
  }

  /** Says once more how the pod is, where somebody else has said something else about it. */
  insist(seen: PodStatus): void {
    if (this.#published && !isSameVerdict(seen, this.#published)) this.#report(this.#published)
  }

  /** The object is gone: nothing of the pod may stay. */
  remove(): void {
    this.#isGone = true
    if (this.#isTerminated && !this.#run) this.#leave()
    else this.#end({})
  }

  /** Something about the pod may be different: looks at it as soon as the work at hand is done. */
  wake(): void {
    if (this.#run) {
      this.#isPending = true
      return
    }
    this.#timer?.cancel()
    this.#isPending = false
    const run = runSteps(this.#work.clock, this.#sync(), retry => {
      this.#run = undefined
      this.#rest(retry)
    })
    if (!run.isOver) this.#run = run
  }

  /** Objects that volumes are made from have changed. */
  refreshVolumes(): void {
    if (!this.#isTerminated) this.#volumes.refresh(this.#pod, this.#place)
  }

  /** Ends the pod from the node's side, as an eviction or a deadline does. */
  fail(reason: string, message: string): void {
    this.#end({ reason, message })
  }

  /** Stops looking after the pod without touching it: the kubelet itself ends. */
  abandon(): void {
    this.#run?.stop()
    this.#run = undefined
    this.#timer?.cancel()
    this.#deadline?.cancel()
    this.#prober?.stop()
    this.#isTerminated = true
  }

  get #place() {
    return { podIP: this.#podIP, hostIP: this.#work.hostIP }
  }

  #end(why: { reason?: string; message?: string }): void {
    if (this.#ending) return
    this.#ending = why
    this.#run?.stop()
    this.#run = undefined
    this.wake()
  }

  #rest(retry: Retry | undefined): void {
    if (this.#isGone && this.#isTerminated) this.#leave()
    else if (this.#isPending) this.#timer = this.#work.clock.after(1, () => this.wake())
    else if (retry) this.#timer = this.#work.clock.after(retry.after, () => this.wake())
  }

  #leave(): void {
    this.#timer?.cancel()
    this.#deadline?.cancel()
    this.#prober?.stop()
    this.#work.runtime.removePod(this.uid)
    this.#work.crashes.forget(this.uid)
    this.#onGone()
  }

  /** One round: says how the pod is, then brings it closer to what it should be (kubelet.go, SyncPod). */
  *#sync(): Steps<Retry | undefined> {
    if (this.#isTerminated) return yield* this.#finish()
    if (this.#ending) return yield* this.#terminate()
    this.#startedAt ??= this.#work.timestamp()
    this.#watchDeadline()
    this.#prober ??= this.#createProber()
    const phase = this.#publish()
    if (phase === 'Succeeded' || phase === 'Failed') {
      this.#ending = {}
      return { after: 0 }
    }
    const problem = this.#pod.spec.hostNetwork ? undefined : this.#work.networkProblem()
    if (problem !== undefined) {
      this.#work.record(this.#pod, 'Warning', 'NetworkNotReady', `network is not ready: ${problem}`)
      return { after: jitter(this.#work, networkRetryTime) }
    }
    if (!(yield* this.#mountVolumes())) return { after: jitter(this.#work, retryTime) }
    return yield* this.#bringUp()
  }

  *#mountVolumes(): Steps<boolean> {
    if (this.#volumes.missing(this.#pod).length === 0) return true
    const { clock, random } = this.#work
    yield volumeTime + random.below(volumeTime)
    const began = clock.now
    for (let wait = mountRetry.first; ; wait = Math.min(wait * 2, mountRetry.last)) {
      const failures = this.#volumes.setUp(this.#pod, this.#place)
      if (failures.length === 0) return true
      for (const failure of failures) this.#work.record(this.#pod, 'Warning', 'FailedMount', failure)
      if (clock.now - began > mountRetry.patience) {
        const names = this.#volumes.missing(this.#pod).join(' ')
        this.#work.record(
          this.#pod,
          'Warning',
          'FailedMount',
          `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`,
        )
        return false
      }
      yield wait
    }
  }

  /** Kills what must go, then makes the sandbox and starts what is missing (kuberuntime_manager.go, SyncPod). */
  *#bringUp(): Steps<Retry | undefined> {
    const { spec } = this.#pod
    const before = this.#newestContainers()
    const ended = new Map(
      this.#held.containers.filter(({ state }) => state === 'exited').map(container => [container.name, container]),
    )
    let sandbox = this.#sandbox
    const running = [...before.values()].filter(container => container.isRunning)
    if (!sandbox && running.length > 0)
      yield* together(
        this.#work.clock,
        running.map(container => this.#kill(container, undefined, this.#grace)),
      )
    const restarts = sandbox ? this.#restarts(before) : []
    yield* together(
      this.#work.clock,
      restarts.map(({ container, message, grace }) => this.#kill(container, message, grace)),
    )
    const failures: WaitingReason[] = []
    if (!sandbox) {
      if (!this.#shouldHaveSandbox(before)) return undefined
      const made = yield* this.#createSandbox()
      if (!made) return { after: jitter(this.#work, retryTime) }
      sandbox = made
    }
    for (const ephemeral of spec.ephemeralContainers ?? [])
      if (!before.has(ephemeral.name)) yield* this.#start(ephemeral as ContainerSpec, sandbox, ended, failures)
    const first = this.#firstSteps(before)
    for (const each of first) yield* this.#start(each, sandbox, ended, failures)
    if (this.#hasInitialized)
      for (const each of spec.containers) if (this.#isMissing(each)) yield* this.#start(each, sandbox, ended, failures)
    return this.#retryAfter(failures)
  }

  #retryAfter(failures: readonly WaitingReason[]): Retry | undefined {
    if (failures.length === 0) return undefined
    if (failures.some(failure => failure.remaining === undefined)) return { after: jitter(this.#work, retryTime) }
    const shortest = Math.min(...failures.map(failure => failure.remaining!))
    return { after: jitter(this.#work, Math.min(shortest, longestRest)) }
  }

  get #sandbox(): Sandbox | undefined {
    const newest = this.#held.sandboxes.at(-1)
    return newest?.isReady ? newest : undefined
  }

  #newestContainers(): Map<string, Container> {
    return new Map(this.#held.containers.map(container => [container.name, container]))
  }

  #newest(name: string): Container | undefined {
    return this.#held.containers.findLast(container => container.name === name)
  }

  /** Whether a container is to be started (again), by the pod's restart policy. */
  #isMissing(spec: ContainerSpec): boolean {
    const container = this.#newest(spec.name)
    if (!container) return true
    if (container.state !== 'exited') return false
    return this.#isRestarted(container.exitCode)
  }

  #isRestarted(exitCode: number): boolean {
    const policy = this.#pod.spec.restartPolicy ?? 'Always'
    return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
  }

  get #hasInitialized(): boolean {
    const { spec } = this.#pod
    if (!spec.initContainers) return true
    return this.#hasBegun || hasInitialized(spec, this.#initStatuses())
  }

  /** Whether a main container has ever run: then init containers are not looked at again. */
  get #hasBegun(): boolean {
    const names = new Set(this.#pod.spec.containers.map(container => container.name))
    return this.#held.containers.some(container => names.has(container.name) && container.state !== 'created')
  }

  /** Init containers and sidecars whose turn it is. */
  #firstSteps(before: ReadonlyMap<string, Container>): ContainerSpec[] {
    const wanted: ContainerSpec[] = []
    const hasBegun = this.#hasBegun
    for (const each of (this.#pod.spec.initContainers ?? []) as (ContainerSpec & { restartPolicy?: string })[]) {
      const container = before.get(each.name)
      if (isSidecar(each)) {
        if (!container || container.state === 'exited') wanted.push(each)
        if (!hasBegun && !(container && this.#prober?.hasStarted(container))) return wanted
      } else if (!hasBegun) {
        if (container?.state === 'exited' && container.exitCode === 0) continue
        const isAllowed = !container || (container.state === 'exited' && this.#pod.spec.restartPolicy !== 'Never')
        if (isAllowed) wanted.push(each)
        return wanted
      }
    }
    return wanted
  }

  /** Running containers that must be started anew, and why. */
  #restarts(before: ReadonlyMap<string, Container>) {
    const found: { container: Container; message: string; grace: number }[] = []
    const { spec } = this.#pod
    for (const each of [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers]) {
      const container = before.get(each.name)
      if (!container?.isRunning) continue
      if (container.settings.specification !== specificationOf(each)) {
        found.push({
          container,
          message: `Container ${each.name} definition changed, will be restarted`,
          grace: this.#grace,
        })
        continue
      }
      const condemned = this.#prober?.condemned(container)
      if (!condemned) continue
      const probe = condemned === 'liveness' ? each.livenessProbe : each.startupProbe
      const isRestarted = spec.restartPolicy !== 'Never' || isSidecar(each)
      const message = `Container ${each.name} failed ${condemned} probe${isRestarted ? ', will be restarted' : ''}`
      found.push({ container, message, grace: probe?.terminationGracePeriodSeconds ?? this.#grace })
    }
    return found
  }

  /** A pod whose work is done gets no new sandbox. */
  #shouldHaveSandbox(before: ReadonlyMap<string, Container>): boolean {
    if (before.size === 0) return true
    return this.#pod.spec.containers.some(each => this.#isMissing(each) || before.get(each.name)?.isRunning)
  }

  *#createSandbox(): Steps<Sandbox | undefined> {
    const { runtime, record, node, nodeName, random } = this.#work
    if (this.#held.sandboxes.length > 0)
      record(this.#pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
    yield sandboxTime + random.below(sandboxTime)
    const hostname = hostnameOf(this.#pod, nodeName)
    try {
      const sandbox = runtime.createSandbox(this.#pod, hostname)
      this.#podIP = sandbox.address ?? this.#work.hostIP
      const nodeHosts = node.files.exists('/etc/hosts') ? node.files.readText('/etc/hosts') : ''
      const nodeResolver = node.files.exists('/etc/resolv.conf') ? node.files.readText('/etc/resolv.conf') : ''
      sandbox.files.writeText('/hosts', hostsFile(this.#pod, this.#podIP, hostname, nodeHosts))
      sandbox.files.writeText('/resolv.conf', resolverFile(this.#pod, nodeResolver))
      return sandbox
    } catch (error) {
      if (!(error instanceof CniError)) throw error
      const id = runtime.newId()
      record(
        this.#pod,
        'Warning',
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": ${error.message}`,
      )
      return undefined
    }
  }

  /** Starts one container, unless it has to wait after a crash; adds what went wrong to `failures`. */
  *#start(
    spec: ContainerSpec,
    sandbox: Sandbox,
    ended: ReadonlyMap<string, Container>,
    failures: WaitingReason[],
  ): Steps {
    const failure = yield* this.#tryToStart(spec, sandbox, ended)
    if (!failure) {
      this.#waiting.delete(spec.name)
      return
    }
    this.#waiting.set(spec.name, failure)
    failures.push(failure)
    if (failure.reason !== 'CrashLoopBackOff') {
      const isPull = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)$/.test(failure.reason)
      this.#work.record(this.#about(spec), 'Warning', 'Failed', `Error: ${isPull ? failure.reason : failure.message}`)
    }
  }

  *#tryToStart(
    spec: ContainerSpec,
    sandbox: Sandbox,
    ended: ReadonlyMap<string, Container>,
  ): Steps<WaitingReason | undefined> {
    const { crashes, clock, record, puller, random } = this.#work
    const waiting = this.#crashBackOff(spec, ended.get(spec.name))
    if (waiting) return waiting
    const about = this.#about(spec)
    const image = yield* puller.ensure(spec, about)
    if ('reason' in image) return image
    yield creationTime + random.below(creationTime)
    let container: Container
    try {
      container = createContainer(this.#work, {
        pod: this.#pod,
        spec,
        image,
        sandbox,
        volumes: this.#volumes,
        place: this.#place,
        attempt: (this.#newest(spec.name)?.settings.attempt ?? -1) + 1,
        previous: this.#newest(spec.name),
        specification: specificationOf(spec),
      })
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      return { reason: 'CreateContainerConfigError', message: error.message }
    }
    record(about, 'Normal', 'Created', 'Container created')
    yield startTime + random.below(startTime)
    try {
      container.start()
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      return { reason: 'RunContainerError', message: error.message }
    }
    record(about, 'Normal', 'Started', 'Container started')
    const hook = spec.lifecycle?.postStart
    if (!hook) return undefined
    const failed = yield* runHook(this.#work.process, hook, this.#target(container, spec), 'PostStartHook')
    if (failed === undefined || !container.isRunning) return undefined
    record(about, 'Warning', 'FailedPostStartHook', 'PostStartHook failed')
    yield* this.#kill(container, 'FailedPostStartHook', this.#grace)
    crashes.next(backOffKey(this.#pod, spec), clock.now)
    return { reason: 'PostStartHookError', message: failed }
  }

  /** Whether a container has to wait still, counted from the end of the one that had ended before this round. */
  #crashBackOff(spec: ContainerSpec, ended: Container | undefined): WaitingReason | undefined {
    const { crashes, record } = this.#work
    if (!ended) return undefined
    const key = backOffKey(this.#pod, spec)
    const remaining = crashes.remainingSince(key, ended.finishedAt)
    if (remaining === 0) {
      crashes.next(key, ended.finishedAt)
      return undefined
    }
    const { name, namespace } = this.#pod.metadata
    record(
      this.#about(spec),
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${spec.name} in pod ${name}_${namespace}(${this.uid})`,
    )
    return {
      reason: 'CrashLoopBackOff',
      message: `back-off ${goDuration(crashes.delayOf(key))} restarting failed container=${spec.name} pod=${name}_${namespace}(${this.uid})`,
      remaining,
    }
  }

  get #grace(): number {
    const { metadata, spec } = this.#pod
    return metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30
  }

  /** Ends a container: its preStop hook, then the stop signal, then SIGKILL when the grace period is over. */
  *#kill(container: Container, message: string | undefined, grace: number): Steps {
    if (!container.isRunning) return
    const { record, clock, process } = this.#work
    const spec = this.#specOf(container.name)
    record(
      this.#about(spec ?? { name: container.name }),
      'Normal',
      'Killing',
      message ?? `Stopping container ${container.name}`,
    )
    const deadline = clock.now + Math.max(grace, 1) * 1000
    const hook = spec?.lifecycle?.preStop
    if (hook && grace > 0) {
      const over = { isOver: false }
      yield resume => {
        const timer = clock.after(deadline - clock.now, resume)
        runSteps(clock, runHook(process, hook, this.#target(container, spec), 'PreStopHook'), failed => {
          timer.cancel()
          over.isOver = true
          if (failed !== undefined) record(this.#about(spec), 'Warning', 'FailedPreStopHook', 'PreStopHook failed')
          resume()
        })
      }
    }
    if (!container.isRunning) return
    // A little time is left even when the hook has used it all.
    const patience = Math.max(deadline - clock.now, hook ? 2000 : 1000)
    container.signal(container.settings.stopSignal)
    yield resume => {
      const timer = clock.after(patience, () => container.signal('SIGKILL'))
      container.onExit(() => {
        timer.cancel()
        resume()
      })
    }
  }

  /** Ends the pod: containers, then the sandbox, then what is left of it. */
  *#terminate(): Steps<Retry | undefined> {
    const { clock, runtime, random } = this.#work
    this.#prober?.stopAllButReadiness()
    this.#deadline?.cancel()
    this.#publish()
    const sidecars = new Set((this.#pod.spec.initContainers ?? []).filter(isSidecar).map(each => each.name))
    const running = this.#held.containers.filter(container => container.isRunning)
    const grace = this.#grace
    const began = clock.now
    const others = running.filter(container => !sidecars.has(container.name))
    yield* together(
      clock,
      others.map(container => this.#kill(container, undefined, grace)),
    )
    for (const sidecar of running.filter(container => sidecars.has(container.name)).reverse())
      yield* this.#kill(sidecar, undefined, Math.max(0, grace - Math.ceil((clock.now - began) / 1000)))
    this.#prober?.stop()
    yield 30 + random.below(100)
    const sandbox = this.#held.sandboxes.at(-1)
    if (sandbox) runtime.stopSandbox(this.#pod, sandbox)
    this.#isTerminated = true
    this.#publish()
    return yield* this.#finish()
  }

  /** What is left when nothing runs any more: takes the object away if it is being deleted. */
  *#finish(): Steps<Retry | undefined> {
    const { client, random } = this.#work
    if (!this.#pod.metadata.deletionTimestamp || this.#isGone) return undefined
    yield 100 + random.below(300)
    const { name, namespace, uid } = this.#pod.metadata
    try {
      client.delete(podKind, name, namespace, { gracePeriodSeconds: 0, uid })
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
    return undefined
  }

  #watchDeadline(): void {
    const { activeDeadlineSeconds } = this.#pod.spec
    if (activeDeadlineSeconds === undefined || this.#deadline) return
    const { node, clock } = this.#work
    const left = Date.parse(this.#startedAt!) + activeDeadlineSeconds * 1000 - node.now()
    this.#deadline = clock.after(left, () => {
      const message = 'Pod was active on the node longer than the specified deadline'
      this.#work.record(this.#pod, 'Normal', 'DeadlineExceeded', message)
      this.fail('DeadlineExceeded', message)
    })
  }

  #createProber(): Prober {
    const { spec } = this.#pod
    const worker = this
    return new Prober([...((spec.initContainers ?? []) as ContainerSpec[]).filter(isSidecar), ...spec.containers], {
      clock: this.#work.clock,
      kubelet: this.#work.process,
      get address() {
        return worker.#podIP
      },
      container: name => worker.#newest(name),
      isStatic: this.#isStatic,
      onVerdict: () => worker.wake(),
      onFailure(container, kind, { outcome, message }) {
        const name = `${kind[0]!.toUpperCase()}${kind.slice(1)}`
        const text =
          outcome === 'unknown'
            ? `${name} probe errored and resulted in unknown state: ${message}`
            : `${name} probe failed: ${message}`
        worker.#work.record(worker.#about(container), 'Warning', 'Unhealthy', text)
      },
    })
  }

  #specOf(name: string): ContainerSpec | undefined {
    const { initContainers = [], containers, ephemeralContainers = [] } = this.#pod.spec
    return [...initContainers, ...containers, ...(ephemeralContainers as ContainerSpec[])].find(
      each => each.name === name,
    )
  }

  /** The part of the pod that an event is about: `spec.containers{web}`. */
  #about(spec: { readonly name: string }): ObjectReference {
    const { metadata, spec: all } = this.#pod
    const list = all.initContainers?.some(each => each.name === spec.name)
      ? 'initContainers'
      : all.ephemeralContainers?.some(each => each.name === spec.name)
        ? 'ephemeralContainers'
        : 'containers'
    return {
      kind: 'Pod',
      apiVersion: 'v1',
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
      uid: this.uid,
      resourceVersion: metadata.resourceVersion,
      fieldPath: `spec.${list}{${spec.name}}`,
    }
  }

  #target(container: Container, spec: ContainerSpec) {
    const ports = new Map(
      (spec.ports ?? []).flatMap(({ name, containerPort }) => (name ? [[name, containerPort] as const] : [])),
    )
    return { container, address: this.#podIP ?? this.#work.hostIP, ports }
  }

  #initStatuses(): ContainerStatus[] {
    return ((this.#pod.spec.initContainers ?? []) as ContainerSpec[]).map(spec => {
      const container = this.#newest(spec.name)
      const hasSucceeded = container?.state === 'exited' && container.exitCode === 0
      const isBeside = isSidecar(spec as { restartPolicy?: string })
      return this.#statusOf(spec, {
        isReady: isBeside ? container !== undefined && this.#isReady(container) : hasSucceeded,
        isStarted: isBeside ? container !== undefined && this.#isStarted(container) : (container?.isRunning ?? false),
        isWanted: isBeside || (!hasSucceeded && this.#pod.spec.restartPolicy !== 'Never'),
      })
    })
  }

  #isReady(container: Container): boolean {
    return this.#prober ? this.#prober.isReady(container) : container.isRunning
  }

  #isStarted(container: Container): boolean {
    return this.#prober ? this.#prober.hasStarted(container) : container.isRunning
  }

  #statusOf(spec: ContainerSpec, facts: { isReady: boolean; isStarted: boolean; isWanted: boolean }): ContainerStatus {
    return containerStatusOf(spec, {
      container: this.#newest(spec.name),
      initialReason: this.#pod.spec.initContainers ? 'PodInitializing' : 'ContainerCreating',
      waiting: this.#waiting.get(spec.name),
      timestamp: at => this.#work.timestamp(at),
      ...facts,
      isWanted: facts.isWanted && !this.#ending && !this.#newest(spec.name)?.isRunning,
    })
  }

  /** Writes how the pod is, if that is news, and gives its phase. */
  #publish(): string {
    const { spec, status: before, metadata } = this.#pod
    const initStatuses = this.#initStatuses()
    const statuses = spec.containers.map(each => {
      const container = this.#newest(each.name)
      return this.#statusOf(each, {
        isReady: container !== undefined && this.#isReady(container),
        isStarted: container !== undefined && this.#isStarted(container),
        isWanted: !container || container.state !== 'exited' || this.#isRestarted(container.exitCode),
      })
    })
    const ephemeral = ((spec.ephemeralContainers ?? []) as ContainerSpec[]).map(each =>
      this.#statusOf(each, { isReady: false, isStarted: false, isWanted: !this.#newest(each.name) }),
    )
    const phase =
      this.#ending?.reason !== undefined
        ? 'Failed'
        : before?.phase === 'Succeeded' || before?.phase === 'Failed'
          ? before.phase
          : phaseOf(spec, [...initStatuses, ...statuses], this.#isTerminated, this.#hasBegun)
    const generation = this.#isStatic ? undefined : metadata.generation
    const conditions = conditionsOf({
      spec,
      phase: phase as 'Pending',
      initStatuses,
      statuses,
      hasSandbox: this.#sandbox !== undefined,
      given: before?.conditions ?? [],
    })
    const { reason, message } = this.#ending ?? {}
    const status: PodStatus = {
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      phase,
      conditions: mergeConditions(conditions, before, this.#work.timestamp(), generation),
      ...(message === undefined ? {} : { message }),
      ...(reason === undefined ? {} : { reason }),
      hostIP: this.#work.hostIP,
      hostIPs: [{ ip: this.#work.hostIP }],
      ...(this.#podIP === undefined ? {} : { podIP: this.#podIP, podIPs: [{ ip: this.#podIP }] }),
      ...(this.#startedAt === undefined ? {} : { startTime: this.#startedAt }),
      ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}),
      containerStatuses: statuses,
      ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
      ...(before?.qosClass === undefined ? {} : { qosClass: before.qosClass }),
      ...resourcesOf(spec),
    }
    this.#published = status
    if (!isEqual(status, before)) {
      this.#pod = { ...this.#pod, status }
      this.#report(status)
    }
    this.#prober?.hurry()
    return phase
  }

  get #isStatic(): boolean {
    return this.#pod.metadata.annotations?.['kubernetes.io/config.source'] === 'file'
  }

  #write(status: PodStatus): void {
    const { client } = this.#work
    const { name, namespace } = this.#pod.metadata
    const current = client.get(podKind, name, namespace)
    if (current?.metadata.uid !== this.uid) return
    try {
      this.#pod = client.updateStatus(podKind, { ...current, status })
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
  }
}

/** What makes a running container one that the pod no longer asks for. */
function specificationOf(spec: ContainerSpec): string {
  return JSON.stringify([spec.name, spec.image])
}

function backOffKey(pod: Pod, spec: ContainerSpec): string {
  return `${pod.metadata.uid}/${specificationOf(spec)}`
}

/** `10s`, `1m20s`, `5m0s`. */
function goDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

/** Whether two statuses agree about what the kubelet alone decides. */
function isSameVerdict(one: PodStatus, other: PodStatus): boolean {
  const verdict = ({ phase, conditions = [] }: PodStatus) =>
    [phase, ...['Ready', 'ContainersReady', 'Initialized'].map(type => conditions.find(each => each.type === type)?.status)].join()
  return verdict(one) === verdict(other)
}
