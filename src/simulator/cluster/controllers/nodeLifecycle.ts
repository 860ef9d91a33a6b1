import type { NodeCondition, Taint } from 'kubernetes-types/core/v1'
import { isEqual } from '../api/equality.ts'
import type { Change } from '../client.ts'
import { lease } from '../kinds/lease.ts'
import { type Node, node } from '../kinds/node.ts'
import { pod } from '../kinds/pod.ts'
import { type Control, defineController, watch } from './controller.ts'

// kube-controller-manager --node-monitor-period and --node-monitor-grace-period
const monitorPeriod = 5000
const grace = 50_000

/** What a node was last heard to say, and when. */
interface Sign {
  readonly renewTime: string | undefined
  readonly heardAt: number
}

/** Notices nodes that have fallen silent, and turns what nodes say of themselves into taints. */
export const nodeLifecycleController = defineController<Map<string, Sign>>({
  name: 'node-controller',
  watches: [watch(node, nodesThatMatter)],
  memory: () => new Map(),
  reconcile(key, control, signs) {
    const found = control.client.get(node, key)
    if (!found) {
      if (signs.delete(key)) {
        const about = { kind: 'Node', apiVersion: 'v1', name: key }
        control.record(about, 'Normal', 'RemovingNode', `Node ${key} event: Removing Node ${key} from Controller`)
      }
      return
    }
    if (!signs.has(key))
      control.record(found, 'Normal', 'RegisteredNode', `Node ${key} event: Registered Node ${key} in Controller`)
    const current = monitor(found, signs, control)
    taint(current, control)
    control.enqueue(key, monitorPeriod)
  },
})

/** Heartbeats alone change nothing here. */
function nodesThatMatter({ object, previous }: Change<Node>): string[] {
  const isSame =
    previous &&
    isEqual(previous.spec, object.spec) &&
    isEqual(statesOf(previous), statesOf(object)) &&
    isEqual(previous.metadata.labels, object.metadata.labels)
  return isSame ? [] : [object.metadata.name]
}

function statesOf({ status }: Node): readonly string[] {
  return (status?.conditions ?? []).map(({ type, status: state }) => `${type}=${state}`)
}

/** A node whose lease is not renewed in time is no longer known to be ready. */
function monitor(found: Node, signs: Map<string, Sign>, control: Control): Node {
  const { name } = found.metadata
  const ready = found.status?.conditions?.find(({ type }) => type === 'Ready')
  const renewTime = control.client.get(lease, name, 'kube-node-lease')?.spec?.renewTime ?? ready?.lastHeartbeatTime
  const before = signs.get(name)
  if (!before || before.renewTime !== renewTime) signs.set(name, { renewTime, heardAt: control.now })
  const isSilent = before !== undefined && before.renewTime === renewTime && control.now - before.heardAt > grace
  const current = isSilent ? declareUnknown(found, control) : found
  const isReady = current.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  if (!isReady && ready) markPodsNotReady(current, control)
  return current
}

function declareUnknown(found: Node, control: Control): Node {
  const conditions = [...(found.status?.conditions ?? [])]
  let isChanged = false
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
    const i = conditions.findIndex(condition => condition.type === type)
    const before = conditions[i]
    if (before?.status === 'Unknown') continue
    isChanged = true
    const unknown: NodeCondition = before
      ? {
          ...before,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: control.timestamp,
        }
      : {
          type,
          status: 'Unknown',
          reason: 'NodeStatusNeverUpdated',
          message: 'Kubelet never posted node status.',
          lastHeartbeatTime: found.metadata.creationTimestamp,
          lastTransitionTime: control.timestamp,
        }
    if (before) conditions[i] = unknown
    else conditions.push(unknown)
  }
  if (!isChanged) return found
  const wasReady = found.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  if (wasReady) {
    const { name } = found.metadata
    control.record(found, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
  }
  return control.client.updateStatus(node, { ...found, status: { ...found.status, conditions } })
}

/** Nobody is there to say that the pods have stopped serving, so it is said for them. */
function markPodsNotReady({ metadata }: Node, { client, record, timestamp }: Control): void {
  for (const found of client.onNode(pod, metadata.name)) {
    const conditions = found.status?.conditions ?? []
    if (!conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) continue
    const changed = conditions.map(condition =>
      condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime: timestamp } : condition,
    )
    client.updateStatus(pod, { ...found, status: { ...found.status, conditions: changed } })
    record(found, 'Warning', 'NodeNotReady', 'Node is not ready')
  }
}

const conditionTaints: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', 'node.kubernetes.io/not-ready'],
  ['Ready', 'Unknown', 'node.kubernetes.io/unreachable'],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
]
const unschedulable = 'node.kubernetes.io/unschedulable'
const ownKeys = new Set([...conditionTaints.map(([, , key]) => key), unschedulable])

/** New pods stay away from a node in trouble, and pods there that do not tolerate a silent node must leave. */
function taint(found: Node, { client, timestamp }: Control): void {
  const conditions = found.status?.conditions ?? []
  const troubles = conditionTaints
    .filter(([type, status]) => conditions.some(condition => condition.type === type && condition.status === status))
    .map(([, , key]) => key)
  const wanted = [
    ...[...troubles, ...(found.spec?.unschedulable ? [unschedulable] : [])].map(key => ({ key, effect: 'NoSchedule' })),
    ...troubles
      .filter(key => key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable')
      .map(key => ({ key, effect: 'NoExecute' })),
  ]
  const before = found.spec?.taints ?? []
  const isWanted = ({ key, effect }: Taint) => wanted.some(other => other.key === key && other.effect === effect)
  const kept = before.filter(one => !ownKeys.has(one.key) || isWanted(one))
  const added = wanted
    .filter(({ key, effect }) => !before.some(one => one.key === key && one.effect === effect))
    .map(one => ({ ...one, timeAdded: timestamp }))
  if (kept.length === before.length && added.length === 0) return
  const taints = [...kept, ...added]
  client.patch(node, found.metadata.name, undefined, { spec: { taints: taints.length > 0 ? taints : null } })
}
