import type { Kind } from '../../kinds/kind.ts'
import type { Storage } from '../storage.ts'
import { Discovery } from './discovery.ts'
import { OpenApi } from './openApi.ts'
import { Routes } from './route.ts'

/** What clients may ask for: follows the kinds that come and go. */
export class Catalogue {
  readonly #openApi = new OpenApi()
  readonly #storage: Storage
  readonly #foreign: () => readonly Kind[]
  #kinds: readonly Kind[] | undefined
  #foreignKinds: readonly Kind[] = []
  #routes = new Routes([])
  readonly #address: string
  #discovery: Discovery

  /** `foreign` gives the kinds that other servers have, `address` is the server's own. */
  constructor(storage: Storage, foreign: () => readonly Kind[], address: string) {
    this.#address = address
    this.#discovery = new Discovery([], address)
    this.#storage = storage
    this.#foreign = foreign
  }

  get routes(): Routes {
    this.#refresh()
    return this.#routes
  }

  get discovery(): Discovery {
    this.#refresh()
    return this.#discovery
  }

  get openApi(): OpenApi {
    this.#refresh()
    return this.#openApi
  }

  #refresh(): void {
    const { kinds } = this.#storage
    const foreign = this.#foreign()
    if (kinds === this.#kinds && foreign === this.#foreignKinds) return
    this.#foreignKinds = foreign
    const custom = kinds.filter(kind => kind.custom?.isServed).sort(byGroup)
    const served = [...kinds.filter(kind => !kind.custom), ...custom]
    this.#kinds = kinds
    this.#routes = new Routes(served)
    this.#discovery = new Discovery([...served, ...foreign], this.#address)
    this.#openApi.kinds = served
  }
}

/** Groups that definitions define come after all others, in the order of their names. */
function byGroup({ group: a }: Kind, { group: b }: Kind): number {
  return a < b ? -1 : a > b ? 1 : 0
}
