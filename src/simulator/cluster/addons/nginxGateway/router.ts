import type { HttpRequest } from '../../../machine/httpServer.ts'
import type { DataPlane, DataPlaneLocation, DataPlaneMatch, DataPlaneServer, ValueTest } from './dataPlane.ts'

/** What a request is for: the match, and the location that it belongs to. */
export interface Found {
  readonly location: DataPlaneLocation
  readonly match: DataPlaneMatch
}

/** Finds servers and matches; made anew whenever the configuration changes. */
export class Router {
  /** By port and host. */
  readonly #exact = new Map<string, Locations>()
  readonly #patterns = new Map<string, RegExp>()

  constructor({ servers }: DataPlane) {
    for (const server of servers) {
      this.#exact.set(`${server.port} ${server.hostname}`, new Locations(server))
      for (const { type, path, matches } of server.locations) {
        if (type === 'RegularExpression') this.#pattern(path)
        for (const { headers, parameters } of matches)
          for (const { isPattern, value } of [...headers, ...parameters]) if (isPattern) this.#pattern(value)
      }
    }
  }

  /** The server of a port for a host: its own, the longest wildcard, or the one for all. */
  serverFor(port: number, host: string): DataPlaneServer | undefined {
    return this.#locations(port, host)?.server
  }

  /** The match with the highest rank that a request fits. */
  find(port: number, host: string, path: string, query: string, request: HttpRequest): Found | undefined {
    const fits = (match: DataPlaneMatch) =>
      (match.method === undefined || match.method === request.method) &&
      match.headers.every(test => this.#passes(test, request.headers.get(test.name))) &&
      (match.parameters.length === 0 || match.parameters.every(test => this.#passes(test, parameter(query, test.name))))
    for (const location of this.#locations(port, host)?.candidates(path, text => this.#pattern(text)) ?? []) {
      const match = location.matches.find(fits)
      if (match) return { location, match }
    }
    return undefined
  }

  #locations(port: number, host: string): Locations | undefined {
    const exact = this.#exact.get(`${port} ${host}`)
    if (exact) return exact
    for (let dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
      const wildcard = this.#exact.get(`${port} *${host.slice(dot)}`)
      if (wildcard) return wildcard
    }
    return this.#exact.get(`${port} `)
  }

  #passes({ value, isPattern }: ValueTest, given: string | undefined): boolean {
    if (given === undefined) return false
    return isPattern ? this.#pattern(value).test(given) : given === value
  }

  #pattern(text: string): RegExp {
    const known = this.#patterns.get(text)
    if (known) return known
    let pattern = /(?!)/
    try {
      pattern = new RegExp(text)
    } catch {
      // A pattern that nginx would not take fits nothing.
    }
    this.#patterns.set(text, pattern)
    return pattern
  }
}

/** The locations of one server. */
class Locations {
  readonly server: DataPlaneServer
  readonly #exact = new Map<string, DataPlaneLocation>()
  readonly #prefixes = new Map<string, DataPlaneLocation>()
  readonly #patterns: DataPlaneLocation[] = []

  constructor(server: DataPlaneServer) {
    this.server = server
    for (const location of server.locations)
      if (location.type === 'Exact') this.#exact.set(location.path, location)
      else if (location.type === 'PathPrefix') this.#prefixes.set(withoutSlash(location.path), location)
      else this.#patterns.push(location)
  }

  /** Locations for a path, the most precise first. Prefixes end where a part of the path ends. */
  *candidates(path: string, pattern: (text: string) => RegExp): Iterable<DataPlaneLocation> {
    const exact = this.#exact.get(path)
    if (exact) yield exact
    for (const location of this.#patterns) if (pattern(location.path).test(path)) yield location
    for (let end = path.length; end >= 0; end = end > 0 ? path.lastIndexOf('/', end - 1) : -1) {
      const found = this.#prefixes.get(path.slice(0, end))
      if (found) yield found
    }
  }
}

/** `/foo/` and `/foo` are the same prefix. */
export function withoutSlash(path: string): string {
  return path.replace(/\/$/, '')
}

function parameter(query: string, name: string): string | undefined {
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=')
    const key = at < 0 ? pair : pair.slice(0, at)
    if (decode(key) === name) return at < 0 ? '' : decode(pair.slice(at + 1))
  }
  return undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
