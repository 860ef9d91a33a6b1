import { copyOf, freeze } from '../api/copy.ts'
import type { KubernetesObject } from '../api/object.ts'
import { schemaNameOf } from '../api/schemaName.ts'
import { type FieldsShape, shapeOfStruct } from '../api/shape.ts'
import type { Change } from '../client.ts'
import { apiVersionOf, type Kind } from '../kinds/kind.ts'
import { Collection, type Entry, nodeOf } from './collection.ts'
import { Ownership } from './ownership.ts'

/** A change and the revision of the whole store that it made. */
export interface Revision {
  readonly number: number
  readonly change: Change
}

type Watcher = (revision: Revision) => void

// Watches may begin this many changes of a kind ago; older ones are told to list again.
const remembered = 1000

/** What the cluster remembers: objects by kind, one growing revision number, and who is told of changes. */
export class Storage {
  readonly #shelves = new Map<Kind, Shelf>()
  readonly #pending: { readonly shelf: Shelf; readonly revision: Revision }[] = []
  readonly #kindWatchers: ((kind: Kind) => void)[] = []
  /** Who owns the fields of every version that someone may still ask for. */
  readonly #ownerships = new WeakMap<KubernetesObject, Ownership>()
  #kinds: readonly Kind[]
  #revision: number
  #isTelling = false

  constructor(kinds: readonly Kind[], firstRevision: number) {
    this.#revision = firstRevision
    this.#kinds = kinds
    for (const kind of kinds) this.#shelves.set(kind, new Shelf(kind))
  }

  get revision(): number {
    return this.#revision
  }

  /** A new list whenever kinds come or go. */
  get kinds(): readonly Kind[] {
    return this.#kinds
  }

  /** Puts other kinds in the place of some. Objects stay on their shelf while their group and plural remain. */
  redefine(before: readonly Kind[], after: readonly Kind[]): void {
    const left = new Map(before.map(kind => [nameOf(kind), this.#shelf(kind)]))
    for (const kind of before) this.#shelves.delete(kind)
    for (const kind of after) {
      const shelf = left.get(nameOf(kind)) ?? new Shelf(kind)
      left.delete(nameOf(kind))
      if (!kind.view) for (const entry of shelf.collection.entries()) reshape(entry, kind)
      this.#shelves.set(kind, shelf)
    }
    for (const shelf of left.values()) shelf.close()
    this.#kinds = [...this.#shelves.keys()]
    const isNew = (kind: Kind) => !kind.view && !before.some(one => nameOf(one) === nameOf(kind))
    for (const kind of after.filter(isNew)) for (const tell of this.#kindWatchers) tell(kind)
  }

  /** Calls back for each kind whose objects are stored from now on. */
  onNewKind(tell: (kind: Kind) => void): void {
    this.#kindWatchers.push(tell)
  }

  /** Calls back when a kind is no longer there. Returns the end of it. */
  onRemoval(kind: Kind, tell: () => void): () => void {
    const { ends } = this.#shelf(kind)
    ends.add(tell)
    return () => ends.delete(tell)
  }

  collection(kind: Kind): Collection {
    return this.#shelf(kind).collection
  }

  /** Who owns the fields of a version of an object, also of one that is no longer stored. */
  ownershipOf(object: KubernetesObject): Ownership | undefined {
    return this.#ownerships.get(object)
  }

  /** The number that the next change will have. */
  nextRevision(): number {
    return this.#revision + 1
  }

  /** `prepare` sees the entry before anyone else does. */
  add(kind: Kind, object: KubernetesObject, prepare?: (entry: Entry) => void): Entry {
    const shelf = this.#shelf(kind)
    const entry: Entry = { object, ownership: new Ownership(shapeOf(kind)) }
    prepare?.(entry)
    shelf.collection.add(entry)
    this.#ownerships.set(object, entry.ownership)
    this.#tell(shelf, { type: 'ADDED', object, previous: undefined })
    return entry
  }

  replace(kind: Kind, entry: Entry, object: KubernetesObject): void {
    const shelf = this.#shelf(kind)
    const previous = entry.object
    shelf.collection.replace(entry, object)
    this.#ownerships.set(object, entry.ownership)
    this.#tell(shelf, { type: 'MODIFIED', object, previous })
  }

  /** The last version carries the revision of its end. */
  remove(kind: Kind, entry: Entry, last: KubernetesObject): void {
    const shelf = this.#shelf(kind)
    const previous = entry.object
    shelf.collection.remove(entry)
    this.#ownerships.set(last, entry.ownership)
    this.#tell(shelf, { type: 'DELETED', object: last, previous })
  }

  /**
   * Calls back for each later change, of a node's objects or of all, in order, never while another call is being made.
   * Returns the end of it.
   */
  watch(kind: Kind, onChange: Watcher, nodeName?: string): () => void {
    const shelf = this.#shelf(kind)
    const start = this.#revision
    const watcher: Watcher = revision => {
      if (revision.number > start) onChange(revision)
    }
    const watchers = nodeName === undefined ? shelf.watchers : shelf.watchersOf(nodeName)
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  }

  /** The remembered changes after a revision, or undefined when some of them are forgotten. */
  changesSince(kind: Kind, revision: number): readonly Revision[] | undefined {
    const { history, forgotten } = this.#shelf(kind)
    return revision < forgotten ? undefined : history.filter(item => item.number > revision)
  }

  #tell(shelf: Shelf, change: Change): void {
    const revision = { number: ++this.#revision, change }
    shelf.remember(revision)
    this.#pending.push({ shelf, revision })
    this.quietly(() => {})
  }

  /** Runs something that may write; watchers hear of it afterwards, each change on its own. */
  quietly(run: () => void): void {
    if (this.#isTelling) {
      run()
      return
    }
    this.#isTelling = true
    try {
      run()
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) next.shelf.tell(next.revision)
    } finally {
      this.#isTelling = false
    }
  }

  #shelf(kind: Kind): Shelf {
    const shelf = this.#shelves.get(kind)
    if (!shelf) throw new Error(`unreachable: ${kind.plural} are not stored`)
    return shelf
  }
}

/** Versions of a kind that are only other views of it have shelves of their own, which stay empty. */
function nameOf({ group, plural, version, view }: Kind): string {
  return `${group}/${plural}${view ? `/${version}` : ''}`
}

function shapeOf(kind: Kind): FieldsShape {
  return kind.custom?.shape ?? shapeOfStruct(kind.schema ?? schemaNameOf(kind))
}

/** A stored object is read by the schema that its kind has now: pruned, and filled in. */
function reshape(entry: Entry, kind: Kind): void {
  entry.ownership.reshape(shapeOf(kind))
  const object = copyOf(kind.custom?.decode(entry.object).value ?? entry.object) as KubernetesObject
  object.apiVersion = apiVersionOf(kind)
  kind.defaults?.(object)
  entry.object = freeze(object)
}

class Shelf {
  readonly collection: Collection
  readonly watchers = new Set<Watcher>()
  readonly ends = new Set<() => void>()
  readonly #nodeWatchers = new Map<string, Set<Watcher>>()
  history: Revision[] = []
  /** The last revision that is no longer in the history. */
  forgotten = 0

  constructor(kind: Kind) {
    this.collection = new Collection(kind)
  }

  watchersOf(nodeName: string): Set<Watcher> {
    const watchers = this.#nodeWatchers.get(nodeName) ?? new Set()
    this.#nodeWatchers.set(nodeName, watchers)
    return watchers
  }

  tell(revision: Revision): void {
    for (const watcher of this.watchers) watcher(revision)
    if (this.#nodeWatchers.size === 0) return
    const nodeName = nodeOf(revision.change.object)
    if (nodeName !== undefined) for (const watcher of this.#nodeWatchers.get(nodeName) ?? []) watcher(revision)
  }

  close(): void {
    for (const end of this.ends) end()
  }

  remember(revision: Revision): void {
    this.history.push(revision)
    if (this.history.length < 2 * remembered) return
    this.history = this.history.slice(-remembered)
    this.forgotten = this.history[0]!.number - 1
  }
}
