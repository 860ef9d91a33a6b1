/** States of a neighbour, as `ip neigh` writes them. */
export type NeighbourState = 'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'PERMANENT' | 'NOARP'

/** What a machine knows of another one on the same link. */
export interface Neighbour {
  readonly address: number
  readonly interface: string
  readonly mac: string | undefined
  readonly state: NeighbourState
}

/** The neighbours of a network namespace. */
export class NeighbourTable {
  /** Every neighbour, as `ip neigh` lists them. */
  list(): Neighbour[] {
    throw new Error('unfinished')
  }

  /** Enters a neighbour by hand. */
  set(
    _interfaceName: string,
    _address: number,
    _mac: string,
    _state: 'PERMANENT' | 'REACHABLE' | 'STALE' | 'NOARP' = 'PERMANENT',
  ): void {
    throw new Error('unfinished')
  }

  /** Forgets a neighbour; false when it was not there. */
  remove(_interfaceName: string, _address: number): boolean {
    throw new Error('unfinished')
  }

  /** Forgets all but permanent entries. */
  flush(_interfaceName?: string): void {
    throw new Error('unfinished')
  }
}
