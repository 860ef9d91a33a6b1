import { type ApiWords, openApiDocument } from '../../api/openApi.ts'
import { apiVersionOf, type Kind } from '../../kinds/kind.ts'

const root = '/openapi/v3'

/** Describes the types of the API: `/openapi/v3` lists the documents, one for each group and version. */
export class OpenApi {
  readonly #kinds: readonly Kind[]
  readonly #documents = new Map<string, unknown>()

  constructor(kinds: readonly Kind[]) {
    this.#kinds = kinds
  }

  /** The answer for a path; undefined for other paths and for groups that do not exist. */
  answer(path: string, words: ApiWords | undefined): unknown {
    if (path === root)
      return {
        paths: Object.fromEntries(this.#places().map(place => [place, { serverRelativeURL: `${root}/${place}` }])),
      }
    if (!path.startsWith(`${root}/`)) return undefined
    const place = path.slice(root.length + 1)
    const key = `${place}${words ? ' with words' : ''}`
    if (!this.#documents.has(key)) {
      const kinds = this.#kinds.filter(kind => placeOf(kind) === place)
      if (kinds.length === 0) return undefined
      this.#documents.set(key, openApiDocument(kinds, words))
    }
    return this.#documents.get(key)
  }

  #places(): string[] {
    return [...new Set(this.#kinds.map(placeOf))]
  }
}

/** `api/v1`, `apis/apps/v1`. */
function placeOf(kind: Kind): string {
  return `${kind.group ? 'apis' : 'api'}/${apiVersionOf(kind)}`
}
