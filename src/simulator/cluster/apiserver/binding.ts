import { ApiError } from '../api/error.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import type { Store, Writer } from './store.ts'

/** Assigns a pod to a node, once. */
export function bindPod(store: Store, namespace: string, name: string, nodeName: string, writer: Writer): void {
  const time = store.timestamp
  store.update(
    pod,
    namespace,
    name,
    current => {
      const found = current as Pod
      if (found.metadata.deletionTimestamp)
        throw ApiError.conflict(pod, name, `pod ${name} is being deleted, cannot be assigned to a host`)
      if (found.spec.nodeName)
        throw ApiError.conflict(pod, name, `pod ${name} is already assigned to node "${found.spec.nodeName}"`)
      const others = (found.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
      const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null as never, lastTransitionTime: time }
      return {
        ...found,
        spec: { ...found.spec, nodeName },
        status: { ...found.status, conditions: [...others, scheduled] },
      }
    },
    writer,
    'binding',
  )
}
