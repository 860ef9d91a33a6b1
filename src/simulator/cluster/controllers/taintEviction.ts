import type { Taint } from 'kubernetes-types/core/v1'
import { isEqual } from '../api/equality.ts'
import { covers } from '../api/toleration.ts'
import type { Change, Client } from '../client.ts'
import { type Node, node } from '../kinds/node.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type Control, defineController, type Key, keyOf, lookUp, watch } from './controller.ts'

/** Deletes pods from nodes with a NoExecute taint: at once, or when the time that they tolerate it is over. */
export const taintEvictionController = defineController<Map<Key, number>>({
  name: 'taint-eviction-controller',
  watches: [watch(pod, podsOnNodes), watch(node, podsOfTaintedNode)],
  memory: () => new Map(),
  reconcile(key, control, since) {
    const found = lookUp(control.client, pod, key)
    const on = found?.spec.nodeName ? control.client.get(node, found.spec.nodeName) : undefined
    const taints = (on?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute')
    if (!found || found.metadata.deletionTimestamp || taints.length === 0) {
      if (since.delete(key) && found && !found.metadata.deletionTimestamp)
        control.record(found, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`)
      return
    }
    const patience = patienceWith(found, taints)
    if (patience === Number.POSITIVE_INFINITY) return
    const began = since.get(key) ?? control.now
    const left = began + patience - control.now
    if (left <= 0) evict(found, control)
    else {
      since.set(key, began)
      control.enqueue(key, left)
    }
  },
})

function podsOnNodes({ object, previous }: Change<Pod>): Key[] {
  const isNew = object.spec.nodeName && !previous?.spec.nodeName
  return isNew || !isEqual(previous?.spec.tolerations, object.spec.tolerations) ? [keyOf(object)] : []
}

function podsOfTaintedNode({ object, previous }: Change<Node>, client: Client): Key[] {
  if (isEqual(previous?.spec?.taints, object.spec?.taints)) return []
  return client.onNode(pod, object.metadata.name).map(keyOf)
}

/** For how long the pod puts up with all of the taints, in milliseconds: without a toleration not at all. */
function patienceWith(found: Pod, taints: readonly Taint[]): number {
  let patience = Number.POSITIVE_INFINITY
  for (const taint of taints) {
    const fitting = (found.spec.tolerations ?? []).filter(toleration => covers(toleration, taint))
    if (fitting.length === 0) return 0
    for (const { tolerationSeconds } of fitting)
      if (tolerationSeconds !== undefined) patience = Math.min(patience, Math.max(0, tolerationSeconds * 1000))
  }
  return patience
}

function evict(found: Pod, { client, record, timestamp }: Control): void {
  record(found, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${keyOf(found)}`)
  const target = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null as never,
    lastTransitionTime: timestamp,
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  }
  const conditions = [...(found.status?.conditions ?? []).filter(({ type }) => type !== target.type), target]
  client.updateStatus(pod, { ...found, status: { ...found.status, conditions } })
  client.delete(pod, found.metadata.name, found.metadata.namespace)
}
