import type { ContainerPort, PodSpec, Taint } from 'kubernetes-types/core/v1'
import { choosesNode } from '../api/nodeSelector.ts'
import { parseQuantity } from '../api/quantity.ts'
import { tolerates } from '../api/toleration.ts'
import type { Node } from '../kinds/node.ts'
import type { Pod } from '../kinds/pod.ts'

/** Why a kubelet does not run a pod that was given to it: the status says so, and the pod has failed. */
export interface Rejection {
  readonly reason: string
  readonly message: string
}

/**
 * Holds a pod against its node once more before it runs: whoever names the node himself goes past the scheduler
 * (kubernetes/pkg/kubelet/lifecycle/predicate.go).
 */
export function rejectionOf(pod: Pod, node: Node | undefined, others: readonly Pod[]): Rejection | undefined {
  if (!node) return undefined
  const running = others.filter(other => other.metadata.uid !== pod.metadata.uid && !hasEnded(other))
  return (
    unsafeSetting(pod) ??
    lackOfResources(pod, node, running) ??
    (choosesNode(pod.spec, node)
      ? undefined
      : failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")) ??
    (isPortTaken(pod, running)
      ? failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
      : undefined) ??
    (repellingTaint(pod, node) ? failed('TaintToleration', 'node(s) had untolerated taint(s)') : undefined)
  )
}

// What cannot harm other pods of the node: kubernetes/pkg/kubelet/sysctl/safe_sysctls.go.
const safeSettings = new Set(
  `kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range
  net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time
  net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem
  net.ipv4.tcp_wmem`.split(/\s+/),
)

function unsafeSetting({ spec }: Pod): Rejection | undefined {
  const unsafe = spec.securityContext?.sysctls?.find(({ name }) => !safeSettings.has(name.replaceAll('/', '.')))
  if (!unsafe) return undefined
  const message = `Pod was rejected: forbidden sysctl: "${unsafe.name}" not allowlisted`
  return { reason: 'SysctlForbidden', message }
}

function failed(predicate: string, why: string): Rejection {
  return { reason: predicate, message: `Pod was rejected: Predicate ${predicate} failed: ${why}` }
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

function lackOfResources(pod: Pod, node: Node, running: readonly Pod[]): Rejection | undefined {
  const allocatable = node.status?.allocatable ?? {}
  const most = Number(allocatable['pods'] ?? 110)
  if (running.length + 1 > most) return outOf('pods', 1, running.length, most)
  for (const [name, requested] of requestsOf(pod.spec)) {
    if (requested === 0) continue
    const capacity = amountOf(name, String(allocatable[name] ?? '0'))
    const used = running.reduce((sum, { spec }) => sum + (requestsOf(spec).get(name) ?? 0), 0)
    if (used + requested > capacity) return outOf(name, requested, used, capacity)
  }
  return undefined
}

function outOf(name: string, requested: number, used: number, capacity: number): Rejection {
  const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`
  return { reason: `OutOf${name}`, message: `Pod was rejected: Node didn't have enough resource: ${name}, ${amounts}` }
}

function requestsOf({ containers, initContainers = [], overhead }: PodSpec): Map<string, number> {
  const total = new Map<string, number>()
  const read = (amounts: Readonly<Record<string, unknown>> | undefined) =>
    Object.entries(amounts ?? {}).map(([name, amount]) => [name, amountOf(name, String(amount))] as const)
  for (const { resources } of containers)
    for (const [name, amount] of read(resources?.requests)) total.set(name, (total.get(name) ?? 0) + amount)
  for (const { resources } of initContainers)
    for (const [name, amount] of read(resources?.requests)) total.set(name, Math.max(total.get(name) ?? 0, amount))
  for (const [name, amount] of read(overhead)) total.set(name, (total.get(name) ?? 0) + amount)
  return total
}

/** Processor time in thousandths, everything else as counted. */
function amountOf(name: string, amount: string): number {
  return Math.ceil(parseQuantity(amount) * (name === 'cpu' ? 1000 : 1))
}

function isPortTaken(pod: Pod, running: readonly Pod[]): boolean {
  const wanted = hostPorts(pod)
  return (
    wanted.length > 0 && running.some(other => hostPorts(other).some(taken => wanted.some(one => clashes(one, taken))))
  )
}

function hostPorts({ spec }: Pod): ContainerPort[] {
  return spec.containers.flatMap(({ ports }) => (ports ?? []).filter(({ hostPort }) => hostPort))
}

function clashes(one: ContainerPort, other: ContainerPort): boolean {
  const isAny = (address: string | undefined) => !address || address === '0.0.0.0'
  const isSamePort = one.hostPort === other.hostPort && (one.protocol ?? 'TCP') === (other.protocol ?? 'TCP')
  return isSamePort && (isAny(one.hostIP) || isAny(other.hostIP) || one.hostIP === other.hostIP)
}

function repellingTaint({ spec }: Pod, node: Node): Taint | undefined {
  return node.spec?.taints?.find(taint => taint.effect === 'NoExecute' && !tolerates(spec.tolerations, taint))
}
