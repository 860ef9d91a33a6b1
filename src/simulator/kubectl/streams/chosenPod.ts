import { formatSelector } from '../../cluster/api/selector.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { type AnyObject, valueAt } from '../server/object.ts'
import { pathOf, type Resource } from '../server/resource.ts'

/**
 * The pod that `POD` or `TYPE/NAME` means: of a workload or a Service the most active one. A workload without pods
 * is given `timeout` milliseconds to have one.
 */
export async function chosenPod(invocation: Invocation, argument: string, timeout: number): Promise<Pod> {
  const resources = await invocation.resources()
  const { api, namespace } = invocation
  const pods = resources.ofKind('v1', 'Pod')
  const [type, name, ...more] = argument.split('/')
  if (more.length > 0) throw new Failure('arguments in resource/name form may not have more than one slash')
  if (name === undefined) return asPod(await api.getNamed(pods, namespace, argument))
  const resource = resources.named(type ?? '')
  const object = await api.getNamed(resource, namespace, name)
  if (object.kind === 'Pod') return asPod(object)
  const selector = selectorOf(object, resource)
  const { items, metadata } = await api.list(pods, namespace, { labelSelector: selector })
  const found = items.map(asPod).sort(moreActiveFirst)[0]
  if (found) return found
  const query = { labelSelector: selector, resourceVersion: metadata.resourceVersion }
  const watch = await api.watch(pathOf(pods, namespace), { query })
  try {
    const event = await watch.next(timeout)
    if (!event) throw new Failure('timed out waiting for the condition')
    return asPod(event.object)
  } finally {
    watch.close()
  }
}

/** Every pod that an object means, for logs. */
export async function podsOf(invocation: Invocation, object: AnyObject, resource: Resource): Promise<Pod[]> {
  if (object.kind === 'Pod') return [asPod(object)]
  const pods = (await invocation.resources()).ofKind('v1', 'Pod')
  const { items } = await invocation.api.list(pods, object.metadata.namespace, {
    labelSelector: selectorOf(object, resource),
  })
  return items.map(asPod)
}

function asPod(object: AnyObject): Pod {
  return object as unknown as Pod
}

/** The labels by which an object finds its pods. */
function selectorOf(object: AnyObject, resource: Resource): string {
  const selector = valueAt(object, 'spec', 'selector')
  if (object.kind === 'Service' || object.kind === 'ReplicationController') {
    const labels = (selector ?? {}) as Readonly<Record<string, string>>
    if (Object.keys(labels).length === 0)
      throw new Failure(`invalid service '${object.metadata.name}': Service is defined without a selector`)
    return Object.keys(labels)
      .sort()
      .map(key => `${key}=${labels[key]}`)
      .join(',')
  }
  if (!selector)
    throw new Failure(`cannot attach to *v1.${resource.kind}: selector for *v1.${resource.kind} not implemented`)
  return formatSelector(selector as Parameters<typeof formatSelector>[0])
}

/** Assigned before unassigned, running before others, ready before unready, then by how long and how steadily. */
function moreActiveFirst(a: Pod, b: Pod): number {
  const rank = ({ spec, status, metadata }: Pod) => [
    spec.nodeName ? 0 : 1,
    { Pending: 2, Unknown: 1, Running: 0 }[status.phase ?? ''] ?? 3,
    status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ? 0 : 1,
    Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount)),
    Date.parse(metadata.creationTimestamp),
  ]
  const [left, right] = [rank(a), rank(b)]
  for (const [index, value] of left.entries()) if (value !== right[index]) return value - right[index]!
  return a.metadata.name < b.metadata.name ? -1 : 1
}
