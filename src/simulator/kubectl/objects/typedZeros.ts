import { copyOf } from '../../cluster/api/copy.ts'
import { type AnyObject, valueAt } from '../server/object.ts'
import { podSpecOf, podTemplateOf } from './podTemplate.ts'

type Fields = Record<string, unknown>

/** What Go's types print of a kind even when it is empty. */
const always: Readonly<Record<string, Fields>> = {
  CronJob: { spec: { jobTemplate: { metadata: {} } }, status: {} },
  DaemonSet: {
    spec: { updateStrategy: {} },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  },
  Deployment: { spec: { strategy: {} }, status: {} },
  Job: { status: {} },
  Pod: { status: {} },
  ReplicaSet: { status: { replicas: 0 } },
  ReplicationController: { status: { replicas: 0 } },
  Service: { status: { loadBalancer: {} } },
  StatefulSet: { spec: { updateStrategy: {} }, status: { availableReplicas: 0, replicas: 0 } },
}

/** An object from a file as it looks once Go's types have held it: what they never leave out is there. */
export function typed(object: AnyObject): AnyObject {
  const result = copyOf(object)
  complete(result, always[object.kind] ?? {})
  const template = podTemplateOf(result)
  if (template) complete(template as Fields, { metadata: {} })
  const spec = podSpecOf(result)
  for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) container.resources ??= {}
  if (object.kind === 'Service') {
    for (const port of (valueAt(result, 'spec', 'ports') ?? []) as Fields[]) port['targetPort'] ??= 0
  }
  return result
}

function complete(object: Fields, empty: Fields): void {
  for (const [name, value] of Object.entries(empty)) {
    object[name] ??= typeof value === 'object' ? {} : value
    if (typeof value === 'object') complete(object[name] as Fields, value as Fields)
  }
}
