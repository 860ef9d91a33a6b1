import type { Clock } from '../../clock.ts'
import type { Random } from '../../random.ts'
import { copyOf, freeze } from '../api/copy.ts'
import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import type { KubernetesObject, ObjectMeta } from '../api/object.ts'
import type { DeleteOptions } from '../client.ts'
import { apiVersionOf, type Kind } from '../kinds/kind.ts'
import { lease } from '../kinds/lease.ts'
import { pod } from '../kinds/pod.ts'
import type { Entry } from './collection.ts'
import { Storage } from './storage.ts'

/** Who writes, and how. */
export interface Writer {
  readonly user: string
  /** The name in managed fields. */
  readonly manager: string
  readonly isDryRun?: boolean
  /** Hears what the server wants to say. */
  warn?(text: string): void
}

export interface StoreOptions {
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  readonly kinds: readonly Kind[]
}

/** The rules by which every object is created, changed and deleted, whatever its kind. */
export class Store {
  readonly storage: Storage
  readonly #clock: Clock
  readonly #epoch: number
  readonly #uids: Random
  readonly #names: Random
  #second = -1
  #timestamp = ''
  #lastChange = 0

  constructor({ clock, random, epoch, kinds }: StoreOptions) {
    this.#clock = clock
    this.#epoch = epoch
    this.#uids = random.fork('uids')
    this.#names = random.fork('names')
    this.storage = new Storage(kinds, 1)
  }

  /** When anything but a lease was last written, in simulated milliseconds. */
  get lastChange(): number {
    return this.#lastChange
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#epoch + this.#clock.now
  }

  /** The time as objects carry it, in whole seconds. */
  get timestamp(): string {
    const second = Math.floor(this.now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#timestamp = new Date(second * 1000).toISOString().replace('.000Z', 'Z')
    }
    return this.#timestamp
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubernetesObject {
    return this.#entry(kind, namespace, name).object
  }

  create(kind: Kind, draft: KubernetesObject, writer: Writer): KubernetesObject {
    const object = copyOf(draft)
    const metadata = object.metadata
    object.apiVersion = apiVersionOf(kind)
    object.kind = kind.kind
    if (metadata.generateName && !metadata.name) metadata.name = metadata.generateName + this.#names.suffix(5)
    if (!kind.namespaced) delete metadata.namespace
    kind.defaults?.(object)
    metadata.uid = this.#uids.uuid()
    metadata.creationTimestamp = this.timestamp
    if (kind.hasGeneration) metadata.generation = 1
    if (kind.subresources.includes('status') && !kind.keepsStatus) (object as { status?: unknown }).status = {}
    kind.prepare?.(object, undefined)
    const errors = kind.validate?.(object) ?? []
    if (errors.length > 0) throw ApiError.invalid(kind, metadata.name, errors)
    if (this.storage.collection(kind).get(metadata.namespace ?? '', metadata.name))
      throw ApiError.alreadyExists(kind, metadata.name)
    if (writer.isDryRun) return freeze(object)
    metadata.resourceVersion = String(this.storage.nextRevision())
    this.#touch(kind)
    return this.storage.add(kind, freeze(object)).object
  }

  /** Replaces an object by what `change` makes of it; nothing happens when that is the same. */
  update(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    change: (current: KubernetesObject) => KubernetesObject,
    writer: Writer,
    subresource?: 'status' | 'finalize' | 'binding',
  ): KubernetesObject {
    const entry = this.#entry(kind, namespace, name)
    const current = entry.object
    const wanted = change(current)
    if (wanted.metadata.uid && wanted.metadata.uid !== current.metadata.uid)
      throw ApiError.conflict(
        kind,
        name,
        `Precondition failed: UID in precondition: ${wanted.metadata.uid}, UID in object meta: ${current.metadata.uid}`,
      )
    if (wanted.metadata.resourceVersion && wanted.metadata.resourceVersion !== current.metadata.resourceVersion)
      throw ApiError.conflict(kind, name)
    const next =
      subresource === 'status'
        ? this.#withStatus(kind, current, wanted)
        : subresource === 'finalize'
          ? withFinalizers(current, wanted)
          : subresource === 'binding'
            ? wanted
            : this.#withoutStatus(kind, current, wanted)
    if (isEqual(next, current)) return current
    next.metadata = { ...next.metadata, resourceVersion: String(this.storage.nextRevision()) }
    if (writer.isDryRun) return freeze(next)
    this.#touch(kind)
    if (next.metadata.deletionTimestamp && isDone(next)) this.#remove(kind, entry, next)
    else this.storage.replace(kind, entry, freeze(next))
    return next
  }

  /** Marks an object for deletion, or removes it when nothing holds it back. */
  delete(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions,
    writer: Writer,
  ): { readonly object: KubernetesObject; readonly isGone: boolean } {
    const entry = this.#entry(kind, namespace, name)
    const current = entry.object
    if (options.uid !== undefined && options.uid !== current.metadata.uid)
      throw ApiError.conflict(
        kind,
        name,
        `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${current.metadata.uid}`,
      )
    const grace = gracePeriod(kind, current, options)
    const metadata: ObjectMeta = { ...current.metadata }
    const finalizers = finalizersFor(metadata.finalizers ?? [], options)
    if (finalizers.length > 0) metadata.finalizers = finalizers
    else delete metadata.finalizers
    const isHeld = finalizers.length > 0 || grace > 0
    if (!isHeld) {
      if (!writer.isDryRun) {
        this.#touch(kind)
        this.#remove(kind, entry, current)
      }
      return { object: current, isGone: true }
    }
    if (metadata.deletionTimestamp === undefined || grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
      metadata.deletionTimestamp = new Date(Math.floor(this.now / 1000 + grace) * 1000)
        .toISOString()
        .replace('.000Z', 'Z')
      metadata.deletionGracePeriodSeconds = grace
      if (metadata.generation !== undefined) metadata.generation++
    }
    const next = { ...current, metadata }
    if (isEqual(next, current)) return { object: current, isGone: false }
    metadata.resourceVersion = String(this.storage.nextRevision())
    if (!writer.isDryRun) {
      this.#touch(kind)
      this.storage.replace(kind, entry, freeze(next))
    }
    return { object: next, isGone: false }
  }

  #withStatus(kind: Kind, current: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
    const next = { ...current, status: (wanted as { status?: unknown }).status } as KubernetesObject
    kind.prepare?.(next, current)
    return next
  }

  #withoutStatus(kind: Kind, current: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
    const next = copyOf(wanted)
    const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds } = current.metadata
    next.apiVersion = current.apiVersion
    next.kind = current.kind
    Object.assign(next.metadata, { uid, creationTimestamp, resourceVersion: current.metadata.resourceVersion })
    if (generation !== undefined) next.metadata.generation = generation
    if (deletionTimestamp !== undefined) Object.assign(next.metadata, { deletionTimestamp, deletionGracePeriodSeconds })
    if (kind.subresources.includes('status'))
      (next as { status?: unknown }).status = (current as { status?: unknown }).status
    kind.defaults?.(next)
    kind.prepare?.(next, current)
    const errors = [...(kind.validate?.(next) ?? []), ...(kind.validateUpdate?.(next, current) ?? [])]
    if (errors.length > 0) throw ApiError.invalid(kind, next.metadata.name, errors)
    if (generation !== undefined && !isSameWish(next, current)) next.metadata.generation = generation + 1
    return next
  }

  #remove(kind: Kind, entry: Entry, last: KubernetesObject): void {
    const metadata = { ...last.metadata, resourceVersion: String(this.storage.nextRevision()) }
    this.storage.remove(kind, entry, freeze({ ...last, metadata }))
  }

  #touch(kind: Kind): void {
    if (kind !== lease) this.#lastChange = this.#clock.now
  }

  #entry(kind: Kind, namespace: string | undefined, name: string): Entry {
    const entry = this.storage.collection(kind).get(kind.namespaced ? (namespace ?? '') : '', name)
    if (!entry) throw ApiError.notFound(kind, name)
    return entry
  }
}

/** Namespaces have finalizers of their own in the spec, which only this may change. */
function withFinalizers(current: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  return { ...current, spec: (wanted as { spec?: unknown }).spec } as KubernetesObject
}

/** Whether all but metadata and status is the same. */
function isSameWish(a: KubernetesObject, b: KubernetesObject): boolean {
  const { metadata: _, status: __, ...left } = a as KubernetesObject & { status?: unknown }
  const { metadata: ___, status: ____, ...right } = b as KubernetesObject & { status?: unknown }
  return isEqual(left, right)
}

/** Whether an object that is being deleted has nothing left to wait for. */
function isDone(object: KubernetesObject): boolean {
  const { finalizers, deletionGracePeriodSeconds } = object.metadata
  const own = (object as { spec?: { finalizers?: readonly string[] } }).spec?.finalizers
  return !finalizers?.length && !deletionGracePeriodSeconds && !(object.kind === 'Namespace' && own?.length)
}

/** Pods end gracefully: their own period or the one asked for; other objects go at once. */
function gracePeriod(kind: Kind, object: KubernetesObject, options: DeleteOptions): number {
  if (kind !== pod) return 0
  const { spec, status } = object as unknown as {
    spec: { nodeName?: string; terminationGracePeriodSeconds?: number }
    status?: { phase?: string }
  }
  if (!spec.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0
  return options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30
}

/** The finalizers that make the garbage collector work before the object may go. */
function finalizersFor(current: readonly string[], { propagationPolicy }: DeleteOptions): string[] {
  const others = current.filter(item => item !== 'orphan' && item !== 'foregroundDeletion')
  if (propagationPolicy === 'Orphan') return [...others, 'orphan']
  if (propagationPolicy === 'Foreground') return [...others, 'foregroundDeletion']
  return propagationPolicy === 'Background' ? others : [...current]
}
