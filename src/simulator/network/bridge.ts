import { NetworkInterface } from './interface.ts'

/** Where a bridge has seen an Ethernet address. */
export interface ForwardingEntry {
  readonly mac: string
  readonly port: NetworkInterface
  readonly isPermanent: boolean
  readonly updatedAt: number
}

/** A switch in software: learns where addresses are, and floods when it does not know. */
export class Bridge extends NetworkInterface {
  readonly kind = 'bridge'

  /** The interfaces that are its ports. */
  get ports(): readonly NetworkInterface[] {
    throw new Error('unfinished')
  }

  addPort(_port: NetworkInterface): void {
    throw new Error('unfinished')
  }

  removePort(_port: NetworkInterface): void {
    throw new Error('unfinished')
  }

  /** The addresses that it knows, as `bridge fdb show` lists them. */
  forwardingEntries(): ForwardingEntry[] {
    throw new Error('unfinished')
  }
}
