import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import { controllerOf } from '../api/object.ts'
import { matchesSelector } from '../api/selector.ts'
import type { Change, Client } from '../client.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type ReplicationController, replicationController } from '../kinds/replicationController.ts'
import { type Control, defineController, type Key, keyOf, lookUp, ownerKeys, watch } from './controller.ts'
import { claim } from './pods/claim.ts'
import { podFromTemplate } from './pods/create.ts'
import { sortForScaleDown } from './pods/scaleDown.ts'
import { isActive, isAvailable, isReady } from './pods/state.ts'

/** Keeps `spec.replicas` pods alive for every ReplicationController, the elder of the ReplicaSet. */
export const replicationControllerController = defineController({
  name: 'replication-controller',
  watches: [watch(replicationController), watch(pod, controllersOfPod)],
  reconcile(key, control) {
    const found = lookUp(control.client, replicationController, key)
    if (!found) return
    const active = claim(control, pod, found, selectorOf(found)).filter(isActive)
    const failure = found.metadata.deletionTimestamp ? undefined : matchReplicas(found, active, control)
    updateStatus(found, active, failure, control)
    if (failure) throw failure
  },
})

/** The condition that says why pods are missing. */
function failureOf({ status }: ReplicationController, { message }: ApiError, timestamp: string) {
  const type = 'ReplicaFailure'
  const before = status?.conditions?.find(condition => condition.type === type)
  return before ?? { type, status: 'True', lastTransitionTime: timestamp, reason: 'FailedCreate', message }
}

function selectorOf({ spec }: ReplicationController) {
  return { matchLabels: spec.selector ?? spec.template?.metadata?.labels ?? {} }
}

function controllersOfPod(change: Change<Pod>, client: Client): Key[] {
  const owners = ownerKeys(change, 'ReplicationController')
  const { metadata } = change.object
  if (change.type === 'DELETED' || controllerOf(change.object)) return owners
  const adopters = client
    .list(replicationController, { namespace: metadata.namespace! })
    .filter(candidate => matchesSelector(selectorOf(candidate), metadata.labels))
  return [...owners, ...adopters.map(keyOf)]
}

function matchReplicas(found: ReplicationController, active: readonly Pod[], control: Control): ApiError | undefined {
  const { client, record } = control
  const missing = (found.spec.replicas ?? 1) - active.length
  try {
    for (let i = 0; i < missing; i++) {
      const created = client.create(pod, podFromTemplate(found.spec.template!, found))
      record(found, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`)
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    record(found, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)
    return error
  }
  const perNode = new Map<string, number>()
  for (const { spec } of active) perNode.set(spec.nodeName ?? '', (perNode.get(spec.nodeName ?? '') ?? 0) + 1)
  const order = sortForScaleDown(active, ({ spec }) => perNode.get(spec.nodeName ?? '') ?? 0, control.now)
  for (const { metadata } of order.slice(0, Math.max(0, -missing))) {
    client.delete(pod, metadata.name, metadata.namespace)
    record(found, 'Normal', 'SuccessfulDelete', `Deleted pod: ${metadata.name}`)
  }
  return undefined
}

function updateStatus(
  found: ReplicationController,
  active: readonly Pod[],
  failure: ApiError | undefined,
  { client, now, timestamp }: Control,
): void {
  const ready = active.filter(isReady)
  const available = ready.filter(member => isAvailable(member, found.spec.minReadySeconds ?? 0, now)).length
  const template = { matchLabels: found.spec.template?.metadata?.labels ?? {} }
  const labelled = active.filter(({ metadata }) => matchesSelector(template, metadata.labels)).length
  const status: ReplicationController['status'] = {
    replicas: active.length,
    ...(labelled > 0 && { fullyLabeledReplicas: labelled }),
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    ...(available > 0 && { availableReplicas: available }),
    observedGeneration: found.metadata.generation ?? 0,
    ...(failure && { conditions: [failureOf(found, failure, timestamp)] }),
  }
  if (!isEqual(status, found.status)) client.updateStatus(replicationController, { ...found, status })
}
