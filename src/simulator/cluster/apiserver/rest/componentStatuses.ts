import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { ApiResponse } from '../../client.ts'
import { type ComponentStatus, componentStatus } from '../../kinds/componentStatus.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import type { Store } from '../store.ts'
import { json } from './answers.ts'
import { Presentation } from './presentation.ts'
import type { Route } from './route.ts'
import type { Asked } from './server.ts'

/** Parts of the control plane, with the label of their pods and where they say how they are. */
const components = [
  { name: 'controller-manager', label: 'kube-controller-manager', address: '127.0.0.1:10257' },
  { name: 'scheduler', label: 'kube-scheduler', address: '127.0.0.1:10259' },
  { name: 'etcd-0', label: 'etcd', address: '127.0.0.1:2379' },
] as const

/** Answers how the control plane is; nobody stores this: it is found out when someone asks. */
export function answerComponentStatus(store: Store, asked: Asked, route: Route): ApiResponse {
  const all = components.map(component => statusOf(store, component))
  const presentation = new Presentation(store, route, asked)
  if (route.name === undefined) return json(200, presentation.list(all, {}))
  const found = all.find(({ metadata }) => metadata.name === route.name)
  if (!found) throw ApiError.notFound(componentStatus, route.name)
  return json(200, presentation.one(found))
}

// Simplified: a component counts as well when its pod is ready; the real server asks the component itself.
function statusOf(store: Store, { name, label, address }: (typeof components)[number]): ComponentStatus {
  const pods = store.storage.collection(pod).withLabel('kube-system', 'component', label)
  const isWell = [...pods].some(({ object }) => isReady(object as Pod))
  const error = `Get "https://${address}/healthz": dial tcp ${address}: connect: connection refused`
  return {
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name } as KubernetesObject['metadata'],
    conditions: [
      isWell
        ? { type: 'Healthy', status: 'True', message: 'ok' }
        : { type: 'Healthy', status: 'False', message: error },
    ],
  }
}

function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false
}
