import type { Clock } from '../../../clock.ts'
import { formatIpv4, type Prefix } from '../../../network/address.ts'
import { type Ipv4Packet, tcpFlag } from '../../../network/packet.ts'
import type { Endpoint } from '../../../network/sockets.ts'
import type { Random } from '../../../random.ts'

export type FrontendKind = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalIPs' | 'HostPort'

/** A pod behind a Service. */
export interface Backend extends Endpoint {
  readonly state: 'active' | 'terminating'
  readonly isLocal: boolean
}

/** One address and port that a Service answers on; address 0 stands for the node's own addresses. */
export interface Frontend extends Endpoint {
  /** What the lists number it by. */
  readonly id: number
  readonly protocol: string
  readonly kind: FrontendKind
  /** `default/web`. */
  readonly service: string
  /** For clients in the cluster. */
  readonly backends: readonly Backend[]
  /** For clients outside, where that is another choice. */
  readonly outsideBackends: readonly Backend[]
  readonly affinitySeconds: number | undefined
  /** Who may use it from outside; undefined for everyone. */
  readonly sourceRanges: readonly Prefix[] | undefined
  readonly isInternalLocal: boolean
  readonly isExternalLocal: boolean
}

interface Loyalty {
  readonly backend: string
  usedAt: number
}

/** Services by address (the maps cilium_lb4_*): one look per packet, however many there are. */
export class ServiceMap {
  readonly #clock: Clock
  readonly #random: Random
  readonly #frontends = new Map<string, Map<number, Frontend>>()
  readonly #byService = new Map<string, readonly Frontend[]>()
  readonly #loyalties = new Map<string, Loyalty>()
  readonly #numbers = new Map<string, number>()
  #lastNumber = 0

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** Every address, by number. */
  get frontends(): Frontend[] {
    return [...this.#byService.values()].flat().sort((a, b) => a.id - b.id)
  }

  /** The same number for the same thing, as long as the node runs. */
  numberOf(what: string): number {
    const known = this.#numbers.get(what)
    if (known !== undefined) return known
    this.#numbers.set(what, ++this.#lastNumber)
    return this.#lastNumber
  }

  /** Puts a Service's addresses in place of those it had. */
  set(service: string, frontends: readonly Frontend[]): void {
    for (const old of this.#byService.get(service) ?? [])
      if (this.find(old.protocol, old) === old) this.#frontends.get(old.protocol)!.delete(keyOf(old))
    if (frontends.length > 0) this.#byService.set(service, frontends)
    else this.#byService.delete(service)
    for (const frontend of frontends) {
      const known = this.#frontends.get(frontend.protocol) ?? new Map<number, Frontend>()
      this.#frontends.set(frontend.protocol, known)
      known.set(keyOf(frontend), frontend)
    }
  }

  clear(): void {
    for (const service of [...this.#byService.keys()]) this.set(service, [])
  }

  find(protocol: string, { address, port }: Endpoint): Frontend | undefined {
    return this.#frontends.get(protocol)?.get(address * 65536 + port)
  }

  /** Picks a backend: the one that the client had lately, where its Service is loyal, else one by chance. */
  choose(frontend: Frontend, client: string, isOutside: boolean): Backend | undefined {
    const backends = isOutside ? frontend.outsideBackends : frontend.backends
    if (backends.length === 0) return undefined
    if (frontend.affinitySeconds === undefined) return backends[this.#random.below(backends.length)]
    const key = `${frontend.service} ${frontend.protocol} ${frontend.port} ${client}`
    const now = this.#clock.now
    const known = this.#loyalties.get(key)
    if (known && now - known.usedAt <= frontend.affinitySeconds * 1000) {
      const same = backends.find(each => nameOf(each) === known.backend)
      if (same) {
        known.usedAt = now
        return same
      }
    }
    const chosen = backends[this.#random.below(backends.length)]!
    this.#loyalties.set(key, { backend: nameOf(chosen), usedAt: now })
    return chosen
  }
}

/** Whether a connection may go on to the backend that it has: it is still there, or the packet is in its middle. */
export function isStillGood(backends: readonly Backend[], known: Endpoint, packet: Ipv4Packet): boolean {
  const { body } = packet
  if (body.kind === 'tcp' && (body.flags & tcpFlag.syn) === 0) return true
  return backends.some(({ address, port }) => address === known.address && port === known.port)
}

/** `10.96.0.10:53`. */
export function nameOf({ address, port }: Endpoint): string {
  return `${formatIpv4(address)}:${port}`
}

function keyOf({ address, port }: Endpoint): number {
  return address * 65536 + port
}
