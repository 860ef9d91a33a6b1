import type { Prefix } from './address.ts'

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
  /** Who made it: `kernel` for interface addresses, `boot` (printed as nothing) for `ip route add`, `static`, `bird` … */
  readonly protocol: string
  /** The gateway counts as a neighbour even when no route leads to it. */
  readonly isOnlink?: boolean
  readonly table: 'main' | 'local'
}

/** The routing tables of a network namespace. */
export class RouteTable {
  /** Adds a route; false when there is one to the same prefix with the same metric. */
  add(_route: Route): boolean {
    throw new Error('unfinished')
  }

  /** Adds a route in place of the one to the same prefix with the same metric. */
  replace(_route: Route): void {
    throw new Error('unfinished')
  }

  /** Removes the first route that agrees with all that is given; false when none does. */
  remove(_route: Partial<Route> & Pick<Route, 'destination'>): boolean {
    throw new Error('unfinished')
  }

  /** The routes of a table, in the order of `ip route`. */
  list(_table: Route['table'] = 'main'): Route[] {
    throw new Error('unfinished')
  }

  /** The route that a packet to an address takes: the longest prefix, then the smallest metric, `local` first. */
  lookup(_destination: number): Route | undefined {
    throw new Error('unfinished')
  }
}

/** A route as `ip route` prints it. */
export function formatRoute(_route: Route): string {
  throw new Error('unfinished')
}
