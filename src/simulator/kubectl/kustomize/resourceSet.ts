import { Failure } from '../failure.ts'
import type { Resource } from './resource.ts'
import { effectiveNamespace, formatId, goSyntaxOfId, isClusterScoped, isSameId, type ResourceId } from './resourceId.ts'

/** The resources of a build in the order in which they came; no two have the same identity. */
export class ResourceSet implements Iterable<Resource> {
  #all: Resource[] = []

  get size(): number {
    return this.#all.length
  }

  [Symbol.iterator](): Iterator<Resource> {
    return [...this.#all][Symbol.iterator]()
  }

  add(resource: Resource): void {
    if (this.#all.some(each => isSameId(each.id, resource.id)))
      throw new Failure(`may not add resource with an already registered id: ${formatId(resource.id)}`)
    this.#all.push(resource)
  }

  addAll(resources: Iterable<Resource>): void {
    for (const resource of resources) this.add(resource)
  }

  remove(resource: Resource): void {
    this.#all = this.#all.filter(each => each !== resource)
  }

  keep(isKept: (resource: Resource) => boolean): void {
    this.#all = this.#all.filter(isKept)
  }

  sort(order: (a: Resource, b: Resource) => number): void {
    this.#all.sort(order)
  }

  /** Those that have or had an identity. */
  everKnownAs(id: ResourceId): Resource[] {
    return this.#all.filter(each => each.ids.some(other => isSameId(id, other)))
  }

  knownAs(id: ResourceId): Resource[] {
    return this.#all.filter(each => isSameId(id, each.id))
  }

  /** The one resource that a patch means by its own name. */
  target(id: ResourceId): Resource {
    const found = this.everKnownAs(id)
    if (found.length === 1) return found[0]!
    const count = found.length === 0 ? 'no' : 'multiple'
    const text = formatId(id)
    throw new Failure(`${count} matches for Id ${text}; failed to find unique target for patch ${text}`)
  }

  /** Adds a generated resource, or lets it replace or complete the one that has its name. */
  absorb(resource: Resource): void {
    const { id, behavior } = resource
    const [old, ...more] = this.everKnownAs(id)
    const isOfOld = behavior === 'merge' || behavior === 'replace'
    if (more.length > 0)
      throw new Failure(`found multiple objects ${[old, ...more].length} that could accept merge of ${formatId(id)}`)
    if (!old) {
      if (isOfOld) throw new Failure(`id ${goSyntaxOfId(id)} does not exist; cannot merge or replace`)
      return this.add(resource)
    }
    if (!isOfOld) {
      throw new Failure(
        `id ${goSyntaxOfId(id)} exists; can not use behavior: '${behavior}', behavior must be merge or replace`,
      )
    }
    takePlace(resource, old)
    this.#all[this.#all.indexOf(old)] = resource
  }

  /** What a resource may name in its fields: its own namespace, what has none, and what a role binding points to. */
  referableBy(referrer: Resource): Resource[] {
    if (isClusterScoped(referrer.id)) return [...this.#all]
    const home = effectiveNamespace(referrer.id)
    const others = boundNamespaces(referrer)
    return this.#all.filter(
      ({ id }) => isClusterScoped(id) || effectiveNamespace(id) === home || others.has(id.namespace),
    )
  }
}

/** What a generated resource takes over from the one it stands in for: its name, labels, and with `merge` its data. */
function takePlace(resource: Resource, old: Resource): void {
  const { object, behavior } = resource
  const before = old.object
  for (const field of ['labels', 'annotations'] as const) {
    const merged = { ...before.metadata[field], ...object.metadata[field] }
    if (Object.keys(merged).length > 0) object.metadata[field] = merged
  }
  object.metadata.name = old.name
  if (old.namespace) object.metadata.namespace = old.namespace
  resource.takeHistoryOf(old)
  if (behavior !== 'merge') return
  for (const field of ['data', 'binaryData']) {
    const merged = { ...(before[field] as object | undefined), ...(object[field] as object | undefined) }
    if (Object.keys(merged).length > 0) object[field] = merged
  }
}

function boundNamespaces({ object }: Resource): Set<unknown> {
  if (object.kind !== 'RoleBinding') return new Set()
  const subjects = (object['subjects'] ?? []) as { kind?: string; namespace?: string }[]
  return new Set(subjects.filter(subject => subject.kind === 'ServiceAccount').map(subject => subject.namespace))
}
