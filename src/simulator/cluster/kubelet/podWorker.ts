import type { PodStatus } from 'kubernetes-types/core/v1'
import type { Timer } from '../../clock.ts'
import { isEqual } from '../api/equality.ts'
import { CniError } from '../cni/executables/executable.ts'
import { type Pod, pod as podKind } from '../kinds/pod.ts'
import { killContainer } from './containerKill.ts'
import { startContainer } from './containerStart.ts'
import { hostnameOf, hostsFile, resolverFile } from './hostFiles.ts'
import type { WaitingReason } from './imagePuller.ts'
import { jitter, type NodeWork } from './nodeWork.ts'
import { firstStepsOf, needsSandbox, restartsOf } from './podActions.ts'
import { isSameVerdict, reportOf } from './podReport.ts'
import { PodState, type Wanted } from './podState.ts'
import { Prober } from './prober.ts'
import type { Sandbox } from './sandbox.ts'
import { type Run, runSteps, type Steps, together } from './steps.ts'
import { PodVolumes } from './volumes/podVolumes.ts'

// How long the runtime takes for a sandbox, and mounting for volumes: milliseconds, up to twice as long.
const sandboxTime = 250
const volumeTime = 60
// When a round that failed is repeated, and after which time a pod in back-off is looked at even if it has to wait longer.
const retryTime = 10_000
const networkRetryTime = 1000
const longestRest = 60_000
// How soon files follow what the pod says of itself.
const remountTime = 200
// A volume that cannot be mounted is tried again after half a second, a second … two minutes (volume/util/operationexecutor).
const mountRetry = { first: 500, last: 122_000, patience: 123_000 }

/** The volumes of a pod that are images. */
function imagesOf({ spec }: Pod) {
  return (spec.volumes ?? []).flatMap(({ name, ...source }) => {
    const { image } = source as { image?: { reference?: string; pullPolicy?: string } }
    return image?.reference ? [{ name, reference: image.reference, pullPolicy: image.pullPolicy }] : []
  })
}

/** What files of the downward API show of a pod and what may change. */
function marksOf({ metadata }: Pod) {
  return [metadata.labels, metadata.annotations]
}

/** When the next round is due, in milliseconds. */
interface Retry {
  readonly after: number
}

/** Looks after one pod of the node: makes it what its object says, and says in the object how it is. */
export class PodWorker {
  readonly #work: NodeWork
  readonly #state: PodState
  readonly #volumes: PodVolumes
  readonly #onGone: () => void
  /** Writes the status; static pods have another object for it. */
  readonly #report: (status: PodStatus) => void
  #published: PodStatus | undefined
  #run: Run | undefined
  #isBusy = false
  #isPending = false
  #timer: Timer | undefined
  #deadline: Timer | undefined
  #isGone = false

  constructor(work: NodeWork, pod: Pod, onGone: () => void, report?: (status: PodStatus) => void) {
    this.#work = work
    this.#state = new PodState(work, pod)
    this.#volumes = new PodVolumes(work.node, work.client)
    this.#onGone = onGone
    this.#report = report ?? (status => this.#write(status))
    this.wake()
  }

  get pod(): Pod {
    return this.#state.pod
  }

  /** The object has changed. */
  update(pod: Pod): void {
    const before = this.#state.pod
    if (Number(pod.metadata.resourceVersion) < Number(before.metadata.resourceVersion)) return
    this.#state.pod = pod
    if (!isEqual(marksOf(pod), marksOf(before))) this.#work.clock.after(remountTime, () => this.refreshVolumes())
    const isNewlyDeleted = pod.metadata.deletionTimestamp && !before.metadata.deletionTimestamp
    if (isNewlyDeleted && !this.#state.ending) this.#end({})
    else if (isNewlyDeleted) this.wake()
    else if (pod.spec !== before.spec && !isEqual(pod.spec, before.spec)) this.wake()
    else if (this.#published && !isSameVerdict(pod.status, this.#published)) this.wake()
  }

  /** Says once more how the pod is, where somebody else has said something else about it. */
  insist(seen: PodStatus): void {
    if (this.#published && !isSameVerdict(seen, this.#published)) this.#report(this.#published)
  }

  /** Says once more how the pod is, because the object that showed it is gone. */
  repeat(): void {
    if (this.#published) this.#report(this.#published)
  }

  /** The object is gone: nothing of the pod may stay. */
  remove(): void {
    this.#isGone = true
    if (this.#state.isTerminated && !this.#isBusy) this.#leave()
    else this.#end({})
  }

  /** Something about the pod may be different: looks at it as soon as the work at hand is done. */
  wake(): void {
    if (this.#isBusy) {
      this.#isPending = true
      return
    }
    this.#timer?.cancel()
    this.#isPending = false
    this.#isBusy = true
    const run = runSteps(this.#work.clock, this.#round(), retry => {
      this.#isBusy = false
      this.#run = undefined
      this.#rest(retry)
    })
    this.#run = run.isOver ? undefined : run
  }

  /** Objects that volumes are made from have changed. */
  refreshVolumes(): void {
    if (!this.#state.isTerminated) this.#volumes.refresh(this.pod, this.#state.place)
  }

  /** Stops looking after the pod without touching it: the kubelet itself ends. */
  abandon(): void {
    this.#run?.stop()
    this.#run = undefined
    this.#timer?.cancel()
    this.#deadline?.cancel()
    this.#state.prober?.stop()
    this.#state.isTerminated = true
  }

  #end(why: { reason?: string; message?: string }): void {
    if (this.#state.ending) return
    this.#state.ending = why
    if (this.#run) {
      this.#run.stop()
      this.#run = undefined
      this.#isBusy = false
    }
    this.wake()
  }

  #rest(retry: Retry | undefined): void {
    if (this.#isGone && this.#state.isTerminated) this.#leave()
    else if (this.#isPending) this.#timer = this.#work.clock.after(1, () => this.wake())
    else if (retry) this.#timer = this.#work.clock.after(retry.after, () => this.wake())
  }

  #leave(): void {
    this.#timer?.cancel()
    this.#deadline?.cancel()
    this.#state.prober?.stop()
    this.#work.runtime.removePod(this.#state.uid)
    this.#work.crashes.forget(this.#state.uid)
    this.#onGone()
  }

  /** Says how the pod is, then brings it closer to what it should be (kubelet.go, SyncPod). */
  *#round(): Steps<Retry | undefined> {
    const state = this.#state
    if (state.isTerminated) return yield* this.#finish()
    if (state.ending) return yield* this.#terminate()
    state.startedAt ??= this.#work.timestamp()
    this.#watchDeadline()
    state.prober ??= this.#createProber()
    const phase = this.#publish()
    if (phase === 'Succeeded' || phase === 'Failed') {
      state.ending = {}
      return { after: 0 }
    }
    const problem = this.pod.spec.hostNetwork ? undefined : this.#work.networkProblem()
    if (problem !== undefined) {
      this.#work.record(this.pod, 'Warning', 'NetworkNotReady', `network is not ready: ${problem}`)
      return { after: jitter(this.#work, networkRetryTime) }
    }
    if (!(yield* this.#mountVolumes())) return { after: jitter(this.#work, retryTime) }
    return yield* this.#bringUp()
  }

  *#mountVolumes(): Steps<boolean> {
    const { clock, random, record } = this.#work
    if (this.#volumes.missing(this.pod).length === 0) return true
    yield volumeTime + random.below(volumeTime)
    if (!(yield* this.#pullVolumes())) return false
    const began = clock.now
    for (let wait = mountRetry.first; ; wait = Math.min(wait * 2, mountRetry.last)) {
      const failures = this.#volumes.setUp(this.pod, this.#state.place)
      if (failures.length === 0) return true
      for (const failure of failures) record(this.pod, 'Warning', 'FailedMount', failure)
      if (clock.now - began > mountRetry.patience) {
        const names = this.#volumes.missing(this.pod).join(' ')
        const message = `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`
        record(this.pod, 'Warning', 'FailedMount', message)
        return false
      }
      yield wait
    }
  }

  /** Gets the images that volumes show; false when one of them does not come. */
  *#pullVolumes(): Steps<boolean> {
    for (const { name, reference, pullPolicy } of imagesOf(this.pod)) {
      if (!this.#volumes.missing(this.pod).includes(name)) continue
      const wanted = { name, image: reference, ...(pullPolicy && { imagePullPolicy: pullPolicy }) }
      const { fieldPath: _, ...about } = this.#state.about(wanted)
      const image = yield* this.#work.puller.ensure(wanted, about)
      if ('reason' in image) return false
      this.#volumes.showImage(name, image.root)
    }
    return true
  }

  /** Kills what must go, then makes the sandbox and starts what is missing (kuberuntime_manager.go, SyncPod). */
  *#bringUp(): Steps<Retry | undefined> {
    const state = this.#state
    const { clock } = this.#work
    const { containers: held } = state.held
    const ended = new Map(held.filter(each => each.state === 'exited').map(each => [each.name, each]))
    if (state.sidecars.length > 0 && state.hasFinished) {
      yield* this.#endSidecars(clock.now)
      return { after: 0 }
    }
    if (state.sandbox) {
      const restarts = restartsOf(state)
      yield* together(
        clock,
        restarts.map(each => killContainer(state, each.container, each.message, each.grace)),
      )
    } else {
      const running = held.filter(each => each.isRunning)
      yield* together(
        clock,
        running.map(each => killContainer(state, each, undefined, state.grace)),
      )
      if (!needsSandbox(state)) return undefined
    }
    const sandbox = state.sandbox ?? (yield* this.#createSandbox())
    if (!sandbox) return { after: jitter(this.#work, retryTime) }

    const around = { sandbox, volumes: this.#volumes, ended }
    const failures: WaitingReason[] = []
    const started: Wanted[] = []
    const start = function* (spec: Wanted): Steps {
      const failure = yield* startContainer(state, spec, around)
      if (failure) failures.push(failure)
      else started.push(spec)
    }
    for (const spec of state.ephemeralContainers) if (!state.newest(spec.name)) yield* start(spec)
    for (const spec of firstStepsOf(state)) yield* start(spec)
    if (state.hasInitialized)
      for (const spec of state.pod.spec.containers) if (state.isMissing(spec)) yield* start(spec)
    if (started.length > 0) {
      // What has just been started shows at once; what becomes of it shows when the runtime is asked again.
      this.#publish()
      this.#work.relist(started.every(({ name }) => state.newest(name)?.isRunning) ? state.uid : undefined)
    }
    return this.#retryAfter(failures)
  }

  /** Containers in back-off are looked at when the shortest wait is over, other failures after ten seconds or so. */
  #retryAfter(failures: readonly WaitingReason[]): Retry | undefined {
    if (failures.length === 0) return undefined
    const waits = failures.map(failure => failure.remaining)
    const shortest = waits.includes(undefined) ? retryTime : Math.min(longestRest, ...waits.map(Number))
    return { after: jitter(this.#work, shortest) }
  }

  *#createSandbox(): Steps<Sandbox | undefined> {
    const { runtime, record, nodeName, random } = this.#work
    const state = this.#state
    if (state.held.sandboxes.length > 0)
      record(this.pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
    yield sandboxTime + random.below(sandboxTime)
    const hostname = hostnameOf(this.pod, nodeName)
    try {
      const sandbox = runtime.createSandbox(this.pod, hostname)
      state.podIP = sandbox.address ?? this.#work.hostIP
      sandbox.files.writeText('/hosts', hostsFile(this.pod, state.podIP, hostname, this.#hostText('/etc/hosts')))
      sandbox.files.writeText('/resolv.conf', resolverFile(this.pod, this.#hostText('/etc/resolv.conf')))
      this.#publish()
      return sandbox
    } catch (error) {
      if (!(error instanceof CniError)) throw error
      const message = `rpc error: code = Unknown desc = failed to setup network for sandbox "${runtime.newId()}": ${error.message}`
      record(this.pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${message}`)
      const text = `"RunPodSandbox from runtime service failed" err=${JSON.stringify(message)}`
      this.#work.log('log.go:32', text, 'E')
      return undefined
    }
  }

  #hostText(path: string): string {
    const { files } = this.#work.node
    return files.exists(path) ? files.readText(path) : ''
  }

  /** Ends the pod: containers, then the sandbox, then what is left of it. */
  *#terminate(): Steps<Retry | undefined> {
    const { clock, runtime, random } = this.#work
    const state = this.#state
    state.prober?.stopAllButReadiness()
    this.#deadline?.cancel()
    this.#publish()
    const sidecars = new Set(state.sidecars.map(each => each.name))
    const running = state.held.containers.filter(container => container.isRunning)
    const { grace } = state
    const began = clock.now
    const others = running.filter(container => !sidecars.has(container.name))
    yield* together(
      clock,
      others.map(container => killContainer(state, container, undefined, grace)),
    )
    yield* this.#endSidecars(began)
    state.prober?.stop()
    yield 30 + random.below(100)
    const sandbox = state.held.sandboxes.at(-1)
    if (sandbox) runtime.stopSandbox(this.pod, sandbox)
    state.isTerminated = true
    this.#publish()
    return yield* this.#finish()
  }

  /** Ends sidecars, the last one first, in what is left of the pod's grace since then. */
  *#endSidecars(began: number): Steps {
    const state = this.#state
    const sidecars = new Set(state.sidecars.map(each => each.name))
    const running = state.held.containers.filter(({ isRunning, name }) => isRunning && sidecars.has(name))
    for (const sidecar of running.reverse()) {
      const left = state.grace - Math.ceil((this.#work.clock.now - began) / 1000)
      yield* killContainer(state, sidecar, undefined, Math.max(0, left))
    }
  }

  /** What is left when nothing runs any more: takes the object away if it is being deleted. */
  *#finish(): Steps<Retry | undefined> {
    const { client, random } = this.#work
    if (!this.pod.metadata.deletionTimestamp || this.#isGone) return undefined
    yield 100 + random.below(300)
    const { name, namespace, uid } = this.pod.metadata
    try {
      client.delete(podKind, name, namespace, { gracePeriodSeconds: 0, uid })
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
    return undefined
  }

  #watchDeadline(): void {
    const { activeDeadlineSeconds } = this.pod.spec
    if (activeDeadlineSeconds === undefined || this.#deadline) return
    const { node, clock, record } = this.#work
    const left = Date.parse(this.#state.startedAt!) + activeDeadlineSeconds * 1000 - node.now()
    this.#deadline = clock.after(left, () => {
      const message = 'Pod was active on the node longer than the specified deadline'
      record(this.pod, 'Normal', 'DeadlineExceeded', message)
      this.#end({ reason: 'DeadlineExceeded', message })
    })
  }

  #createProber(): Prober {
    const state = this.#state
    const { record, clock, process } = this.#work
    return new Prober([...state.sidecars, ...state.pod.spec.containers], {
      clock,
      kubelet: process,
      isStatic: state.isStatic,
      get address() {
        return state.podIP
      },
      container: name => state.newest(name),
      onVerdict: () => this.wake(),
      onFailure(container, kind, { outcome, message }) {
        const probe = `${kind[0]!.toUpperCase()}${kind.slice(1)} probe`
        const verb = outcome === 'unknown' ? 'errored and resulted in unknown state' : 'failed'
        record(state.about(container), 'Warning', 'Unhealthy', `${probe} ${verb}: ${message}`)
      },
    })
  }

  /** Writes how the pod is, if that is news, and gives its phase. */
  #publish(): string {
    const state = this.#state
    const status = reportOf(state)
    this.#published = status
    if (!isEqual(status, state.pod.status)) {
      state.pod = { ...state.pod, status }
      this.#report(status)
    }
    state.prober?.hurry()
    return status.phase!
  }

  #write(status: PodStatus): void {
    const { client } = this.#work
    const { name, namespace } = this.pod.metadata
    const current = client.get(podKind, name, namespace)
    if (current?.metadata.uid !== this.#state.uid) return
    try {
      this.#state.pod = client.updateStatus(podKind, { ...current, status })
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
  }
}
