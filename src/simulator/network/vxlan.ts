import { NetworkInterface } from './interface.ts'

export interface VxlanOptions {
  readonly id: number
  readonly local: number
  /** The interface that tunnelled packets leave by, as `ip -d link` shows it. */
  readonly underlay?: string
  /** 8472, as Linux does by default. */
  readonly port?: number
  readonly isLearning?: boolean
  readonly mac?: string
}

/** Behind which machine an Ethernet address is. */
export interface TunnelEntry {
  readonly mac: string
  readonly destination: number
  readonly isPermanent: boolean
}

/** A tunnel that carries Ethernet frames in UDP datagrams (RFC 7348). */
export class Vxlan extends NetworkInterface {
  readonly kind = 'vxlan'

  /** Enters a machine behind which an address is. */
  addForwarding(_mac: string, _destination: number): void {
    throw new Error('unfinished')
  }

  removeForwarding(_mac: string, _destination?: number): boolean {
    throw new Error('unfinished')
  }

  /** The entries, as `bridge fdb show dev` lists them. */
  forwardingEntries(): TunnelEntry[] {
    throw new Error('unfinished')
  }
}
