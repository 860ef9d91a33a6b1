import { mergeApplied, withoutFields } from '../api/applyMerge.ts'
import { ApiError } from '../api/error.ts'
import { compareFields, fieldsOf } from '../api/fieldComparison.ts'
import { FieldSet } from '../api/fieldSet.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { FieldsShape } from '../api/shape.ts'
import type { StatusCause } from '../api/status.ts'

/** Who changes an object, how, and when. */
export interface Author {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly subresource: string
  readonly time: string
}

/** What one author owns of an object. */
interface Share {
  readonly author: Author
  readonly fields: FieldSet
}

/** A change that nobody has looked at closely yet. */
interface Change {
  readonly author: Author
  readonly previous: KubernetesObject | undefined
  next: KubernetesObject
  /** Fields that an apply claims. */
  readonly applied: FieldSet | undefined
}

// So many changes wait before they are worked through; a row of changes by one author counts as one.
const mostWaiting = 12

/**
 * Who has written which field of an object. Changes are only noted; the fields are worked out when someone asks, which
 * is seldom, because comparing objects costs more than all the rest of a write.
 */
export class Ownership {
  #shares: Share[] = []
  #changes: Change[] = []
  #shape: FieldsShape
  /** The shares as they were when each version was written, as far as someone looked meanwhile. */
  readonly #past = new WeakMap<KubernetesObject, Share[]>()

  constructor(shape: FieldsShape) {
    this.#shape = shape
  }

  /** From now on the object has another schema. */
  reshape(shape: FieldsShape): void {
    this.#work()
    this.#shape = shape
  }

  /** Notes a change. `applied` is what an apply claims, changed or not. */
  record(author: Author, previous: KubernetesObject | undefined, next: KubernetesObject, applied?: FieldSet): void {
    const last = this.#changes.at(-1)
    if (last && !applied && !last.applied && isSameAuthor(last.author, author) && last.author.time === author.time) {
      last.next = next
      return
    }
    this.#changes.push({ author, previous, next, applied })
    if (this.#changes.length > mostWaiting) this.#work()
  }

  /** The fields as objects carry them in `metadata.managedFields`: those of a version, or of the last one. */
  managedFields(apiVersion: string, version?: KubernetesObject): unknown[] {
    this.#work()
    const shares = (version && this.#past.get(version)) ?? this.#shares
    return shares.map(({ author, fields }) => ({
      manager: author.manager,
      operation: author.operation,
      apiVersion,
      time: author.time,
      fieldsType: 'FieldsV1',
      fieldsV1: fields.toJson(),
      ...(author.subresource && { subresource: author.subresource }),
    }))
  }

  /** Takes over what a client has written into `metadata.managedFields`. */
  replace(managedFields: readonly ManagedFieldsEntry[]): void {
    this.#work()
    this.#shares = managedFields.map(entry => ({
      author: {
        manager: entry.manager ?? '',
        operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
        subresource: entry.subresource ?? '',
        time: entry.time ?? '',
      },
      fields: FieldSet.fromJson(entry.fieldsV1),
    }))
  }

  /**
   * The object that results from applying a configuration: its fields laid over the live ones, without those that this
   * manager applied before and nobody else wants. Throws a conflict when it would change what others own.
   */
  apply(live: KubernetesObject, applied: KubernetesObject, author: Author, isForced: boolean): KubernetesObject {
    this.#work()
    const wanted = fieldsOf(this.#shape, applied)
    const merged = mergeApplied(this.#shape, live, applied)
    const before = this.#shares.find(share => isSameAuthor(share.author, author))?.fields ?? FieldSet.empty
    const others = this.#shares.filter(share => !isSameAuthor(share.author, author))
    const wantedByOthers = others.reduce((all, share) => all.union(share.fields), FieldSet.empty)
    const dropped = before.withoutBranches(wanted.union(wantedByOthers))
    const result = withoutFields(this.#shape, merged, dropped) as KubernetesObject
    if (!isForced) refuseConflicts(others, compareFields(this.#shape, live, result).changed, applied.apiVersion)
    return result
  }

  claimOf(applied: KubernetesObject): FieldSet {
    return fieldsOf(this.#shape, applied)
  }

  #work(): void {
    const changes = this.#changes
    this.#changes = []
    for (const { author, previous, next, applied } of changes) {
      const { changed, removed } = compareFields(this.#shape, previous, next)
      const own = author.subresource === 'status' ? onlyStatus(changed) : previous ? changed : withoutStatus(changed)
      const claimed = applied ?? own
      if (claimed.isEmpty && removed.isEmpty && !applied) {
        this.#past.set(next, this.#shares)
        continue
      }
      this.#shares = this.#shares.flatMap(share => {
        const isOwn = isSameAuthor(share.author, author)
        const fields = share.fields.difference(removed).difference(isOwn ? FieldSet.empty : own)
        return isOwn || fields.isEmpty ? (isOwn ? [{ ...share, fields }] : []) : [{ ...share, fields }]
      })
      this.#give(author, claimed, applied !== undefined)
      this.#past.set(next, this.#shares)
    }
  }

  /** Adds fields to an author's share; an apply says all that it wants and gives up the rest. */
  #give(author: Author, fields: FieldSet, isAll: boolean): void {
    const index = this.#shares.findIndex(share => isSameAuthor(share.author, author))
    const before = this.#shares[index]
    const after = isAll ? fields : (before?.fields.union(fields) ?? fields)
    const rest = this.#shares.filter((_, place) => place !== index)
    if (after.isEmpty) this.#shares = rest
    else if (before?.fields.equals(after)) return
    else this.#shares = [...rest, { author, fields: after }].sort(byOperation)
  }
}

/** One entry of `metadata.managedFields` as clients write it. */
export interface ManagedFieldsEntry {
  readonly manager?: string
  readonly operation?: string
  readonly subresource?: string
  readonly time?: string
  readonly fieldsV1?: unknown
}

function isSameAuthor(a: Author, b: Author): boolean {
  return a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource
}

/** Applies stand first, each kind in the order of time. */
function byOperation(a: Share, b: Share): number {
  if (a.author.operation !== b.author.operation) return a.author.operation === 'Apply' ? -1 : 1
  return a.author.time < b.author.time ? -1 : a.author.time > b.author.time ? 1 : 0
}

function onlyStatus(fields: FieldSet): FieldSet {
  return new FieldSet(false, new Map([...fields.children].filter(([key]) => key === 'f:status')))
}

function withoutStatus(fields: FieldSet): FieldSet {
  return new FieldSet(false, new Map([...fields.children].filter(([key]) => key !== 'f:status')))
}

function refuseConflicts(others: readonly Share[], changed: FieldSet, apiVersion: string): void {
  const conflicts = others
    .map(({ author, fields }) => ({ author, paths: [...fields.intersection(changed).paths()] }))
    .filter(({ paths }) => paths.length > 0)
  if (conflicts.length === 0) return
  const count = conflicts.reduce((sum, { paths }) => sum + paths.length, 0)
  const causes: StatusCause[] = conflicts.flatMap(({ author, paths }) =>
    paths.map(field => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${describe(author, apiVersion)}`,
      field,
    })),
  )
  const texts = conflicts.map(({ author, paths }) =>
    paths.length === 1
      ? `conflict with ${describe(author, apiVersion)}: ${paths[0]}`
      : `conflicts with ${describe(author, apiVersion)}:\n${paths.map(path => `- ${path}`).join('\n')}`,
  )
  const message = `Apply failed with ${count} ${count === 1 ? 'conflict' : 'conflicts'}: ${texts.join('\n')}`
  throw new ApiError(409, 'Conflict', message, { causes })
}

function describe({ manager, operation, subresource }: Author, apiVersion: string): string {
  const part = subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''
  return `${JSON.stringify(manager)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`
}
