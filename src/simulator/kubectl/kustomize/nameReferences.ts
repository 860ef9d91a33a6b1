import { Failure } from '../failure.ts'
import { type FieldSpec, type Place, visit } from './fieldPath.ts'
import { references } from './references.ts'
import type { Resource } from './resource.ts'
import { effectiveNamespace, formatId, type Gvk, isClusterScoped, isSelected } from './resourceId.ts'
import type { ResourceSet } from './resourceSet.ts'

/** Lets the fields that name other resources follow those that were renamed or moved. */
export function fixNameReferences(resources: ResourceSet): void {
  for (const referrer of resources) {
    let candidates: readonly Resource[] | undefined
    for (const { from, ...target } of references) {
      for (const spec of from) {
        if (!isSelected(referrer.originalId, spec)) continue
        candidates ??= resources.referableBy(referrer)
        follow(referrer, spec, new Referral(referrer, spec, target, candidates))
      }
    }
  }
}

function follow(referrer: Resource, { path }: FieldSpec, referral: Referral): void {
  try {
    visit(referrer, { path }, undefined, place => referral.update(place))
  } catch (error) {
    throw new Failure(
      `updating name reference in '${path}' field of '${formatId(referrer.id)}': ${(error as Error).message}`,
    )
  }
}

type NamedMap = { name?: unknown; namespace?: unknown }

/** One field of a resource that may name others of some kind. */
class Referral {
  readonly #referrer: Resource
  readonly #spec: FieldSpec
  readonly #target: Partial<Gvk>
  readonly #candidates: readonly Resource[]

  constructor(referrer: Resource, spec: FieldSpec, target: Partial<Gvk>, candidates: readonly Resource[]) {
    this.#referrer = referrer
    this.#spec = spec
    this.#target = target
    this.#candidates = candidates
  }

  update(place: Place): void {
    const { value } = place
    if (value === undefined || value === null) return
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) this.update({ value: item, set: changed => (value[i] = changed) })
    } else if (typeof value === 'object') this.#updateMap(value as NamedMap)
    else {
      const found = this.#choose(String(value), this.#candidates, ({ name }) => name)
      if (found && found.name !== value) place.set(found.name)
    }
  }

  /** A map names an object by `name` and `namespace`: both follow. */
  #updateMap(map: NamedMap): void {
    if (map.name === undefined) throw new Failure("path config error; no 'name' field in node")
    const candidates = map.namespace === undefined ? this.#candidates : this.#inNamespace(String(map.namespace))
    const found = this.#choose(String(map.name), candidates, ({ name, namespace }) => `${name}/${namespace}`)
    if (!found || (found.name === map.name && found.namespace === '')) return
    map.name = found.name
    if (found.namespace !== '') map.namespace = found.namespace
  }

  #inNamespace(namespace: string): readonly Resource[] {
    const spaced = this.#candidates.filter(({ id }) => !isClusterScoped(id))
    const before = spaced.filter(({ originalId }) => effectiveNamespace(originalId) === namespace)
    return before.length > 0 ? before : spaced.filter(({ id }) => effectiveNamespace(id) === namespace)
  }

  /** The resource that an old name means; undefined when none of that name was changed. */
  #choose(
    oldName: string,
    candidates: readonly Resource[],
    seen: (resource: Resource) => string,
  ): Resource | undefined {
    let found = candidates.filter(
      candidate =>
        candidate.pastIds.some(id => id.name === oldName) &&
        candidate.pastIds.some(id => isSelected(id, this.#target)) &&
        this.#isBound(candidate) &&
        this.#isReachable(candidate),
    )
    for (const mayBeEmpty of [true, false]) {
      if (found.length <= 1) return found[0]
      found = found.filter(candidate => isInSameLayer(candidate, this.#referrer, mayBeEmpty))
    }
    if (found.length <= 1) return found[0]
    if (new Set(found.map(seen)).size === 1) return found[0]
    throw new Failure(` found multiple possible referrals: ${found.map(({ id }) => formatId(id)).join(', ')}`)
  }

  /** The role of a binding must be of the kind that the binding says. */
  #isBound(candidate: Resource): boolean {
    if (!this.#spec.path.endsWith('roleRef/name')) return true
    const { apiGroup, kind } = (this.#referrer.object['roleRef'] ?? {}) as { apiGroup?: string; kind?: string }
    if (apiGroup === undefined || kind === undefined) return true
    return candidate.pastIds.some(id => isSelected(id, { group: apiGroup, kind }))
  }

  #isReachable({ id }: Resource): boolean {
    const home = this.#referrer.id
    if (isClusterScoped(home) || isClusterScoped(id) || id.kind === 'ServiceAccount') return true
    return effectiveNamespace(home) === effectiveNamespace(id)
  }
}

/** Whether two resources got their prefixes and suffixes from the same kustomizations. */
function isInSameLayer(a: Resource, b: Resource, mayBeEmpty: boolean): boolean {
  const isAlike = (mine: readonly string[], other: readonly string[]) =>
    (mayBeEmpty && (mine.length === 0 || other.length === 0)) || haveSameEnd(mine, other)
  return isAlike(a.prefixes, b.prefixes) && isAlike(a.suffixes, b.suffixes)
}

function haveSameEnd(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.min(a.length, b.length)
  if (length === 0) return a.length === b.length
  return a.slice(-length).join('\0') === b.slice(-length).join('\0')
}
