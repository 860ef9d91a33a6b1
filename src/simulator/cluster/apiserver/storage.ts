import type { KubernetesObject } from '../api/object.ts'
import { schemaNameOf } from '../api/schemaName.ts'
import type { Change } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'
import { Collection, type Entry } from './collection.ts'
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
  #revision: number
  #isTelling = false

  constructor(kinds: readonly Kind[], firstRevision: number) {
    this.#revision = firstRevision
    for (const kind of kinds) this.#shelves.set(kind, new Shelf(kind))
  }

  get revision(): number {
    return this.#revision
  }

  get kinds(): readonly Kind[] {
    return [...this.#shelves.keys()]
  }

  collection(kind: Kind): Collection {
    return this.#shelf(kind).collection
  }

  /** The number that the next change will have. */
  nextRevision(): number {
    return this.#revision + 1
  }

  /** `prepare` sees the entry before anyone else does. */
  add(kind: Kind, object: KubernetesObject, prepare?: (entry: Entry) => void): Entry {
    const shelf = this.#shelf(kind)
    const entry: Entry = { object, ownership: new Ownership(kind.schema ?? schemaNameOf(kind)) }
    prepare?.(entry)
    shelf.collection.add(entry)
    this.#tell(shelf, { type: 'ADDED', object, previous: undefined })
    return entry
  }

  replace(kind: Kind, entry: Entry, object: KubernetesObject): void {
    const shelf = this.#shelf(kind)
    const previous = entry.object
    shelf.collection.replace(entry, object)
    this.#tell(shelf, { type: 'MODIFIED', object, previous })
  }

  /** The last version carries the revision of its end. */
  remove(kind: Kind, entry: Entry, last: KubernetesObject): void {
    const shelf = this.#shelf(kind)
    const previous = entry.object
    shelf.collection.remove(entry)
    this.#tell(shelf, { type: 'DELETED', object: last, previous })
  }

  /** Calls back for each later change, in order, never while another call is being made. Returns the end of it. */
  watch(kind: Kind, onChange: Watcher): () => void {
    const shelf = this.#shelf(kind)
    const start = this.#revision
    const watcher: Watcher = revision => {
      if (revision.number > start) onChange(revision)
    }
    shelf.watchers.add(watcher)
    return () => shelf.watchers.delete(watcher)
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
      for (let next = this.#pending.shift(); next; next = this.#pending.shift())
        for (const watcher of next.shelf.watchers) watcher(next.revision)
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

class Shelf {
  readonly collection: Collection
  readonly watchers = new Set<Watcher>()
  history: Revision[] = []
  /** The last revision that is no longer in the history. */
  forgotten = 0

  constructor(kind: Kind) {
    this.collection = new Collection(kind)
  }

  remember(revision: Revision): void {
    this.history.push(revision)
    if (this.history.length < 2 * remembered) return
    this.history = this.history.slice(-remembered)
    this.forgotten = this.history[0]!.number - 1
  }
}
