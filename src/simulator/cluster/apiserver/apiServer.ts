import type { Clock } from '../../clock.ts'
import type { Random } from '../../random.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { ApiWords } from '../api/openapi/words.ts'
import type { ApiRequest, ApiResponse, Client, Dial, NodeConnection } from '../client.ts'
import { kinds } from '../kinds/registry.ts'
import { Definitions } from './definitions.ts'
import { LocalClient } from './localClient.ts'
import { type Asker, RestServer } from './rest/server.ts'
import { Store } from './store.ts'

export interface ApiServerOptions {
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
  /** Where it says that clients reach it. */
  readonly address?: string
  /** Where Services get their addresses from. */
  readonly serviceRange?: string
}

/** The place where all parts of the cluster meet: it stores objects, checks them, and tells of their changes. */
export class ApiServer {
  /** How exec, logs, attach and port-forward reach the kubelet of a node. */
  readonly nodeProxy = new Map<string, NodeConnection>()
  /** How proxied requests reach an address inside the cluster. */
  dial: Dial | undefined
  /** What the fields of the API mean, once someone has loaded it; documents are silent before. */
  words: ApiWords | undefined
  readonly #store: Store
  readonly #rest: RestServer

  constructor(options: ApiServerOptions) {
    this.#store = new Store({ serviceRange: '10.96.0.0/12', ...options, kinds, dial: () => this.dial })
    new Definitions(this.#store)
    this.#rest = new RestServer({
      store: this.#store,
      random: options.random.fork('rest'),
      nodes: this.nodeProxy,
      dial: () => this.dial,
      words: () => this.words,
      address: options.address ?? '127.0.0.1',
    })
  }

  /** The door for a part of the cluster, which writes under its own name. */
  client(user: string): Client {
    return new LocalClient(this.#store, user)
  }

  /** When anything but a lease was last written, in simulated milliseconds. */
  lastChange(): number {
    return this.#store.lastChange
  }

  /** Grows with every write of anything but a lease. */
  get version(): number {
    return this.#store.version
  }

  /** Every stored object, by kind and then in the order of creation. */
  snapshot(): Record<string, readonly KubernetesObject[]> {
    const { storage } = this.#store
    return Object.fromEntries(
      storage.kinds.map(kind => [kind.plural, Array.from(storage.collection(kind).entries(), entry => entry.object)]),
    )
  }

  /** Answers a request as the real server would over HTTP. */
  request(request: ApiRequest & Asker): ApiResponse {
    return this.#rest.answer(request)
  }
}
