import type { Change, Client } from '../client.ts'
import { type Node, node } from '../kinds/node.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { defineController, watch } from './controller.ts'

// A node that is gone may come back: its pods are kept for 40 s, looked at every 20 s.
const quarantine = 40_000

/** Removes pods of nodes that no longer exist: nobody else could say that they have ended. */
export const podGarbageCollector = defineController<Map<string, number>>({
  name: 'pod-garbage-collector',
  watches: [watch(node, nodeThatIsGone), watch(pod, nodeOfOrphan)],
  memory: () => new Map(),
  reconcile(key, control, since) {
    if (control.client.get(node, key)) {
      since.delete(key)
      return
    }
    const began = since.get(key) ?? control.now
    since.set(key, began)
    if (control.now - began < quarantine) {
      control.enqueue(key, began + quarantine - control.now)
      return
    }
    for (const { metadata } of control.client.onNode(pod, key))
      control.client.delete(pod, metadata.name, metadata.namespace, { gracePeriodSeconds: 0 })
  },
})

function nodeThatIsGone({ type, object }: Change<Node>): string[] {
  return type === 'DELETED' ? [object.metadata.name] : []
}

function nodeOfOrphan({ type, object, previous }: Change<Pod>, client: Client): string[] {
  const { nodeName } = object.spec
  if (type === 'DELETED' || !nodeName || previous?.spec.nodeName === nodeName) return []
  return client.get(node, nodeName) ? [] : [nodeName]
}
