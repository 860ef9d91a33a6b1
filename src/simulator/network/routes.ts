import { formatIpv4, maskOf, type Prefix } from './address.ts'

export type RouteKind = 'unicast' | 'local' | 'broadcast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw'

/** A line of a routing table. */
export interface Route {
  readonly kind: RouteKind
  readonly destination: Prefix
  readonly gateway?: number
  /** The interface that packets leave by. */
  readonly interface?: string
  /** The source address that sockets without one get. */
  readonly source?: number
  readonly metric?: number
  readonly scope: 'global' | 'link' | 'host'
  /** Who made it: `kernel` for addresses of interfaces, `boot` for `ip route add`, `static`, `bird` … */
  readonly protocol: string
  /** The gateway counts as a neighbour even when no route leads to it. */
  readonly isOnlink?: boolean
  readonly mtu?: number
  readonly table: 'main' | 'local'
}

/** What a route to remove must agree with. */
export type RoutePattern = Partial<Omit<Route, 'table'>> &
  Pick<Route, 'destination'> & { readonly table?: Route['table'] }

/** The routing tables of a network namespace. */
export class RouteTable {
  #tables = { main: new PrefixTable(), local: new PrefixTable() }

  /** Adds a route; false when there is one to the same prefix with the same metric. */
  add(route: Route): boolean {
    return this.#tables[route.table].add(route)
  }

  /** Adds a route in place of the one to the same prefix with the same metric. */
  replace(route: Route): void {
    const same = this.list(route.table).find(
      old => isSamePrefix(old.destination, route.destination) && (old.metric ?? 0) === (route.metric ?? 0),
    )
    if (same) this.#tables[route.table].remove(same)
    this.#tables[route.table].add(route)
  }

  /** Removes the first route that agrees with all that is given; gives it, or undefined when none does. */
  remove(pattern: RoutePattern): Route | undefined {
    const table = this.#tables[pattern.table ?? 'main']
    const found = table
      .list()
      .find(
        route =>
          isSamePrefix(route.destination, pattern.destination) &&
          (pattern.gateway === undefined || route.gateway === pattern.gateway) &&
          (pattern.interface === undefined || route.interface === pattern.interface) &&
          (pattern.metric === undefined || (route.metric ?? 0) === pattern.metric) &&
          (pattern.kind === undefined || route.kind === pattern.kind) &&
          (pattern.source === undefined || route.source === pattern.source) &&
          (pattern.scope === undefined || route.scope === pattern.scope) &&
          (pattern.protocol === undefined || route.protocol === pattern.protocol),
      )
    if (found) table.remove(found)
    return found
  }

  /** Removes every route that a condition holds for. */
  removeWhere(condition: (route: Route) => boolean): void {
    for (const table of [this.#tables.local, this.#tables.main]) table.removeWhere(condition)
  }

  /** The routes of a table, in the order of `ip route`. */
  list(table: Route['table'] = 'main'): Route[] {
    return this.#tables[table].list()
  }

  /**
   * The route of a packet to an address: table local before main, the longest prefix, then the smallest metric.
   * Bound to an interface, only routes by that interface count.
   */
  lookup(destination: number, boundTo?: string): Route | undefined {
    return this.#tables.local.lookup(destination, undefined) ?? this.#tables.main.lookup(destination, boundTo)
  }

  /** The kind of an address of this machine (`local`, `broadcast`); undefined for all others. */
  localKind(address: number): RouteKind | undefined {
    return this.#tables.local.lookup(address, undefined)?.kind
  }
}

/** Routes by the length and the network of their prefix. */
class PrefixTable {
  /** Longest first; the routes of a prefix by metric, under its address as a signed number, which engines keep small. */
  #lengths: { readonly length: number; readonly mask: number; readonly routes: Map<number, Route[]> }[] = []

  add(route: Route): boolean {
    const { length } = route.destination
    const address = route.destination.address | 0
    let level = this.#lengths.find(each => each.length === length)
    if (!level) {
      level = { length, mask: maskOf(length), routes: new Map() }
      this.#lengths.push(level)
      this.#lengths.sort((a, b) => b.length - a.length)
    }
    const routes = level.routes.get(address)
    if (!routes) level.routes.set(address, [route])
    else if (routes.some(old => isRival(old, route))) return false
    else {
      routes.push(route)
      routes.sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))
    }
    return true
  }

  remove(route: Route): void {
    const level = this.#lengths.find(each => each.length === route.destination.length)
    const address = route.destination.address | 0
    const routes = level?.routes.get(address)
    if (!level || !routes) return
    const rest = routes.filter(other => other !== route)
    if (rest.length > 0) level.routes.set(address, rest)
    else level.routes.delete(address)
    if (level.routes.size === 0) this.#lengths = this.#lengths.filter(each => each !== level)
  }

  removeWhere(condition: (route: Route) => boolean): void {
    for (const { routes } of this.#lengths) {
      for (const [address, list] of routes) {
        if (!list.some(condition)) continue
        const rest = list.filter(route => !condition(route))
        if (rest.length > 0) routes.set(address, rest)
        else routes.delete(address)
      }
    }
    this.#lengths = this.#lengths.filter(({ routes }) => routes.size > 0)
  }

  lookup(destination: number, boundTo: string | undefined): Route | undefined {
    for (const level of this.#lengths) {
      const routes = level.routes.get(destination & level.mask)
      if (!routes) continue
      if (boundTo === undefined) return routes[0]!.kind === 'throw' ? undefined : routes[0]
      const route = routes.find(each => each.interface === boundTo)
      if (route) return route
    }
    return undefined
  }

  /** The default route first, then by address, longer prefixes before shorter ones. */
  list(): Route[] {
    return this.#lengths
      .flatMap(level => [...level.routes.values()].flat())
      .sort(
        (a, b) =>
          a.destination.address - b.destination.address ||
          b.destination.length - a.destination.length ||
          (a.metric ?? 0) - (b.metric ?? 0),
      )
      .sort((a, b) => Number(isDefault(b)) - Number(isDefault(a)))
  }
}

/** Routes of two interfaces to one prefix live side by side when the kernel makes them (fib_magic appends). */
function isRival(old: Route, route: Route): boolean {
  if ((old.metric ?? 0) !== (route.metric ?? 0)) return false
  return route.protocol !== 'kernel' || old.interface === route.interface
}

/** A route as `ip route` prints it, with the blank at its end. */
export function formatRoute(route: Route, isLinkDown = false): string {
  const words: string[] = []
  if (route.kind !== 'unicast') words.push(route.kind)
  words.push(formatDestination(route.destination))
  if (route.gateway !== undefined) words.push('via', formatIpv4(route.gateway))
  if (route.interface !== undefined) words.push('dev', route.interface)
  if (route.protocol !== 'boot') words.push('proto', route.protocol)
  if (route.scope !== 'global') words.push('scope', route.scope)
  if (route.source !== undefined) words.push('src', formatIpv4(route.source))
  if (route.metric) words.push('metric', String(route.metric))
  if (route.mtu !== undefined) words.push('mtu', String(route.mtu))
  if (route.isOnlink) words.push('onlink')
  if (isLinkDown) words.push('linkdown')
  return `${words.join(' ')} `
}

/** The destination of a route as `ip route` prints it. */
export function formatDestination(destination: Prefix): string {
  if (destination.length === 0) return 'default'
  return destination.length === 32
    ? formatIpv4(destination.address)
    : `${formatIpv4(destination.address)}/${destination.length}`
}

function isDefault(route: Route): boolean {
  return route.destination.length === 0
}

function isSamePrefix(a: Prefix, b: Prefix): boolean {
  return a.address === b.address && a.length === b.length
}
