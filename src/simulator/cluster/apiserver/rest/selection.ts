import { ApiError } from '../../api/error.ts'
import { type FieldRequirement, parseFieldSelector, textAt } from '../../api/fieldSelector.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { matchesRequirements, parseSelector, type Requirement } from '../../api/selector.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Storage } from '../storage.ts'
import type { Route } from './route.ts'

type Subject = Pick<Route, 'kind' | 'namespace'> & Partial<Pick<Route, 'view'>>

/** Which objects of a kind a request is about. */
export class Selection {
  readonly kind: Kind
  readonly namespace: string | undefined
  readonly #labels: readonly Requirement[]
  readonly #fields: readonly FieldRequirement[]

  constructor({ kind, namespace, view }: Subject, query: Readonly<Record<string, string>>) {
    this.kind = kind
    this.namespace = namespace
    this.#labels = refusing(() => parseSelector(query['labelSelector'] ?? ''))
    const names = view?.view?.fieldNames
    this.#fields = refusing(() => parseFieldSelector(query['fieldSelector'] ?? '')).map(requirement => ({
      ...requirement,
      field: names?.[requirement.field] ?? requirement.field,
    }))
    const known = new Set([
      'metadata.name',
      ...(kind.namespaced ? ['metadata.namespace'] : []),
      ...(kind.fieldLabels ?? []),
    ])
    for (const { field } of this.#fields)
      if (!known.has(field))
        throw ApiError.badRequest(
          kind.fieldLabels
            ? `field label not supported: ${field}`
            : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
        )
  }

  matches(object: KubernetesObject): boolean {
    if (this.namespace !== undefined && object.metadata.namespace !== this.namespace) return false
    if (!matchesRequirements(this.#labels, object.metadata.labels)) return false
    return this.#fields.every(({ field, operator, value }) => {
      const text = this.kind.fieldText?.(object, field) ?? textAt(object, field)
      return (text === value) === (operator === '=')
    })
  }

  /** The objects that match, by namespace and name, found by an index where one helps. */
  find(storage: Storage): KubernetesObject[] {
    const collection = storage.collection(this.kind)
    const node = this.#fields.find(({ field, operator }) => field === 'spec.nodeName' && operator === '=')
    const entries = node ? collection.onNode(node.value) : collection.entries(this.namespace)
    const found: KubernetesObject[] = []
    for (const { object } of entries) if (this.matches(object)) found.push(object)
    return found.sort(byName)
  }
}

/** The order of keys in the real store. */
function byName({ metadata: a }: KubernetesObject, { metadata: b }: KubernetesObject): number {
  const [left, right] = [`${a.namespace ?? ''}/${a.name}`, `${b.namespace ?? ''}/${b.name}`]
  return left < right ? -1 : left > right ? 1 : 0
}

/** A selector that makes no sense is the client's mistake. */
export function refusing<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw ApiError.badRequest(error instanceof Error ? error.message : String(error))
  }
}
