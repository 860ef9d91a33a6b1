import type { Process } from '../../../machine/program.ts'
import { hashText } from '../../../random.ts'
import { UpstreamFailure } from './failure.ts'
import type { MeshCluster, MeshEndpoint } from './settings.ts'
import { type DialOptions, dial, type UpstreamConnection } from './upstreamConnection.ts'

/** What a proxy remembers of one endpoint. */
class Host {
  endpoint: MeshEndpoint
  active = 0
  errors = 0
  gatewayErrors = 0
  ejections = 0
  ejectedUntil = 0
  readonly idle: UpstreamConnection[] = []
  total = 0
  failed = 0

  constructor(endpoint: MeshEndpoint) {
    this.endpoint = endpoint
  }
}

/** What a choice of an endpoint depends on. */
export interface ChoiceFacts {
  /** Endpoints that have failed this request already. */
  readonly without: ReadonlySet<string>
  /** The header or the address that the balancer goes by. */
  hashKey(balancer: MeshCluster['balancer']): string | undefined
}

/** A cluster as one proxy sees it: its endpoints, connections and limits, and who is left alone at the moment. */
export class UpstreamCluster {
  settings: MeshCluster
  readonly #process: Process
  readonly #hosts = new Map<string, Host>()
  readonly #waiting: ((hasPlace: boolean) => void)[] = []
  #connections = 0
  #pending = 0
  #requests = 0
  #retries = 0
  #turn: number
  /** What `pilot-agent request GET stats` counts. */
  readonly counts = { requests: 0, connections: 0, pending: 0, overflow: 0, retries: 0, retryOverflow: 0, ejections: 0 }

  constructor(process: Process, settings: MeshCluster) {
    this.#process = process
    this.settings = settings
    this.#turn = process.kernel.random.below(1000)
    this.update(settings)
  }

  /** Takes new settings; what is known of endpoints that stay is kept. */
  update(settings: MeshCluster): void {
    this.settings = settings
    const wanted = new Map(settings.endpoints.map(each => [keyOf(each), each]))
    for (const [key, host] of this.#hosts)
      if (!wanted.has(key)) {
        for (const { stream } of host.idle.splice(0)) this.#close(stream)
        this.#hosts.delete(key)
      }
    for (const [key, endpoint] of wanted) {
      const host = this.#hosts.get(key)
      if (host) host.endpoint = endpoint
      else this.#hosts.set(key, new Host(endpoint))
    }
  }

  /** Closes what is open and idle. */
  end(): void {
    for (const host of this.#hosts.values()) for (const { stream } of host.idle.splice(0)) this.#close(stream)
  }

  /** Endpoints in order, with what is known of each. */
  hosts(): { endpoint: MeshEndpoint; isEjected: boolean; active: number; total: number; failed: number }[] {
    return [...this.#hosts.values()].map(({ endpoint, ejectedUntil, active, total, failed }) => ({
      endpoint,
      isEjected: ejectedUntil > this.#now,
      active,
      total,
      failed,
    }))
  }

  /** Limits and use, as `stats` shows them. */
  use(): { connections: number; pending: number; requests: number } {
    return { connections: this.#connections, pending: this.#pending, requests: this.#requests }
  }

  /** The endpoint for the next request; throws `UpstreamFailure` when there is none. */
  choose(facts: ChoiceFacts): MeshEndpoint {
    const healthy = [...this.#hosts.values()].filter(({ ejectedUntil }) => ejectedUntil <= this.#now)
    const fresh = healthy.filter(({ endpoint }) => !facts.without.has(keyOf(endpoint)))
    const hosts = fresh.length > 0 ? fresh : healthy
    if (hosts.length === 0) throw new UpstreamFailure('no healthy endpoint')
    return this.#pick(hosts, facts).endpoint
  }

  // Simplified: with a key, endpoints are chosen by the rest of its hash, not on a ring.
  #pick(hosts: readonly Host[], facts: ChoiceFacts): Host {
    const { balancer } = this.settings
    const { random } = this.#process.kernel
    const key = facts.hashKey(balancer)
    if (key !== undefined) return hosts[hashText(key) % hosts.length]!
    if (balancer === 'round robin') return hosts[this.#turn++ % hosts.length]!
    if (balancer !== 'least request') return random.pick(hosts)
    const [one, other] = [random.pick(hosts), random.pick(hosts)]
    return other.active < one.active ? other : one
  }

  /** Counts a request in; throws when there are too many. */
  admit(): void {
    if (this.#requests >= (this.settings.limits.requests ?? Number.POSITIVE_INFINITY)) this.#overflow()
    this.#requests++
    this.counts.requests++
  }

  /** Counts a request out. */
  dismiss(): void {
    this.#requests--
  }

  /** Whether one more retry is allowed; `done` counts it out. */
  admitRetry(): (() => void) | undefined {
    if (this.#retries >= (this.settings.limits.retries ?? Number.POSITIVE_INFINITY)) {
      this.counts.retryOverflow++
      return undefined
    }
    this.#retries++
    this.counts.retries++
    return () => {
      this.#retries--
    }
  }

  /**
   * A connection to an endpoint that carries nothing else; throws `UpstreamFailure`. While it is waited for, the request
   * counts as pending, also during the handshake, as in Envoy.
   */
  async connect(endpoint: MeshEndpoint, options: DialOptions): Promise<UpstreamConnection> {
    const host = this.#hosts.get(keyOf(endpoint))
    const { limits } = this.settings
    if (host) host.active++
    try {
      const ready = this.#idle(host)
      if (ready) return ready
      if (this.#pending >= (limits.pendingRequests ?? Number.POSITIVE_INFINITY)) this.#overflow()
      this.#pending++
      this.counts.pending++
      try {
        while (this.#connections >= (limits.connections ?? Number.POSITIVE_INFINITY)) {
          const other = [...this.#hosts.values()].find(({ idle }) => idle.length > 0)
          if (other) {
            this.#close(other.idle.pop()!.stream)
            break
          }
          const register = (wake: (hasPlace: boolean) => void) => void this.#waiting.push(wake)
          if (!(await this.#process.waitFor(patience, register))) throw new UpstreamFailure('overflow')
          const freed = this.#idle(host)
          if (freed) return freed
        }
        this.#connections++
        this.counts.connections++
        try {
          return await dial(this.#process, this.settings, endpoint, options)
        } catch (error) {
          this.#connections--
          this.#wake()
          throw error
        }
      } finally {
        this.#pending--
      }
    } catch (error) {
      if (host) host.active--
      throw error
    }
  }

  /** Gives a connection back: to be used again, or to be closed. */
  release(connection: UpstreamConnection, isReusable: boolean): void {
    const host = this.#hosts.get(keyOf(connection.endpoint))
    if (host) host.active--
    connection.requests++
    const most = this.settings.limits.requestsPerConnection ?? Number.POSITIVE_INFINITY
    if (isReusable && connection.requests < most && host && !connection.tcp.isReadable) host.idle.push(connection)
    else this.#close(connection.stream)
    this.#wake()
  }

  /** Takes note of how an endpoint has answered; 503 stands for a connection that failed. */
  observe(endpoint: MeshEndpoint, status: number): void {
    const host = this.#hosts.get(keyOf(endpoint))
    if (!host) return
    host.total++
    if (status >= 500) host.failed++
    const { outliers } = this.settings
    if (!outliers) return
    host.errors = status >= 500 ? host.errors + 1 : 0
    host.gatewayErrors = status >= 502 && status <= 504 ? host.gatewayErrors + 1 : 0
    const isOver = (count: number, limit: number | undefined) => limit !== undefined && limit > 0 && count >= limit
    if (
      isOver(host.errors, outliers.consecutiveErrors) ||
      isOver(host.gatewayErrors, outliers.consecutiveGatewayErrors)
    )
      this.#eject(host, outliers.baseEjectionTime, outliers.mostEjected)
  }

  /** Leaves an endpoint alone, longer each time; one may always go, more only up to the share that is allowed. */
  #eject(host: Host, time: number, most: number): void {
    const ejected = [...this.#hosts.values()].filter(({ ejectedUntil }) => ejectedUntil > this.#now).length
    host.errors = 0
    host.gatewayErrors = 0
    if (host.ejectedUntil > this.#now || (ejected > 0 && (100 * ejected) / this.#hosts.size >= most)) return
    host.ejections++
    host.ejectedUntil = this.#now + time * host.ejections
    this.counts.ejections++
  }

  #idle(host: Host | undefined): UpstreamConnection | undefined {
    for (let found = host?.idle.pop(); found; found = host!.idle.pop()) {
      if (!found.tcp.isReadable) return found
      this.#close(found.stream)
    }
    return undefined
  }

  #close(stream: UpstreamConnection['stream']): void {
    stream.close()
    this.#connections--
  }

  #wake(): void {
    this.#waiting.shift()?.(true)
  }

  #overflow(): never {
    this.counts.overflow++
    throw new UpstreamFailure('overflow')
  }

  get #now(): number {
    return this.#process.kernel.clock.now
  }
}

/** How long a request waits for a connection when nothing else says so: milliseconds. */
const patience = 600_000

function keyOf({ address, port }: MeshEndpoint): string {
  return `${address}:${port}`
}
