import type { Clock, Timer } from '../../clock.ts'
import type { Random } from '../../random.ts'
import { copyOf, freeze } from '../api/copy.ts'
import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import { invalid } from '../api/fieldError.ts'
import { validateMetadata, validateMetadataUpdate } from '../api/metadata.ts'
import { checkDns1123Subdomain } from '../api/names.ts'
import type { KubernetesObject, ObjectMeta } from '../api/object.ts'
import type { DeleteOptions, Dial } from '../client.ts'
import { apiVersionOf, type Kind } from '../kinds/kind.ts'
import { lease } from '../kinds/lease.ts'
import { node } from '../kinds/node.ts'
import type { Pod } from '../kinds/pod.ts'
import { qualityOfService } from '../kinds/pods/qualityOfService.ts'
import { admissions } from './admission/registry.ts'
import type { Outcome } from './admission/webhooks/call.ts'
import { Allocations } from './allocation.ts'
import type { Entry } from './collection.ts'
import { isReadyToGo, markDeleted } from './deletion.ts'
import { Storage } from './storage.ts'

/** Who writes, and how. */
export interface Writer {
  readonly user: string
  /** The name in managed fields. */
  readonly manager: string
  readonly isDryRun?: boolean
  /** What a server-side apply claims; other writers own what they changed. */
  readonly applied?: KubernetesObject
  /** What webhooks have answered so far; without it nobody waits for webhooks, and they are not asked. */
  readonly answers?: Map<string, Outcome>
  /** Hears what the server wants to say. */
  warn?(text: string): void
}

/** The ways to change an object besides changing what is wanted. */
export type Subresource = 'status' | 'finalize' | 'binding' | 'scale' | 'ephemeralcontainers' | 'resize' | 'approval'

export interface StoreOptions {
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  readonly kinds: readonly Kind[]
  /** Where Services get their addresses from. */
  readonly serviceRange: string
  /** How the server reaches addresses in the cluster, once it can. */
  dial(): Dial | undefined
}

/** The rules by which every object is created, changed and deleted, whatever its kind. */
export class Store {
  readonly storage: Storage
  readonly random: Random
  readonly allocations: Allocations
  readonly dial: () => Dial | undefined
  readonly #clock: Clock
  readonly #epoch: number
  readonly #uids: Random
  readonly #names: Random
  #second = -1
  #timestamp = ''
  #lastChange = 0
  #version = 0

  constructor({ clock, random, epoch, kinds, serviceRange, dial }: StoreOptions) {
    this.dial = dial
    this.#clock = clock
    this.#epoch = epoch
    this.#uids = random.fork('uids')
    this.#names = random.fork('names')
    this.random = random.fork('admission')
    this.storage = new Storage(kinds, 1)
    this.allocations = new Allocations(this, random.fork('allocations'), serviceRange)
  }

  /** When anything but a lease or a heartbeat was last written, in simulated milliseconds. */
  get lastChange(): number {
    return this.#lastChange
  }

  /** Grows with every write of anything but a lease or a heartbeat. */
  get version(): number {
    return this.#version
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

  /** An identity for something that is not stored. */
  uuid(): string {
    return this.random.uuid()
  }

  /** Runs something later, for parts of the server that wait. */
  after(milliseconds: number, run: () => void): Timer {
    return this.#clock.after(milliseconds, run)
  }

  find(kind: Kind, namespace: string | undefined, name: string): KubernetesObject | undefined {
    return this.findEntry(kind, namespace, name)?.object
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubernetesObject {
    return this.entry(kind, namespace, name).object
  }

  entry(kind: Kind, namespace: string | undefined, name: string): Entry {
    const entry = this.findEntry(kind, namespace, name)
    if (!entry) throw ApiError.notFound(kind, name)
    return entry
  }

  create(kind: Kind, draft: KubernetesObject, writer: Writer): KubernetesObject {
    const object = copyOf(draft)
    const { metadata } = object
    object.apiVersion = apiVersionOf(kind)
    object.kind = kind.kind
    if (!kind.namespaced) delete metadata.namespace
    kind.defaults?.(object)
    // What the server itself adds from here on has no owner.
    const claimed = kind.prepare ? copyOf(object) : object
    for (const admission of admissions(kind, 'create')) admission.admit?.({ kind, object, writer, store: this })
    if (metadata.generateName && !metadata.name) metadata.name = generate(metadata.generateName, this.#names)
    metadata.uid = this.#uids.uuid()
    metadata.creationTimestamp = this.timestamp
    delete metadata.deletionTimestamp
    delete metadata.deletionGracePeriodSeconds
    delete metadata.managedFields
    if (kind.hasGeneration) metadata.generation = 1
    else delete metadata.generation
    if (kind.subresources.includes('status') && !kind.keepsStatus) {
      if (kind.custom) {
        delete (object as { status?: unknown }).status
        kind.defaults?.(object)
      } else (object as { status?: unknown }).status = {}
    }
    kind.prepare?.(object, undefined)
    const errors = validateMetadata(metadata, kind.namespaced, kind.checkName ?? checkDns1123Subdomain)
    if (kind.validate) errors.push(...kind.validate(object))
    if (kind.validateCreate) errors.push(...kind.validateCreate(object))
    if (errors.length > 0) throw ApiError.invalid(kind, metadata.name ?? '', errors)
    for (const admission of admissions(kind, 'create')) admission.check?.({ kind, object, writer, store: this })
    this.#say(kind, object, undefined, writer)
    if (this.findEntry(kind, metadata.namespace, metadata.name)) throw ApiError.alreadyExists(kind, metadata.name)
    this.allocations.give(kind, object, undefined, Boolean(writer.isDryRun))
    if (writer.isDryRun) return freeze(object)
    metadata.resourceVersion = String(this.storage.nextRevision())
    this.#touch(kind)
    const entry = this.storage.add(kind, freeze(object), created => {
      this.#note(created, writer, undefined, claimed, '')
    })
    return entry.object
  }

  /** Replaces an object by what `change` makes of it; nothing happens when that is the same. */
  update(
    kind: Kind,
    namespace: string | undefined,
    name: string,
    change: (current: KubernetesObject) => KubernetesObject,
    writer: Writer,
    subresource?: Subresource,
  ): KubernetesObject {
    const entry = this.entry(kind, namespace, name)
    const current = entry.object
    const wanted = change(current)
    requireSameObject(kind, wanted, current)
    const next = this.#next(kind, current, wanted, writer, subresource)
    if (isEqual(next, current)) {
      if (!writer.isDryRun && writer.applied) this.#note(entry, writer, current, current, subresource ?? '')
      return current
    }
    next.metadata = { ...next.metadata, resourceVersion: current.metadata.resourceVersion }
    if (writer.isDryRun) return freeze(next)
    next.metadata.resourceVersion = String(this.storage.nextRevision())
    if (kind !== node || !isHeartbeat(next, current)) this.#touch(kind)
    this.#note(entry, writer, current, next, subresource ?? '')
    if (isReadyToGo(next)) this.#remove(kind, entry, next)
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
    const entry = this.entry(kind, namespace, name)
    const current = entry.object
    if (options.uid !== undefined && options.uid !== current.metadata.uid)
      throw ApiError.conflict(kind, name, preconditionText('UID', options.uid, current.metadata.uid))
    for (const admission of admissions(kind, 'delete'))
      admission.check?.({ kind, object: current, writer, store: this })
    const next = markDeleted(kind, current, options, this.now)
    if (next === undefined) {
      if (!writer.isDryRun) {
        this.#touch(kind)
        this.#remove(kind, entry, current)
      }
      return { object: current, isGone: true }
    }
    if (isEqual(next, current)) return { object: current, isGone: false }
    if (!writer.isDryRun) {
      next.metadata.resourceVersion = String(this.storage.nextRevision())
      this.#touch(kind)
      this.storage.replace(kind, entry, freeze(next))
    }
    return { object: next, isGone: false }
  }

  #next(
    kind: Kind,
    current: KubernetesObject,
    wanted: KubernetesObject,
    writer: Writer,
    subresource: Subresource | undefined,
  ): KubernetesObject {
    switch (subresource) {
      case undefined:
        return this.#changed(kind, current, wanted, writer)
      case 'status':
        return withStatus(kind, current, wanted)
      case 'finalize':
        return { ...current, spec: (wanted as { spec?: unknown }).spec } as KubernetesObject
      case 'approval':
        return withApproval(kind, current, wanted, this.timestamp)
      case 'resize':
        return this.#resized(kind, current as Pod, wanted as Pod, writer)
      case 'scale':
        return this.#changed(kind, current, wanted, writer)
      default:
        return { ...wanted }
    }
  }

  /** Of a pod only what its containers may use changes. */
  #resized(kind: Kind, current: Pod, wanted: Pod, writer: Writer): KubernetesObject {
    const next = copyOf(current)
    for (const list of ['containers', 'initContainers'] as const)
      for (const container of next.spec[list] ?? []) {
        const resources = wanted.spec[list]?.find(({ name }) => name === container.name)?.resources
        if (resources) container.resources = copyOf(resources)
      }
    kind.defaults?.(next)
    const errors = kind.validate?.(next) ?? []
    const quality = qualityOfService(next.spec)
    if (quality !== qualityOfService(current.spec))
      errors.push(invalid('spec', quality, 'Pod QOS Class may not change as a result of resizing'))
    if (errors.length > 0) throw ApiError.invalid(kind, current.metadata.name, errors)
    for (const admission of admissions(kind, 'update'))
      admission.check?.({ kind, object: next, previous: current, writer, store: this })
    if (!isEqual(next.spec, current.spec)) next.metadata.generation = (current.metadata.generation ?? 0) + 1
    return next
  }

  #changed(kind: Kind, current: KubernetesObject, wanted: KubernetesObject, writer: Writer): KubernetesObject {
    const next = copyOf(wanted)
    const { metadata } = next
    const before = current.metadata
    next.apiVersion = current.apiVersion
    next.kind = current.kind
    delete metadata.managedFields
    metadata.resourceVersion = before.resourceVersion
    keep(metadata, before, 'uid')
    keep(metadata, before, 'creationTimestamp')
    keep(metadata, before, 'generateName')
    keep(metadata, before, 'generation')
    keep(metadata, before, 'deletionTimestamp')
    keep(metadata, before, 'deletionGracePeriodSeconds')
    if (kind.subresources.includes('status')) {
      const { status } = current as { status?: unknown }
      if (status === undefined) delete (next as { status?: unknown }).status
      else (next as { status?: unknown }).status = status
    }
    kind.defaults?.(next)
    for (const admission of admissions(kind, 'update'))
      admission.admit?.({ kind, object: next, previous: current, writer, store: this })
    kind.prepare?.(next, current)
    const errors = validateMetadataUpdate(metadata, before)
    if (kind.validate) errors.push(...kind.validate(next))
    if (kind.validateUpdate) errors.push(...kind.validateUpdate(next, current))
    if (errors.length > 0) throw ApiError.invalid(kind, metadata.name, errors)
    for (const admission of admissions(kind, 'update'))
      admission.check?.({ kind, object: next, previous: current, writer, store: this })
    this.#say(kind, next, current, writer)
    this.allocations.give(kind, next, current, Boolean(writer.isDryRun))
    if (before.generation !== undefined && !isSameWish(kind, next, current)) metadata.generation = before.generation + 1
    return next
  }

  findEntry(kind: Kind, namespace: string | undefined, name: string): Entry | undefined {
    return this.storage.collection(kind).get(kind.namespaced ? (namespace ?? '') : '', name)
  }

  #remove(kind: Kind, entry: Entry, last: KubernetesObject): void {
    const metadata = { ...last.metadata, resourceVersion: String(this.storage.nextRevision()) }
    this.allocations.takeBack(kind, last)
    this.storage.remove(kind, entry, freeze({ ...last, metadata }))
  }

  #note(
    entry: Entry,
    writer: Writer,
    previous: KubernetesObject | undefined,
    next: KubernetesObject,
    subresource: string,
  ): void {
    const { applied, manager } = writer
    const operation = applied ? 'Apply' : 'Update'
    const author = { manager, operation, subresource, time: this.timestamp } as const
    entry.ownership.record(author, previous, next, applied && entry.ownership.claimOf(applied))
  }

  #touch(kind: Kind): void {
    if (kind === lease) return
    this.#lastChange = this.#clock.now
    this.#version++
  }

  #say(kind: Kind, object: KubernetesObject, previous: KubernetesObject | undefined, writer: Writer): void {
    if (writer.warn && kind.warnings) for (const text of kind.warnings(object, previous)) writer.warn(text)
  }
}

// Generated names are cut so that five letters fit: k8s.io/apiserver/pkg/storage/names/generate.go
const longestPrefix = 58

function generate(prefix: string, random: Random): string {
  return prefix.slice(0, longestPrefix) + random.suffix(5)
}

/** A change must be meant for this object and for this version of it. */
function requireSameObject(kind: Kind, wanted: KubernetesObject, current: KubernetesObject): void {
  const { uid, resourceVersion, name } = current.metadata
  if (wanted.metadata.uid && wanted.metadata.uid !== uid)
    throw ApiError.conflict(kind, name, preconditionText('UID', wanted.metadata.uid, uid))
  if (wanted.metadata.resourceVersion && wanted.metadata.resourceVersion !== resourceVersion)
    throw ApiError.conflict(kind, name)
}

function preconditionText(what: string, wanted: string, actual: string): string {
  return `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${actual}`
}

interface Judged {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

/** Of a request for a certificate only what has been decided about it changes. */
function withApproval(
  kind: Kind,
  current: KubernetesObject,
  wanted: KubernetesObject,
  timestamp: string,
): KubernetesObject {
  const before = (current as Judged).status
  const conditions = (wanted as Judged).status?.conditions?.map(condition => ({
    ...condition,
    lastUpdateTime: (condition as { lastUpdateTime?: string }).lastUpdateTime ?? timestamp,
    lastTransitionTime: (condition as { lastTransitionTime?: string }).lastTransitionTime ?? timestamp,
  }))
  const metadata = withMarks(kind, current.metadata, wanted.metadata)
  return { ...current, metadata, status: { ...before, ...(conditions && { conditions }) } } as KubernetesObject
}

function withStatus(kind: Kind, current: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  const { status } = wanted as { status?: unknown }
  const next = {
    ...current,
    metadata: withMarks(kind, current.metadata, wanted.metadata),
    ...(status !== undefined && { status: kind.custom ? copyOf(status) : status }),
  }
  if (status === undefined) delete (next as { status?: unknown }).status
  if (kind.custom) kind.defaults?.(next)
  const errors = kind.validateStatus?.(next, current) ?? []
  if (errors.length > 0) throw ApiError.invalid(kind, current.metadata.name, errors)
  return next
}

/** Who writes a status may mark the object too: PrepareForUpdate of the status strategies in pkg/registry. */
function withMarks(kind: Kind, current: ObjectMeta, wanted: ObjectMeta): ObjectMeta {
  const marks = (['labels', 'annotations', 'finalizers'] as const).filter(
    mark => !(mark === 'labels' && kind.kind === 'Deployment') && !isEqual(wanted[mark], current[mark]),
  )
  if (kind.custom || marks.length === 0) return current
  const next = { ...current }
  for (const mark of marks) keep(next, wanted, mark)
  return next
}

function keep<T extends object, K extends keyof T>(target: T, source: T, field: K): void {
  if (source[field] === undefined) delete target[field]
  else target[field] = source[field]
}

/** Whether all but metadata and status is the same. */
function isSameWish(kind: Kind, a: KubernetesObject, b: KubernetesObject): boolean {
  const left = a as unknown as Readonly<Record<string, unknown>>
  const right = b as unknown as Readonly<Record<string, unknown>>
  const fields = new Set([...Object.keys(left), ...Object.keys(right)])
  fields.delete('metadata')
  if (!kind.custom || kind.subresources.includes('status')) fields.delete('status')
  return [...fields].every(field => isEqual(left[field], right[field]))
}

/** Whether a node only says again that it is well. */
function isHeartbeat(next: KubernetesObject, current: KubernetesObject): boolean {
  return isEqual(withoutTimes(next), withoutTimes(current))
}

interface Reported {
  readonly status?: { readonly conditions?: readonly { readonly lastHeartbeatTime?: string }[] }
}

function withoutTimes(object: KubernetesObject): unknown {
  const { status } = object as Reported
  const conditions = status?.conditions?.map(({ lastHeartbeatTime: _, ...rest }) => rest)
  return { ...object, metadata: { ...object.metadata, resourceVersion: '' }, status: { ...status, conditions } }
}
