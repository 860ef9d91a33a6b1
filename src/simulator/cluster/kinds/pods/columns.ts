import type { ContainerStatus } from 'kubernetes-types/core/v1'
import { ageColumn, ageSince, nameColumn } from '../columns.ts'
import type { Column } from '../kind.ts'
import type { Pod } from '../pod.ts'

/** What `kubectl get pods` shows (printPod of kubernetes/pkg/printers/internalversion). */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  { name: 'Ready', value: pod => summarize(pod).ready },
  { name: 'Status', value: pod => summarize(pod).reason },
  { name: 'Restarts', value: (pod, now) => restartsOf(pod, now) },
  ageColumn,
  { name: 'IP', wide: true, value: ({ status }) => status.podIPs?.[0]?.ip || status.podIP || '<none>' },
  { name: 'Node', wide: true, value: ({ spec }) => spec.nodeName || '<none>' },
  { name: 'Nominated Node', wide: true, value: ({ status }) => status.nominatedNodeName || '<none>' },
  { name: 'Readiness Gates', wide: true, value: gatesOf },
]

/** The pod in a few words, as its table row tells it. */
export interface PodSummary {
  /** `1/2`. */
  readonly ready: string
  readonly reason: string
  readonly restarts: number
  /** When a container last ended and was started again. */
  readonly lastRestart: string | undefined
}

export function summarize({ metadata, spec, status }: Pod): PodSummary {
  const sidecars = new Set(spec.initContainers?.filter(isSidecar).map(({ name }) => name))
  const total = spec.containers.length + sidecars.size
  const init = summarizeInit(status.initContainerStatuses ?? [], spec.initContainers?.length ?? 0, sidecars)
  let ready = init.ready
  let { restarts, lastRestart } = init
  let reason = init.reason ?? gatedReason(status) ?? (status.reason || (status.phase ?? ''))
  const isInitialized = status.conditions?.some(({ type, status: value }) => type === 'Initialized' && value === 'True')
  if (init.reason === undefined || isInitialized) {
    restarts = init.sidecarRestarts
    lastRestart = init.lastSidecarRestart
    let hasRunning = false
    for (const container of [...(status.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount ?? 0
      lastRestart = later(lastRestart, container)
      const { waiting, terminated, running } = container.state ?? {}
      if (waiting?.reason) reason = waiting.reason
      else if (terminated) reason = endOf(terminated)
      else if (container.ready && running) {
        hasRunning = true
        ready++
      }
    }
    if (reason === 'Completed' && hasRunning) {
      const isReady = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True')
      reason = isReady ? 'Running' : 'NotReady'
    }
  }
  if (metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') reason = 'Unknown'
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') reason = 'Terminating'
  }
  return { ready: `${ready}/${total}`, reason, restarts, lastRestart }
}

interface InitSummary {
  /** Undefined once all of them have done their part. */
  reason: string | undefined
  ready: number
  restarts: number
  lastRestart: string | undefined
  sidecarRestarts: number
  lastSidecarRestart: string | undefined
}

function summarizeInit(
  statuses: readonly ContainerStatus[],
  count: number,
  sidecars: ReadonlySet<string>,
): InitSummary {
  const summary: InitSummary = {
    reason: undefined,
    ready: 0,
    restarts: 0,
    lastRestart: undefined,
    sidecarRestarts: 0,
    lastSidecarRestart: undefined,
  }
  for (const [index, container] of statuses.entries()) {
    summary.restarts += container.restartCount ?? 0
    summary.lastRestart = later(summary.lastRestart, container)
    if (sidecars.has(container.name)) {
      summary.sidecarRestarts += container.restartCount ?? 0
      summary.lastSidecarRestart = later(summary.lastSidecarRestart, container)
    }
    const { terminated, waiting } = container.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (sidecars.has(container.name) && container.started) {
      if (container.ready) summary.ready++
      continue
    }
    if (terminated) summary.reason = `Init:${endOf(terminated)}`
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') summary.reason = `Init:${waiting.reason}`
    else summary.reason = `Init:${index}/${count}`
    break
  }
  return summary
}

function gatedReason({ conditions }: Pod['status']): string | undefined {
  const isGated = conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')
  return isGated ? 'SchedulingGated' : undefined
}

function endOf({ reason, signal, exitCode }: { reason?: string; signal?: number; exitCode: number }): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}

function later(time: string | undefined, { lastState }: ContainerStatus): string | undefined {
  const end = lastState?.terminated?.finishedAt
  return end && (time === undefined || end > time) ? end : time
}

function isSidecar(container: { restartPolicy?: string }): boolean {
  return container.restartPolicy === 'Always'
}

function restartsOf(pod: Pod, now: number): string {
  const { restarts, lastRestart } = summarize(pod)
  return restarts > 0 && lastRestart ? `${restarts} (${ageSince(lastRestart, now)} ago)` : String(restarts)
}

function gatesOf({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const open = gates.filter(({ conditionType }) =>
    status.conditions?.some(({ type, status: value }) => type === conditionType && value === 'True'),
  )
  return `${open.length}/${gates.length}`
}
