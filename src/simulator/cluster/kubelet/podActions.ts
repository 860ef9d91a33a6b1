import { isEqual } from '../api/equality.ts'
import type { Container } from './container.ts'
import { type PodState, specificationOf, type Wanted } from './podState.ts'
import { isSidecar } from './podStatus.ts'

/** A running container that must be started anew. */
export interface Restart {
  readonly container: Container
  /** What the event says. */
  readonly message: string
  /** Seconds to end by itself. */
  readonly grace: number
}

/** Running containers that must be started anew, and why. */
export function restartsOf(state: PodState): Restart[] {
  const found: Restart[] = []
  const { containers, restartPolicy } = state.pod.spec
  for (const spec of [...state.sidecars, ...containers]) {
    const container = state.newest(spec.name)
    if (!container?.isRunning) continue
    if (container.settings.specification !== specificationOf(spec)) {
      const message = `Container ${spec.name} definition changed, will be restarted`
      found.push({ container, message, grace: state.grace })
      continue
    }
    if (!isEqual(container.resources, spec.resources ?? {})) {
      if (mustRestart(container, spec)) {
        found.push({ container, message: `Container ${spec.name} resize requires restart`, grace: state.grace })
        continue
      }
      container.allocate(spec.resources ?? {})
    }
    const condemned = state.prober?.condemned(container)
    if (!condemned) continue
    const probe = condemned === 'liveness' ? spec.livenessProbe : spec.startupProbe
    const isRestarted = restartPolicy !== 'Never' || isSidecar(spec)
    const message = `Container ${spec.name} failed ${condemned} probe${isRestarted ? ', will be restarted' : ''}`
    found.push({ container, message, grace: probe?.terminationGracePeriodSeconds ?? state.grace })
  }
  return found
}

/** Whether a resource has changed of which the container learns only when it starts. */
function mustRestart(container: Container, { resources, resizePolicy }: Wanted): boolean {
  return (resizePolicy ?? []).some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' &&
      (['requests', 'limits'] as const).some(
        side => container.resources[side]?.[resourceName] !== resources?.[side]?.[resourceName],
      ),
  )
}

/** Init containers and sidecars whose turn it is. */
export function firstStepsOf(state: PodState): Wanted[] {
  const wanted: Wanted[] = []
  const { hasBegun } = state
  for (const spec of state.initContainers) {
    const container = state.newest(spec.name)
    if (isSidecar(spec)) {
      if (!container || container.state === 'exited') wanted.push(spec)
      if (!hasBegun && !(container && state.hasStarted(container))) return wanted
    } else if (!hasBegun) {
      if (container?.state === 'exited' && container.exitCode === 0) continue
      const isAllowed = !container || (container.state === 'exited' && state.pod.spec.restartPolicy !== 'Never')
      if (isAllowed) wanted.push(spec)
      return wanted
    }
  }
  return wanted
}

/** Whether a pod without a sandbox needs one: one whose work is done does not. */
export function needsSandbox(state: PodState): boolean {
  if (state.held.containers.length === 0) return true
  return state.pod.spec.containers.some(spec => state.isMissing(spec) || state.newest(spec.name)?.isRunning)
}
