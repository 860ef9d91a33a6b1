import type { Container as ContainerSpec, Probe } from 'kubernetes-types/core/v1'
import type { Clock, Timer } from '../../clock.ts'
import type { Process } from '../../machine/program.ts'
import type { Container } from './container.ts'
import { type ProbeResult, runProbe } from './probe.ts'

export type ProbeKind = 'liveness' | 'readiness' | 'startup'

/** What a prober needs to know of its pod at each moment. */
export interface ProbedPod {
  readonly clock: Clock
  /** The process that asks. */
  readonly kubelet: Process
  /** The newest container of that name, if there is one. */
  container(name: string): Container | undefined
  /** The address of the pod, or of the node on its network. */
  readonly address: string | undefined
  /** Whether it belongs to the control plane itself. */
  readonly isStatic: boolean
  /** Reports a failed probe. */
  onFailure(container: ContainerSpec, kind: ProbeKind, result: ProbeResult): void
  /** The verdict about a container has changed. */
  onVerdict(): void
}

/** How long it takes to notice that a container has begun, in milliseconds. */
const reactionTime = 100

/** Asks one container again and again, and decides after enough equal answers (prober/worker.go). */
class Worker {
  readonly kind: ProbeKind
  readonly spec: ContainerSpec
  readonly probe: Probe
  readonly #pod: ProbedPod
  readonly #owner: Prober
  #timer: Timer | undefined
  #soon: Timer | undefined
  #container: Container | undefined
  #isHolding = false
  #isAsking = false
  #isStopped = false
  #last: ProbeResult['outcome'] | undefined
  #run = 0
  #verdict: 'success' | 'failure' | 'unknown' = 'unknown'

  constructor(kind: ProbeKind, spec: ContainerSpec, probe: Probe, pod: ProbedPod, owner: Prober) {
    this.kind = kind
    this.spec = spec
    this.probe = probe
    this.#pod = pod
    this.#owner = owner
    this.#schedule()
  }

  /** What is known about a container; a new one begins with the verdict that does no harm. */
  verdictOn(container: Container): 'success' | 'failure' | 'unknown' {
    return container === this.#container ? this.#verdict : initialVerdict(this.kind)
  }

  /** Whether its container runs and has not been found good yet. */
  get isWaiting(): boolean {
    const container = this.#pod.container(this.spec.name)
    return container?.isRunning === true && this.verdictOn(container) !== 'success'
  }

  /** Asks soon, out of turn. */
  trigger(): void {
    this.#soon ??= this.#pod.clock.after(reactionTime, () => {
      this.#soon = undefined
      this.#tick()
    })
  }

  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
    this.#soon?.cancel()
  }

  #schedule(): void {
    this.#timer?.cancel()
    this.#timer = this.#pod.clock.after((this.probe.periodSeconds ?? 10) * 1000, () => this.#tick())
  }

  #tick(): void {
    if (this.#isStopped || this.#isAsking) return
    this.#schedule()
    const container = this.#pod.container(this.spec.name)
    if (!container) return
    if (container !== this.#container) {
      this.#container = container
      this.#isHolding = false
      this.#run = 0
      this.#last = undefined
      this.#verdict = initialVerdict(this.kind)
    }
    if (this.#isHolding) return
    if (!container.isRunning) {
      // One that has been made and not started yet has not failed.
      if (container.state !== 'created') this.#conclude('failure')
      return
    }
    if (this.#pod.clock.now - container.startedAt < (this.probe.initialDelaySeconds ?? 0) * 1000) return
    const hasStarted = this.#owner.hasStarted(container)
    if (this.kind === 'startup' ? hasStarted : !hasStarted) return
    this.#ask(container)
  }

  #ask(container: Container): void {
    const { address, isStatic } = this.#pod
    if (address === undefined) return
    this.#isAsking = true
    const ports = new Map(
      (this.spec.ports ?? []).flatMap(({ name, containerPort }) => (name ? [[name, containerPort]] : [])) as [
        string,
        number,
      ][],
    )
    this.#pod.kubelet.thread(async () => {
      try {
        const result = await runProbe(this.#pod.kubelet, this.probe, { container, address, ports, isStatic })
        if (!this.#isStopped && container === this.#container) this.#take(container, result)
      } finally {
        this.#isAsking = false
      }
    })
  }

  #take(container: Container, result: ProbeResult): void {
    if (result.outcome !== 'success') this.#pod.onFailure(this.spec, this.kind, result)
    // What could not be asked changes nothing.
    if (result.outcome === 'unknown' || !container.isRunning) return
    this.#run = result.outcome === this.#last ? this.#run + 1 : 1
    this.#last = result.outcome
    const needed =
      result.outcome === 'success' ? (this.probe.successThreshold ?? 1) : (this.probe.failureThreshold ?? 3)
    if (this.#run < needed) return
    this.#conclude(result.outcome)
    if (this.kind !== 'readiness' && result.outcome === 'failure') {
      // The container will be restarted: no more questions until there is a new one.
      this.#isHolding = true
      this.#run = 0
    }
    if (this.kind === 'startup' && result.outcome === 'success') this.#isHolding = true
  }

  #conclude(verdict: 'success' | 'failure'): void {
    if (this.#verdict === verdict) return
    this.#verdict = verdict
    this.#pod.onVerdict()
  }
}

/** All probes of one pod. */
export class Prober {
  readonly #workers: Worker[] = []

  constructor(containers: readonly ContainerSpec[], pod: ProbedPod) {
    for (const spec of containers) {
      if (spec.startupProbe) this.#workers.push(new Worker('startup', spec, spec.startupProbe, pod, this))
      if (spec.readinessProbe) this.#workers.push(new Worker('readiness', spec, spec.readinessProbe, pod, this))
      if (spec.livenessProbe) this.#workers.push(new Worker('liveness', spec, spec.livenessProbe, pod, this))
    }
  }

  /** Whether a container runs and its startup probe, if any, has succeeded. */
  hasStarted(container: Container): boolean {
    return container.isRunning && this.#isGood('startup', container)
  }

  /** Whether a container may get requests. */
  isReady(container: Container): boolean {
    return this.hasStarted(container) && this.#isGood('readiness', container)
  }

  /** Which probe says that a container must be restarted. */
  condemned(container: Container): 'liveness' | 'startup' | undefined {
    const found = this.#workers.find(
      worker =>
        worker.kind !== 'readiness' && worker.spec.name === container.name && worker.verdictOn(container) === 'failure',
    )
    return found?.kind as 'liveness' | 'startup' | undefined
  }

  /** Asks containers that are not ready at once, for instance because they have just begun. */
  hurry(): void {
    for (const worker of this.#workers) if (worker.kind !== 'liveness' && worker.isWaiting) worker.trigger()
  }

  /** Liveness is of no interest any more: the pod is going away. */
  stopAllButReadiness(): void {
    for (const worker of this.#workers) if (worker.kind !== 'readiness') worker.stop()
  }

  stop(): void {
    for (const worker of this.#workers) worker.stop()
  }

  #isGood(kind: ProbeKind, container: Container): boolean {
    const worker = this.#workers.find(each => each.kind === kind && each.spec.name === container.name)
    return worker === undefined || worker.verdictOn(container) === 'success'
  }
}

function initialVerdict(kind: ProbeKind): 'success' | 'failure' | 'unknown' {
  return kind === 'liveness' ? 'success' : kind === 'readiness' ? 'failure' : 'unknown'
}
