import type { KubernetesObject } from '../api/object.ts'
import { controllerOf } from '../api/object.ts'
import type { Kind } from '../kinds/kind.ts'
import type { Ownership } from './ownership.ts'

/** A stored object and what is remembered about it. The entry stays while the object is replaced. */
export interface Entry {
  object: KubernetesObject
  readonly ownership: Ownership
}

/** The objects of one kind, found by name, namespace, label, controller and node without looking at the others. */
export class Collection {
  readonly kind: Kind
  readonly #byNamespace = new Map<string, Map<string, Entry>>()
  readonly #byLabel = new Map<string, Set<Entry>>()
  readonly #byController = new Map<string, Set<Entry>>()
  readonly #byNode = new Map<string, Set<Entry>>()
  #size = 0

  constructor(kind: Kind) {
    this.kind = kind
  }

  get size(): number {
    return this.#size
  }

  get(namespace: string, name: string): Entry | undefined {
    return this.#byNamespace.get(namespace)?.get(name)
  }

  /** Every entry, of one namespace or of all, in no particular but always the same order. */
  *entries(namespace?: string): Iterable<Entry> {
    if (namespace !== undefined) yield* this.#byNamespace.get(namespace)?.values() ?? []
    else for (const room of this.#byNamespace.values()) yield* room.values()
  }

  withLabel(namespace: string | undefined, key: string, value: string): Iterable<Entry> {
    const found = this.#byLabel.get(labelKey(key, value)) ?? noEntries
    return namespace === undefined ? found : inNamespace(found, namespace)
  }

  /** How many entries carry a label, in all namespaces. */
  countWithLabel(key: string, value: string): number {
    return this.#byLabel.get(labelKey(key, value))?.size ?? 0
  }

  controlledBy(uid: string): Iterable<Entry> {
    return this.#byController.get(uid) ?? noEntries
  }

  /** The entries of a namespace that have no controller. */
  uncontrolled(namespace: string): Iterable<Entry> {
    return this.#byController.get(namespace) ?? noEntries
  }

  onNode(name: string): Iterable<Entry> {
    return this.#byNode.get(name) ?? noEntries
  }

  add(entry: Entry): void {
    const { namespace = '', name } = entry.object.metadata
    let room = this.#byNamespace.get(namespace)
    if (!room) this.#byNamespace.set(namespace, (room = new Map()))
    room.set(name, entry)
    this.#size++
    this.#index(entry, undefined, entry.object)
  }

  replace(entry: Entry, object: KubernetesObject): void {
    const previous = entry.object
    entry.object = object
    this.#index(entry, previous, object)
  }

  remove(entry: Entry): void {
    const { namespace = '', name } = entry.object.metadata
    const room = this.#byNamespace.get(namespace)
    room?.delete(name)
    if (room?.size === 0) this.#byNamespace.delete(namespace)
    this.#size--
    this.#index(entry, entry.object, undefined)
  }

  #index(entry: Entry, previous: KubernetesObject | undefined, next: KubernetesObject | undefined): void {
    const oldLabels = previous?.metadata.labels
    const newLabels = next?.metadata.labels
    if (oldLabels !== newLabels) {
      for (const key in oldLabels)
        if (newLabels?.[key] !== oldLabels[key]) drop(this.#byLabel, labelKey(key, oldLabels[key]!), entry)
      for (const key in newLabels)
        if (oldLabels?.[key] !== newLabels[key]) put(this.#byLabel, labelKey(key, newLabels[key]!), entry)
    }
    if (!previous || !next || previous.metadata.ownerReferences !== next.metadata.ownerReferences)
      move(this.#byController, previous && controllerKey(previous), next && controllerKey(next), entry)
    move(this.#byNode, nodeOf(previous), nodeOf(next), entry)
  }
}

const noEntries: ReadonlySet<Entry> = new Set()

function* inNamespace(entries: Iterable<Entry>, namespace: string): Iterable<Entry> {
  for (const entry of entries) if (entry.object.metadata.namespace === namespace) yield entry
}

/** The uid of the controller; the namespace, which is no uid, stands for none. */
function controllerKey(object: KubernetesObject): string {
  return controllerOf(object)?.uid ?? object.metadata.namespace ?? ''
}

function labelKey(key: string, value: string): string {
  return `${key}=${value}`
}

export function nodeOf(object: KubernetesObject | undefined): string | undefined {
  const spec = (object as { spec?: { nodeName?: string } } | undefined)?.spec
  return spec?.nodeName || undefined
}

function move(index: Map<string, Set<Entry>>, from: string | undefined, to: string | undefined, entry: Entry): void {
  if (from === to) return
  if (from !== undefined) drop(index, from, entry)
  if (to !== undefined) put(index, to, entry)
}

function put(index: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const found = index.get(key)
  if (found) found.add(entry)
  else index.set(key, new Set([entry]))
}

function drop(index: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const found = index.get(key)
  found?.delete(entry)
  if (found?.size === 0) index.delete(key)
}
