import { isEqual } from '../api/equality.ts'
import type { KubernetesObject, OwnerReference } from '../api/object.ts'
import type { Change, Client } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'
import { kinds } from '../kinds/registry.ts'
import { type Control, defineController, type Key, type Watch, watch } from './controller.ts'

const foreground = 'foregroundDeletion'
const orphan = 'orphan'
const collected = kinds.filter(kind => kind.kind !== 'Event')

/** Deletes what is owned by objects that are gone, and lets owners wait for what they own when they should. */
export const garbageCollector = defineController({
  name: 'generic-garbage-collector',
  watches: collected.map(watchItems),
  watchesNew: watchItems,
  memory: () => new Dependents(),
  reconcile(key, control, dependents) {
    const item = find(control.client, key)
    if (!item) return
    const { deletionTimestamp, finalizers = [], uid } = item.object.metadata
    if (deletionTimestamp && finalizers.includes(orphan)) releaseDependents(item, dependents.of(uid), control)
    else if (deletionTimestamp && finalizers.includes(foreground)) awaitDependents(item, dependents.of(uid), control)
    if (!deletionTimestamp || finalizers.includes(foreground)) collect(item, dependents, control)
  },
})

function watchItems(kind: Kind): Watch<Dependents> {
  return watch(kind, (change, client, memory: Dependents) => memory.note(itemKey(kind, change.object), change, client))
}

interface Item {
  readonly kind: Kind
  readonly object: KubernetesObject
}

/** Which objects name which owners. */
class Dependents {
  readonly #byOwner = new Map<string, Set<Key>>()

  of(uid: string): readonly Key[] {
    return [...(this.#byOwner.get(uid) ?? [])]
  }

  /** Takes note of a change and gives the keys to look at because of it. */
  note(key: Key, { type, object, previous }: Change, client: Client): Key[] {
    const before = type === 'DELETED' ? object : previous
    for (const { uid } of before?.metadata.ownerReferences ?? []) this.#remove(uid, key)
    if (type === 'DELETED') {
      const { uid, ownerReferences = [] } = object.metadata
      // An owner that is being deleted may have waited for this one alone.
      return [...this.of(uid), ...ownerReferences.map(owner => referenceKey(owner, object.metadata.namespace, client))]
    }
    for (const { uid } of object.metadata.ownerReferences ?? []) this.#add(uid, key)
    const isNew = type === 'ADDED' || !isEqual(previous?.metadata.ownerReferences, object.metadata.ownerReferences)
    const owners = (isNew && type === 'MODIFIED' ? object.metadata.ownerReferences : undefined) ?? []
    const hasWork = (isNew && object.metadata.ownerReferences) || object.metadata.deletionTimestamp
    // Owners may have waited for this one, and need not any more.
    return [...(hasWork ? [key] : []), ...owners.map(owner => referenceKey(owner, object.metadata.namespace, client))]
  }

  #add(uid: string, key: Key): void {
    const keys = this.#byOwner.get(uid) ?? new Set()
    this.#byOwner.set(uid, keys.add(key))
  }

  #remove(uid: string, key: Key): void {
    const keys = this.#byOwner.get(uid)
    keys?.delete(key)
    if (keys?.size === 0) this.#byOwner.delete(uid)
  }
}

/** What becomes of an object whose owners are gone or about to go. */
function collect({ kind, object }: Item, dependents: Dependents, { client }: Control): void {
  const { ownerReferences = [], name, namespace, uid, finalizers = [] } = object.metadata
  if (ownerReferences.length === 0) return
  const states = ownerReferences.map(owner => stateOf(owner, object, client))
  if (states.includes('solid')) {
    if (states.every(state => state === 'solid')) return
    const solid = ownerReferences.filter((_, i) => states[i] === 'solid')
    client.patch(kind, name, namespace, { metadata: { ownerReferences: solid } })
    return
  }
  if (object.metadata.deletionTimestamp) return
  const isAwaited = states.includes('waiting') && dependents.of(uid).length > 0
  if (isAwaited && dependents.of(uid).some(other => isWaiting(find(client, other)))) unblock({ kind, object }, client)
  const propagationPolicy =
    isAwaited || finalizers.includes(foreground) ? 'Foreground' : finalizers.includes(orphan) ? 'Orphan' : 'Background'
  client.delete(kind, name, namespace, { propagationPolicy, uid })
}

/** Objects that own each other would wait in a circle: this one lets its owners go before it. */
function unblock({ kind, object }: Item, client: Client): void {
  const { name, namespace, ownerReferences = [] } = object.metadata
  if (!ownerReferences.some(owner => owner.blockOwnerDeletion)) return
  const free = ownerReferences.map(owner => ({ ...owner, blockOwnerDeletion: false }))
  client.patch(kind, name, namespace, { metadata: { ownerReferences: free } })
}

/** Whether an object is only there until what it owns is gone. */
function isWaiting(item: Item | undefined): boolean {
  const { deletionTimestamp, finalizers } = item?.object.metadata ?? {}
  return Boolean(deletionTimestamp && finalizers?.includes(foreground))
}

function stateOf(owner: OwnerReference, object: KubernetesObject, client: Client): 'solid' | 'waiting' | 'gone' {
  const kind = kindOf(owner, client)
  // Simplified: an owner of a kind that the cluster does not know counts as there; the real collector retries for ever.
  if (!kind) return 'solid'
  const found = client.get(kind, owner.name, kind.namespaced ? object.metadata.namespace : undefined)
  if (found?.metadata.uid !== owner.uid) return 'gone'
  return isWaiting({ kind, object: found }) ? 'waiting' : 'solid'
}

/** Foreground deletion: the owner goes when nothing is left that blocks it. */
function awaitDependents(item: Item, keys: readonly Key[], control: Control): void {
  const { uid } = item.object.metadata
  const blocking = keys.filter(key =>
    find(control.client, key)?.object.metadata.ownerReferences?.some(
      owner => owner.uid === uid && owner.blockOwnerDeletion,
    ),
  )
  if (blocking.length === 0) removeFinalizer(item, foreground, control)
  else for (const key of keys) control.enqueue(key)
}

/** Orphaning: what is owned forgets its owner before the owner goes. */
function releaseDependents(item: Item, keys: readonly Key[], control: Control): void {
  for (const key of keys) {
    const dependent = find(control.client, key)
    if (!dependent) continue
    const { name, namespace, ownerReferences = [] } = dependent.object.metadata
    const others = ownerReferences.filter(owner => owner.uid !== item.object.metadata.uid)
    control.client.patch(dependent.kind, name, namespace, {
      metadata: { ownerReferences: others.length > 0 ? others : null },
    })
  }
  removeFinalizer(item, orphan, control)
}

function removeFinalizer({ kind, object }: Item, finalizer: string, { client }: Control): void {
  const { name, namespace, finalizers = [] } = object.metadata
  client.patch(kind, name, namespace, { metadata: { finalizers: finalizers.filter(one => one !== finalizer) } })
}

function itemKey(kind: Kind, { metadata }: KubernetesObject): Key {
  return [kind.group, kind.kind, metadata.namespace ?? '', metadata.name].join('|')
}

function referenceKey(owner: OwnerReference, namespace: string | undefined, client: Client): Key {
  const kind = kindOf(owner, client)
  return [kind?.group ?? '', owner.kind, kind?.namespaced ? (namespace ?? '') : '', owner.name].join('|')
}

function kindOf({ apiVersion, kind }: OwnerReference, client: Client): Kind | undefined {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return kindNamed(group, kind, client)
}

function kindNamed(group: string, name: string, client: Client): Kind | undefined {
  const isNamed = (one: Kind) => one.kind === name && one.group === group
  return collected.find(isNamed) ?? client.kinds().find(one => one.custom && isNamed(one))
}

function find(client: Client, key: Key): Item | undefined {
  const [group, name, namespace, objectName] = key.split('|')
  const kind = kindNamed(group!, name!, client)
  const object = kind && client.get(kind, objectName!, namespace || undefined)
  return object && { kind, object }
}
