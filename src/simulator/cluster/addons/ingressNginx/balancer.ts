import type { HttpRequest } from '../../../machine/httpServer.ts'
import { hashText, type Random } from '../../../random.ts'
import type { Affinity, Backend, BackendEndpoint, Configuration, Location } from './model.ts'

/** Who gets a request, and what the client is told to remember. */
export interface Choice {
  readonly backend: Backend
  /** The canary's name, when it gets the request. */
  readonly alternative: string
  /** The first server, then those to try when it fails. */
  readonly endpoints: readonly BackendEndpoint[]
  readonly cookie: string | undefined
}

/** A request, and what cookies for it are made of. */
export interface Asking {
  readonly request: HttpRequest
  readonly isSecure: boolean
  readonly cookiePath: string
  readonly now: number
}

/** Shares requests out among the endpoints of upstreams, as the Lua part of the real nginx does. */
export class Balancer {
  readonly #random: Random
  /** The turn of each upstream; begins anywhere. */
  readonly #turns = new Map<string, number>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Chooses for a request; undefined when the upstream has no endpoints. */
  choose({ backends }: Configuration, location: Location, asking: Asking): Choice | undefined {
    const primary = backends.get(location.backend)
    if (!primary) return undefined
    const alternative = this.#alternative(primary, backends, asking.request)
    const backend = alternative ?? primary
    if (backend.endpoints.length === 0) return undefined
    const shared = { backend, alternative: alternative?.name ?? '' }
    if (primary.affinity) {
      const { endpoints, cookie } = this.#stick(backend, primary.affinity, asking)
      // Paths that do not ask for it share the upstream, and set no cookie.
      return { ...shared, endpoints, cookie: location.settings.affinity ? cookie : undefined }
    }
    const count = backend.endpoints.length
    const turn = this.#turns.get(backend.name) ?? this.#random.below(count)
    this.#turns.set(backend.name, turn + 1)
    const tries = location.settings.nextUpstreamTries
    const most = tries > 0 ? Math.min(tries, count) : count
    const endpoints = Array.from({ length: most }, (_, index) => backend.endpoints[(turn + index) % count]!)
    return { ...shared, endpoints, cookie: undefined }
  }

  /** The canary that takes the request: a header decides first, then a cookie, then chance. */
  #alternative(primary: Backend, backends: ReadonlyMap<string, Backend>, request: HttpRequest): Backend | undefined {
    for (const name of primary.alternatives) {
      const canary = backends.get(name)
      const shaping = canary?.shaping
      if (!canary || !shaping) continue
      const header = shaping.header ? request.headers.get(shaping.header) : undefined
      if (header !== undefined) {
        if (shaping.headerValue !== '') {
          if (header === shaping.headerValue) return canary
        } else if (shaping.headerPattern !== '') {
          if (matches(shaping.headerPattern, header)) return canary
        } else if (header === 'always') return canary
        else if (header === 'never') return undefined
      }
      const cookie = shaping.cookie ? cookieOf(request, shaping.cookie) : undefined
      if (cookie === 'always') return canary
      if (cookie === 'never') return undefined
      if (shaping.weight > 0 && this.#random.below(shaping.weightTotal) < shaping.weight) return canary
    }
    return undefined
  }

  #stick(
    backend: Backend,
    affinity: Affinity,
    { request, isSecure, cookiePath, now }: Asking,
  ): Pick<Choice, 'endpoints' | 'cookie'> {
    const known = cookieOf(request, affinity.cookie)
    const tail = hashText(backend.name).toString(16).padStart(8, '0').repeat(4)
    const [key, owner] = known?.split('|') ?? []
    const isKnown = key !== undefined && owner === tail
    const used = isKnown
      ? key
      : `${(now / 1000).toFixed(3)}.${this.#random.below(900) + 30}.${this.#random.below(1_000_000)}`
    // The endpoint whose hash with the key is greatest: others that come and go move few clients.
    const score = ({ address, port }: BackendEndpoint) => hashText(`${used} ${address}:${port}`)
    const endpoints = backend.endpoints.toSorted((one, other) => score(other) - score(one))
    return {
      endpoints,
      cookie: isKnown ? undefined : cookieText(affinity, `${used}|${tail}`, isSecure, cookiePath, now),
    }
  }
}

function cookieText(affinity: Affinity, value: string, isSecure: boolean, path: string, now: number): string {
  const expires = affinity.expires && new Date(now + Number(affinity.expires) * 1000).toUTCString()
  return [
    `${affinity.cookie}=${value}`,
    expires && `Expires=${expires.replace(/^(\w+, \d+) (\w+) \d\d/, '$1-$2-')}`,
    affinity.maxAge && `Max-Age=${affinity.maxAge}`,
    `Path=${affinity.path ?? path}`,
    (isSecure || affinity.secure) && 'Secure',
    'HttpOnly',
    affinity.sameSite && `SameSite=${affinity.sameSite}`,
  ]
    .filter(Boolean)
    .join('; ')
}

function cookieOf(request: HttpRequest, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(/;\s*/)) {
    const at = part.indexOf('=')
    if (part.slice(0, at) === name) return part.slice(at + 1)
  }
  return undefined
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text)
  } catch {
    return false
  }
}
