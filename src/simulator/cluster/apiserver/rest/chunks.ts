import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Store } from '../store.ts'

/** Where a list goes on: behind a key, in the state of a revision. No revision means whatever is there by then. */
interface Token {
  readonly v: 'meta.k8s.io/v1'
  readonly rv: number
  readonly start: string
}

/** A part of a list, with what the client needs to ask for the rest. */
export interface Chunk {
  readonly items: readonly KubernetesObject[]
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

// The store forgets old revisions every five minutes: --etcd-compaction-interval of kube-apiserver.
const compactionInterval = 300_000

/**
 * Hands out long lists in parts.
 * Simplified: later parts show objects as they are by then, not as they were in the list's revision.
 */
export class Chunks {
  readonly #store: Store
  /** Which revisions lists were begun at, and when: simulated milliseconds. */
  readonly #begun = new Map<number, number>()

  constructor(store: Store) {
    this.#store = store
  }

  /** The part of all objects (in the order of their keys) that a query asks for. */
  cut(all: readonly KubernetesObject[], query: Readonly<Record<string, string>>): Chunk {
    const { revision } = this.#store.storage
    const token = query['continue'] ? readToken(query['continue']) : undefined
    if (token) this.#requireRemembered(token)
    const rest = token ? all.filter(object => keyOf(object) > token.start) : all
    const limit = Number(query['limit'] ?? 0)
    const items = limit > 0 ? rest.slice(0, limit) : rest
    const at = token && token.rv > 0 ? token.rv : revision
    const left = rest.length - items.length
    if (left === 0) return { items, resourceVersion: String(at) }
    if (!this.#begun.has(at)) this.#begun.set(at, this.#store.now)
    // How many are left is not known where a selector leaves some out.
    const isCounted = !query['labelSelector'] && !query['fieldSelector']
    return {
      items,
      resourceVersion: String(at),
      continue: writeToken(at, keyOf(items.at(-1)!)),
      ...(isCounted && { remainingItemCount: left }),
    }
  }

  #requireRemembered({ rv, start }: Token): void {
    if (rv < 0) return
    const { now } = this.#store
    for (const [revision, since] of this.#begun) if (now - since > compactionInterval) this.#begun.delete(revision)
    if (this.#begun.has(rv)) return
    const error = ApiError.expired(tooOld)
    throw new ApiError(error.code, error.reason, tooOld, undefined, { continue: writeToken(-1, start) })
  }
}

// The words of handleCompactedErrorForPaging in k8s.io/apiserver/pkg/storage/etcd3.
const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted ' +
  'between the time the first chunk was returned and now may show up in the list.'

function writeToken(rv: number, start: string): string {
  const token: Token = { v: 'meta.k8s.io/v1', rv, start }
  return btoa(JSON.stringify(token)).replace(/=+$/, '')
}

function readToken(text: string): Token {
  try {
    const { v, rv, start } = JSON.parse(atob(text)) as Token
    if (v !== 'meta.k8s.io/v1' || typeof rv !== 'number' || typeof start !== 'string') throw new Error()
    return { v, rv, start }
  } catch {
    throw ApiError.badRequest('continue key is not valid: incorrect encoded token')
  }
}

/** The order of keys in the real store. */
function keyOf({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${namespace}/${name}`
}
