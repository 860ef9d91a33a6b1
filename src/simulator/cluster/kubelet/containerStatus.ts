import type {
  Container as ContainerSpec,
  ContainerState,
  ContainerStateTerminated,
  ContainerStatus,
} from 'kubernetes-types/core/v1'
import type { Container } from './container.ts'
import type { WaitingReason } from './imagePuller.ts'

/** What a container's status is made from. */
export interface StatusFacts {
  /** The newest container of that name. */
  readonly container: Container | undefined
  /** What it waits for when there is none yet. */
  readonly initialReason: 'ContainerCreating' | 'PodInitializing'
  /** Why it could not be started the last time. */
  readonly waiting: WaitingReason | undefined
  /** Whether it is to be started again. */
  readonly isWanted: boolean
  readonly isStarted: boolean
  readonly isReady: boolean
  timestamp(at: number): string
}

/** The status of one container as the pod object shows it (kubelet_pods.go, convertToAPIContainerStatuses). */
export function containerStatusOf(spec: ContainerSpec, facts: StatusFacts): ContainerStatus {
  const { container, waiting } = facts
  let state: ContainerState = { waiting: { reason: facts.initialReason } }
  let lastState: ContainerState = {}
  if (container) {
    state = stateOf(container, facts)
    const { previous } = container.settings
    if (previous) lastState = { terminated: previous }
  }
  if (waiting && facts.isWanted) {
    if (state.terminated) lastState = state
    state = { waiting: { ...(waiting.message ? { message: waiting.message } : {}), reason: waiting.reason } }
  }
  return {
    name: spec.name,
    state,
    lastState,
    ready: facts.isReady,
    restartCount: container?.settings.attempt ?? 0,
    image: container ? container.settings.image.name : (spec.image ?? ''),
    imageID: container ? `${container.settings.image.repository}@${container.settings.image.digest}` : '',
    ...(container ? { containerID: `containerd://${container.id}` } : {}),
    started: facts.isStarted,
    ...(container && spec.resources?.requests ? { allocatedResources: spec.resources.requests } : {}),
    ...(container ? { resources: spec.resources ?? {} } : {}),
    ...(spec.volumeMounts
      ? {
          volumeMounts: spec.volumeMounts.map(({ name, mountPath, readOnly }) => ({
            name,
            mountPath,
            ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
          })),
        }
      : {}),
  }
}

/** How a container ended. */
export function terminatedStateOf(container: Container, timestamp: (at: number) => string): ContainerStateTerminated {
  const { exitCode, reason, message, startedAt, finishedAt, id } = container
  return {
    exitCode,
    reason,
    ...(message ? { message } : {}),
    // What never started has the beginning of time as its start.
    startedAt: reason === 'StartError' ? '1970-01-01T00:00:00Z' : timestamp(startedAt),
    finishedAt: timestamp(finishedAt),
    containerID: `containerd://${id}`,
  }
}

function stateOf(container: Container, { initialReason, timestamp }: StatusFacts): ContainerState {
  if (container.state === 'running') return { running: { startedAt: timestamp(container.startedAt) } }
  if (container.state === 'exited') return { terminated: terminatedStateOf(container, timestamp) }
  return { waiting: { reason: initialReason } }
}
