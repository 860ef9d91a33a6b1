import type { Clock } from '../../clock.ts'
import type { Random } from '../../random.ts'
import { ApiError } from '../api/error.ts'
import type { ApiRequest, ApiResponse, Client, Dial, NodeConnection } from '../client.ts'
import { kinds } from '../kinds/registry.ts'
import { LocalClient } from './localClient.ts'
import { Store } from './store.ts'

export interface ApiServerOptions {
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds since 1970 at clock 0. */
  readonly epoch: number
}

/** The place where all parts of the cluster meet: it stores objects, checks them, and tells of their changes. */
export class ApiServer {
  /** How exec, logs, attach and port-forward reach the kubelet of a node. */
  readonly nodeProxy = new Map<string, NodeConnection>()
  /** How proxied requests reach an address inside the cluster. */
  dial: Dial | undefined
  readonly #store: Store

  constructor(options: ApiServerOptions) {
    this.#store = new Store({ ...options, kinds })
  }

  /** The door for a part of the cluster, which writes under its own name. */
  client(user: string): Client {
    return new LocalClient(this.#store, user)
  }

  /** When anything but a lease was last written, in simulated milliseconds. */
  lastChange(): number {
    return this.#store.lastChange
  }

  /** Answers a request as the real server would over HTTP. */
  request(_request: ApiRequest & { readonly user: string }): ApiResponse {
    const { status } = ApiError.unknownPath()
    return { status: status.code, headers: { 'content-type': 'application/json' }, body: status }
  }
}
