import type { KubernetesObject } from '../../api/object.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Store } from '../store.ts'
import type { Route } from './route.ts'
import type { Asked } from './server.ts'
import { type Included, listKindOf, partial, tableOf } from './table.ts'

type Form = 'whole' | 'table' | 'metadata'

/** Objects as a client wants to see them: whole, as rows of a table, or nothing but their metadata. */
export class Presentation {
  readonly #store: Store
  readonly #kind: Kind
  readonly #view: Kind | undefined
  readonly #form: Form
  readonly #included: Included | undefined

  constructor(store: Store, { kind, view }: Pick<Route, 'kind' | 'view'>, { headers, query }: Asked) {
    this.#store = store
    this.#kind = kind
    this.#view = view
    this.#form = formsIn(headers['accept'])[0] ?? 'whole'
    this.#included = query['includeObject'] as Included | undefined
  }

  one(object: KubernetesObject): unknown {
    return this.change(object, true)
  }

  list(items: readonly KubernetesObject[], metadata: Readonly<Record<string, unknown>>): unknown {
    switch (this.#form) {
      case 'table':
        return this.#table(items, metadata, true)
      case 'metadata': {
        const partials = items.map(item => partial(this.owned(item)))
        return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: partials }
      }
      default: {
        const shown = items.map(item => withoutType(seenAs(this.#view, this.owned(item))))
        return { ...listKindOf(this.#view ?? this.#kind), metadata, items: shown }
      }
    }
  }

  /** An object of a watch: only the first table brings its columns. */
  change(object: KubernetesObject, isFirst: boolean): unknown {
    switch (this.#form) {
      case 'table':
        return this.#table([object], { resourceVersion: object.metadata.resourceVersion }, isFirst)
      case 'metadata':
        return partial(this.owned(object))
      default:
        return seenAs(this.#view, this.owned(object))
    }
  }

  /** How far a watch has come, in the form of its other events. */
  bookmark(object: KubernetesObject): unknown {
    if (this.#form === 'metadata') return partial(object)
    if (this.#form !== 'table') return object
    const { resourceVersion } = object.metadata
    return {
      ...this.#table([], { resourceVersion }, false),
      rows: [{ cells: this.#kind.columns.map(() => null), object: partial(object) }],
    }
  }

  /** The object with the list of who owns which of its fields, which is made only when someone looks. */
  owned(object: KubernetesObject): KubernetesObject {
    const ownership = this.#store.storage.ownershipOf(object)
    const managedFields = ownership?.managedFields(object.apiVersion, object) ?? []
    if (managedFields.length === 0) return object
    return { ...object, metadata: { ...object.metadata, managedFields } }
  }

  // Simplified: tables leave managed fields out.
  #table(objects: readonly KubernetesObject[], metadata: Readonly<Record<string, unknown>>, hasColumns: boolean) {
    // Versions of a custom kind have columns of their own.
    const kind = this.#view?.custom ? this.#view : this.#kind
    return tableOf(kind, objects, this.#store.now, metadata, this.#included, hasColumns)
  }
}

/** Whether a client takes plain objects, by its Accept header. */
export function acceptsObjects(accept: string | undefined): boolean {
  const forms = formsIn(accept)
  return forms.length === 0 || forms.includes('whole')
}

/** The forms that an Accept header names, in its order. */
function formsIn(accept = ''): Form[] {
  return accept
    .split(',')
    .map(range => range.replaceAll(' ', ''))
    .filter(range => range !== '')
    .map(range => (/;as=Table(;|$)/.test(range) ? 'table' : /;as=PartialObject/.test(range) ? 'metadata' : 'whole'))
}

/** An object as the path of the request names its kind. */
export function seenAs(view: Kind | undefined, object: KubernetesObject): KubernetesObject {
  return view?.view ? view.view.fromStored(object as never) : object
}

/** Items of a list leave out what the list says of all. */
export function withoutType(object: KubernetesObject): Omit<KubernetesObject, 'apiVersion' | 'kind'> {
  const { apiVersion: _, kind: __, ...rest } = object
  return rest
}
