import type { Prefix } from './address.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { Frame } from './packet.ts'

export type InterfaceKind = 'loopback' | 'veth' | 'bridge' | 'vxlan' | 'ipip' | 'dummy'

/** How far an address is valid. */
export type Scope = 'global' | 'link' | 'host'

/** An IPv4 address of an interface. */
export interface InterfaceAddress extends Prefix {
  readonly broadcast: number | undefined
  readonly scope: Scope
  readonly label: string
}

export interface AddressOptions {
  readonly broadcast?: number
  readonly scope?: Scope
}

/** Hears every frame that passes an interface. */
export type CaptureListener = (frame: Frame, direction: 'in' | 'out', at: number) => void

/** What an interface has carried, as `ip -s link` shows it. */
export interface InterfaceCounters {
  receivedPackets: number
  receivedBytes: number
  receivedDropped: number
  sentPackets: number
  sentBytes: number
  sentDropped: number
}

/** How a port of a bridge behaves. */
export interface BridgePortFlags {
  hairpin: boolean
  learning: boolean
  flooding: boolean
  isolated: boolean
}

/** A network interface of a network namespace. */
export abstract class NetworkInterface {
  abstract readonly kind: InterfaceKind
  name: string
  index: number
  mac: string
  mtu: number
  /** Set up by the administrator. */
  isUp = false
  addresses: readonly InterfaceAddress[] = []
  /** The bridge that this interface is a port of. */
  master: NetworkInterface | undefined
  readonly port: BridgePortFlags = { hairpin: false, learning: true, flooding: true, isolated: false }
  readonly counters: InterfaceCounters = {
    receivedPackets: 0,
    receivedBytes: 0,
    receivedDropped: 0,
    sentPackets: 0,
    sentBytes: 0,
    sentDropped: 0,
  }
  namespace: NetworkNamespace

  constructor(namespace: NetworkNamespace, name: string, index: number, mac: string, mtu: number) {
    this.namespace = namespace
    this.name = name
    this.index = index
    this.mac = mac
    this.mtu = mtu
  }

  /** Gives the interface an address; a route to its prefix and local routes follow while it is up. */
  addAddress(_prefix: Prefix, _options: AddressOptions = {}): void {
    throw new Error('unfinished')
  }

  /** Takes an address away, with its routes; false when it was not there. */
  removeAddress(_address: number): boolean {
    throw new Error('unfinished')
  }

  /** Sets the interface up. */
  up(): void {
    throw new Error('unfinished')
  }

  /** Sets the interface down; its routes go. */
  down(): void {
    throw new Error('unfinished')
  }

  /** Hears every frame that passes, until the answer is called. */
  capture(_listener: CaptureListener): () => void {
    throw new Error('unfinished')
  }
}
