import { isEqual } from '../api/equality.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Change } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'
import { type Namespace, namespace } from '../kinds/namespace.ts'
import { pod } from '../kinds/pod.ts'
import { kinds } from '../kinds/registry.ts'
import { type Control, defineController, watch } from './controller.ts'

/** What a namespace still holds while it is being deleted. */
interface Remains {
  readonly kind: Kind
  readonly objects: readonly KubernetesObject[]
}

// Simplified: events go without a trace, as they do in the real cluster, and are not waited for.
const contents = kinds.filter(kind => kind.namespaced && kind.kind !== 'Event')
const events = kinds.filter(kind => kind.namespaced && kind.kind === 'Event' && kind.group === '')

/** Empties a namespace that is being deleted, pods first, and lets it go when nothing is left. */
export const namespaceController = defineController({
  name: 'namespace-controller',
  watches: [watch(namespace), ...contents.map(kind => watch(kind, namespaceOfDeleted))],
  watchesNew: kind => (kind.namespaced ? watch(kind, namespaceOfDeleted) : undefined),
  reconcile(key, control) {
    const found = control.client.get(namespace, key)
    if (!found?.metadata.deletionTimestamp) return
    deleteAll([pod], key, control)
    const pods = remainsOf([pod], key, control)
    const all = [...contents, ...control.client.kinds().filter(kind => kind.custom && kind.namespaced)]
    if (pods.length === 0) deleteAll(all, key, control)
    const remains = remainsOf(all, key, control)
    const current = noteRemains(found, remains, control)
    if (remains.length > 0) {
      control.enqueue(key, 5000)
      return
    }
    deleteAll(events, key, control)
    const finalizers = current.spec?.finalizers?.filter(finalizer => finalizer !== 'kubernetes') ?? []
    control.client.finalize(namespace, { ...current, spec: { ...current.spec, finalizers } })
  },
})

function namespaceOfDeleted({ type, object }: Change): string[] {
  return type === 'DELETED' ? [object.metadata.namespace!] : []
}

function deleteAll(some: readonly Kind[], key: string, { client }: Control): void {
  for (const kind of some)
    for (const { metadata } of client.list(kind, { namespace: key }))
      if (!metadata.deletionTimestamp) client.delete(kind, metadata.name, key, { propagationPolicy: 'Background' })
}

function remainsOf(some: readonly Kind[], key: string, { client }: Control): Remains[] {
  return some
    .map(kind => ({ kind, objects: client.list(kind, { namespace: key }) }))
    .filter(({ objects }) => objects.length > 0)
}

type Condition = NonNullable<NonNullable<Namespace['status']>['conditions']>[number]

function noteRemains(found: Namespace, remains: readonly Remains[], control: Control): Namespace {
  const conditions = [
    ok('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    ok(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    ok(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    contentCondition(remains),
    finalizerCondition(remains),
  ].map(condition => withTime(condition, found, control.timestamp))
  if (isEqual(conditions, found.status?.conditions)) return found
  return control.client.updateStatus(namespace, {
    ...found,
    status: { ...found.status, phase: 'Terminating', conditions },
  })
}

function contentCondition(remains: readonly Remains[]): Condition {
  const type = 'NamespaceContentRemaining'
  if (remains.length === 0) return ok(type, 'ContentRemoved', 'All content successfully removed')
  const counts = remains.map(({ kind, objects }) => `${resourceOf(kind)} has ${objects.length} resource instances`)
  const message = `Some resources are remaining: ${counts.sort().join(', ')}`
  return { type, status: 'True', reason: 'SomeResourcesRemain', message }
}

function finalizerCondition(remains: readonly Remains[]): Condition {
  const type = 'NamespaceFinalizersRemaining'
  const counts = new Map<string, number>()
  for (const { metadata } of remains.flatMap(({ objects }) => objects))
    for (const finalizer of metadata.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1)
  if (counts.size === 0) return ok(type, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
  const list = [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort()
  const message = `Some content in the namespace has finalizers remaining: ${list.join(', ')}`
  return { type, status: 'True', reason: 'SomeFinalizersRemain', message }
}

function ok(type: string, reason: string, message: string): Condition {
  return { type, status: 'False', reason, message }
}

function withTime(condition: Condition, found: Namespace, timestamp: string): Condition {
  const before = found.status?.conditions?.find(({ type }) => type === condition.type)
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime! : timestamp
  return { ...condition, lastTransitionTime }
}

function resourceOf({ plural, group }: Kind): string {
  return group === '' ? `${plural}.` : `${plural}.${group}`
}
