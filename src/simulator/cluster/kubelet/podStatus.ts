import type { ContainerStatus, PodCondition, PodSpec, PodStatus } from 'kubernetes-types/core/v1'

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

/** Whether an init container goes on beside the others: a sidecar. */
export function isSidecar(container: { readonly restartPolicy?: string }): boolean {
  return container.restartPolicy === 'Always'
}

/** Where in its life a pod is, from the states of its containers (kubelet_pods.go, getPhase). */
export function phaseOf(
  spec: PodSpec,
  statuses: readonly ContainerStatus[],
  isTerminal: boolean,
  hasBegun: boolean,
): Phase {
  const byName = new Map(statuses.map(status => [status.name, status]))
  const count = {
    pending: 0,
    pendingSidecars: 0,
    failed: 0,
    running: 0,
    waiting: 0,
    stopped: 0,
    succeeded: 0,
    unknown: 0,
  }
  for (const container of spec.initContainers ?? []) {
    const { state, lastState, started } = byName.get(container.name) ?? {}
    if (isSidecar(container)) {
      if (state?.running) {
        count.running++
        if (!started) count.pendingSidecars++
      } else if (state?.waiting && !lastState?.terminated) {
        count.pendingSidecars++
        count.waiting++
      }
    } else {
      const ended = state?.terminated ?? (state?.waiting ? lastState?.terminated : undefined)
      if (!ended) count.pending++
      else if (ended.exitCode !== 0) count.failed++
    }
  }
  for (const container of spec.containers) {
    const { state, lastState } = byName.get(container.name) ?? {}
    if (state?.running) count.running++
    else if (state?.terminated) {
      count.stopped++
      if (state.terminated.exitCode === 0) count.succeeded++
    } else if (state?.waiting) {
      if (lastState?.terminated) count.stopped++
      else count.waiting++
    } else count.unknown++
  }
  if (count.failed > 0 && spec.restartPolicy === 'Never') return 'Failed'
  if (count.pending > 0 || (count.pendingSidecars > 0 && !hasBegun) || count.waiting > 0) return 'Pending'
  if (count.running > 0 && count.unknown === 0) return 'Running'
  if (count.running === 0 && count.stopped > 0 && count.unknown === 0) {
    const hasSucceeded = count.stopped === count.succeeded
    if (isTerminal) return hasSucceeded ? 'Succeeded' : 'Failed'
    if (spec.restartPolicy === 'Always' || spec.restartPolicy === undefined) return 'Running'
    if (hasSucceeded) return 'Succeeded'
    return spec.restartPolicy === 'Never' ? 'Failed' : 'Running'
  }
  return 'Pending'
}

/** What conditions are made from. */
export interface ConditionFacts {
  readonly spec: PodSpec
  readonly phase: Phase
  readonly initStatuses: readonly ContainerStatus[]
  readonly statuses: readonly ContainerStatus[]
  readonly hasSandbox: boolean
  /** Conditions that others have set, for readiness gates. */
  readonly given: readonly PodCondition[]
}

/** The conditions that the kubelet owns, in the order in which it writes them; times are added later. */
export function conditionsOf(facts: ConditionFacts): PodCondition[] {
  const containersReady = containersReadyOf(facts)
  return [
    { type: 'PodReadyToStartContainers', status: facts.hasSandbox ? 'True' : 'False' },
    initializedOf(facts),
    readyOf(facts, containersReady),
    { ...containersReady, type: 'ContainersReady' },
    { type: 'PodScheduled', status: 'True' },
  ]
}

/** The part of a status that says how far a container has come. */
type Progress = Pick<ContainerStatus, 'name' | 'ready' | 'started'>

/** Whether the containers that come first are done, so that the others may start. */
export function hasInitialized(spec: PodSpec, statuses: readonly Progress[]): boolean {
  return incompleteOf(spec, statuses).length === 0
}

function incompleteOf(spec: PodSpec, statuses: readonly Progress[]): string[] {
  const byName = new Map(statuses.map(status => [status.name, status]))
  return (spec.initContainers ?? [])
    .filter(container => {
      const status = byName.get(container.name)
      return isSidecar(container) ? !status?.started : !status?.ready
    })
    .map(container => container.name)
}

function initializedOf({ spec, phase, initStatuses, statuses }: ConditionFacts): PodCondition {
  if (phase === 'Succeeded') return { type: 'Initialized', status: 'True', reason: 'PodCompleted' }
  // Once a main container has run, the pod stays initialized.
  const hasBegun = statuses.some(
    status => status.state?.running || status.state?.terminated || status.lastState?.terminated,
  )
  const incomplete = hasBegun ? [] : incompleteOf(spec, initStatuses)
  if (incomplete.length === 0) return { type: 'Initialized', status: 'True' }
  return {
    type: 'Initialized',
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${incomplete.join(' ')}]`,
  }
}

function containersReadyOf({ spec, phase, initStatuses, statuses }: ConditionFacts): PodCondition {
  const type = 'ContainersReady'
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' }
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' }
  const ready = new Map([...initStatuses, ...statuses].map(status => [status.name, status.ready]))
  const wanted = [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers]
  const unready = wanted.map(container => container.name).filter(name => !ready.get(name))
  if (unready.length === 0) return { type, status: 'True' }
  return {
    type,
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  }
}

function readyOf({ spec, given }: ConditionFacts, containersReady: PodCondition): PodCondition {
  if (containersReady.status !== 'True') return { ...containersReady, type: 'Ready' }
  const gates = (spec.readinessGates ?? []).map(gate => gate.conditionType)
  const unmet = gates.flatMap(type => {
    const condition = given.find(each => each.type === type)
    if (!condition) return [`corresponding condition of pod readiness gate "${type}" does not exist.`]
    return condition.status === 'True'
      ? []
      : [`the status of pod readiness gate "${type}" is not "True", but ${condition.status}`]
  })
  if (unmet.length === 0) return { type: 'Ready', status: 'True' }
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: unmet.join(', ') }
}

/** Keeps the times of conditions that have not changed, and conditions that others have set. */
export function mergeConditions(
  wanted: readonly PodCondition[],
  before: PodStatus | undefined,
  timestamp: string,
  generation: number | undefined,
): PodCondition[] {
  const old = new Map((before?.conditions ?? []).map(condition => [condition.type, condition]))
  const own = wanted.map(condition => {
    const known = old.get(condition.type)
    const since = known?.status === condition.status ? known.lastTransitionTime : undefined
    return {
      type: condition.type,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: condition.status,
      lastProbeTime: null as unknown as string,
      lastTransitionTime: since ?? timestamp,
      ...(condition.reason === undefined ? {} : { reason: condition.reason }),
      ...(condition.message === undefined ? {} : { message: condition.message }),
    }
  })
  const names = new Set(own.map(condition => condition.type))
  return [...own, ...[...old.values()].filter(condition => !names.has(condition.type))]
}
