import { openApiDocument, swaggerDocument } from '../../api/openapi/document.ts'
import { TypeNames } from '../../api/openapi/typeNames.ts'
import type { ApiWords } from '../../api/openapi/words.ts'
import { apiVersionOf, type Kind } from '../../kinds/kind.ts'

const root = '/openapi/v3'
const wholePlace = '/openapi/v2'

/** Describes the types of the API: `/openapi/v3` lists the documents, one for each group and version. */
export class OpenApi {
  #kinds: readonly Kind[] = []
  #names: TypeNames | undefined
  readonly #documents = new Map<string, unknown>()

  /** Documents of groups whose kinds stay are kept. */
  set kinds(kinds: readonly Kind[]) {
    const [before, after] = [new Set(this.#kinds), new Set(kinds)]
    const changed = [...this.#kinds, ...kinds].filter(kind => !before.has(kind) || !after.has(kind))
    for (const place of [wholePlace, ...changed.map(placeOf)])
      for (const hasWords of [false, true]) this.#documents.delete(keyOf(place, hasWords))
    this.#kinds = kinds
  }

  /** The answer for a path; undefined for other paths and for groups that do not exist. */
  answer(path: string, words: ApiWords | undefined): unknown {
    if (path === wholePlace) return this.#remembered(wholePlace, words, this.#kinds)
    if (path === root || path === `${root}/`)
      return {
        paths: Object.fromEntries(this.#places().map(place => [place, { serverRelativeURL: `${root}/${place}` }])),
      }
    if (!path.startsWith(`${root}/`)) return undefined
    const place = path.slice(root.length + 1)
    const kinds = this.#kinds.filter(kind => placeOf(kind) === place)
    return kinds.length > 0 ? this.#remembered(place, words, kinds) : undefined
  }

  /** Documents are large: each is made when it is first asked for. */
  #remembered(place: string, words: ApiWords | undefined, kinds: readonly Kind[]): unknown {
    const key = keyOf(place, words !== undefined)
    let document = this.#documents.get(key)
    if (!document) {
      this.#names ??= new TypeNames(this.#kinds)
      const make = place === wholePlace ? swaggerDocument : openApiDocument
      this.#documents.set(key, (document = make(kinds, this.#names, words)))
    }
    return document
  }

  #places(): string[] {
    return [...new Set(this.#kinds.map(placeOf))]
  }
}

/** `api/v1`, `apis/apps/v1`. */
function placeOf(kind: Kind): string {
  return `${kind.group ? 'apis' : 'api'}/${apiVersionOf(kind)}`
}

function keyOf(place: string, hasWords: boolean): string {
  return hasWords ? `${place} with words` : place
}
