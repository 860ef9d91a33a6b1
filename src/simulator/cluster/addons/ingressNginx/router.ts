import { type Configuration, defaultServerName, type Location, type Server } from './model.ts'

/** Finds the server and the location of requests; made anew whenever the configuration changes. */
export class Router {
  readonly #exact = new Map<string, ServerRoutes>()
  /** By what follows the first label. */
  readonly #wildcards = new Map<string, ServerRoutes>()
  readonly #default: ServerRoutes

  constructor({ servers }: Configuration) {
    for (const server of servers) {
      const routes = new ServerRoutes(server)
      for (const name of [server.host, ...server.aliases])
        if (name.startsWith('*.')) this.#wildcards.set(name.slice(1).toLowerCase(), routes)
        else if (!this.#exact.has(name.toLowerCase())) this.#exact.set(name.toLowerCase(), routes)
    }
    this.#default = this.#exact.get(defaultServerName)!
  }

  /** The server for a host; a wildcard stands for one label. */
  serverFor(host: string): ServerRoutes {
    const exact = this.#exact.get(host)
    if (exact && host !== defaultServerName) return exact
    const [, rest] = /^[\w-]+(\..+)$/.exec(host) ?? []
    return (rest !== undefined && this.#wildcards.get(rest)) || this.#default
  }
}

/** The locations of one server, ready to be asked. */
export class ServerRoutes {
  readonly server: Server
  readonly #exact = new Map<string, Location>()
  readonly #prefixes = new Map<string, Location>()
  readonly #patterns: (readonly [RegExp, Location])[] = []

  constructor(server: Server) {
    this.server = server
    for (const location of server.locations)
      if (server.isRegex) {
        const pattern = patternOf(`^${location.path}`)
        if (pattern) this.#patterns.push([pattern, location])
      } else (location.isExact ? this.#exact : this.#prefixes).set(location.path, location)
  }

  /** The location for a path; `slash` when the client is to ask again with a slash at the end. */
  locationFor(path: string): Location | 'slash' | undefined {
    if (this.server.isRegex) return this.#patterns.find(([pattern]) => pattern.test(path))?.[1]
    const exact = this.#exact.get(path)
    if (exact) return exact
    if (!path.endsWith('/') && this.#prefixes.has(`${path}/`)) return 'slash'
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 2) + 1) {
      const found = path[end - 1] === '/' && this.#prefixes.get(path.slice(0, end))
      if (found) return found
    }
    return undefined
  }
}

/** A regular expression as nginx takes it, without regard to case; undefined for one that is none. */
export function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text.replace(/^\(\?i\)/, ''), 'i')
  } catch {
    return undefined
  }
}
