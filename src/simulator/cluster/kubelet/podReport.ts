import type { ContainerStatus, PodStatus } from 'kubernetes-types/core/v1'
import { containerStatusOf } from './containerStatus.ts'
import { resourcesOf } from './podResources.ts'
import type { PodState, Wanted } from './podState.ts'
import { conditionsOf, isSidecar, mergeConditions, phaseOf } from './podStatus.ts'

/** How a pod is, as its object is to show it (kubelet_pods.go, generateAPIPodStatus). */
export function reportOf(state: PodState): PodStatus {
  const { pod, work, ending, podIP, startedAt } = state
  const { spec, status: before, metadata } = pod
  const initStatuses = state.initContainers.map(each => initStatusOf(state, each))
  const statuses = spec.containers.map(each => mainStatusOf(state, each))
  const ephemeral = state.ephemeralContainers.map(each =>
    statusOf(state, each, { isReady: false, isStarted: false, isWanted: !state.newest(each.name) }),
  )
  const phase = nextPhase(state, [...initStatuses, ...statuses])
  const conditions = conditionsOf({
    spec,
    phase,
    initStatuses,
    statuses,
    hasSandbox: state.sandbox !== undefined,
    given: before?.conditions ?? [],
  })
  // Static pods have no generation that anybody counts.
  const generation = state.isStatic ? undefined : metadata.generation
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    conditions: mergeConditions(conditions, before, work.timestamp(), generation),
    ...(ending?.message === undefined ? {} : { message: ending.message }),
    ...(ending?.reason === undefined ? {} : { reason: ending.reason }),
    hostIP: work.hostIP,
    hostIPs: [{ ip: work.hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    ...(startedAt === undefined ? {} : { startTime: startedAt }),
    ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}),
    containerStatuses: statuses,
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
    ...(before?.qosClass === undefined ? {} : { qosClass: before.qosClass }),
    ...resourcesOf(spec),
  }
}

function nextPhase(state: PodState, statuses: readonly ContainerStatus[]) {
  const before = state.pod.status?.phase
  if (state.ending?.reason !== undefined) return 'Failed'
  if (before === 'Succeeded' || before === 'Failed') return before
  return phaseOf(state.pod.spec, statuses, state.isTerminated, state.hasBegun)
}

function mainStatusOf(state: PodState, spec: Wanted): ContainerStatus {
  const container = state.newest(spec.name)
  return statusOf(state, spec, {
    isReady: container !== undefined && state.isReady(container),
    isStarted: container !== undefined && state.hasStarted(container),
    isWanted: container?.state !== 'exited' || state.isRestarted(container.exitCode),
  })
}

function initStatusOf(state: PodState, spec: Wanted): ContainerStatus {
  const container = state.newest(spec.name)
  const hasSucceeded = container?.state === 'exited' && container.exitCode === 0
  if (isSidecar(spec))
    return statusOf(state, spec, {
      isReady: container !== undefined && state.isReady(container),
      isStarted: container !== undefined && state.hasStarted(container),
      isWanted: true,
    })
  return statusOf(state, spec, {
    isReady: hasSucceeded,
    isStarted: container?.isRunning ?? false,
    isWanted: !hasSucceeded && state.pod.spec.restartPolicy !== 'Never',
  })
}

function statusOf(
  state: PodState,
  spec: Wanted,
  facts: { readonly isReady: boolean; readonly isStarted: boolean; readonly isWanted: boolean },
): ContainerStatus {
  const container = state.newest(spec.name)
  return containerStatusOf(spec, {
    ...facts,
    container,
    initialReason: state.pod.spec.initContainers ? 'PodInitializing' : 'ContainerCreating',
    waiting: state.waiting.get(spec.name),
    timestamp: at => state.work.timestamp(at),
    isWanted: facts.isWanted && !state.ending && !container?.isRunning,
  })
}

/** Whether two statuses agree about what the kubelet alone decides. */
export function isSameVerdict(one: PodStatus, other: PodStatus): boolean {
  return verdictOf(one) === verdictOf(other)
}

function verdictOf({ phase, conditions = [] }: PodStatus): string {
  const own = ['Ready', 'ContainersReady', 'Initialized']
  return [phase, ...own.map(type => conditions.find(each => each.type === type)?.status)].join()
}
