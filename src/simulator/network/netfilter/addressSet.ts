import { contains, formatIpv4, formatPrefix, type Prefix } from '../address.ts'
import type { Protocol } from '../packet.ts'

/** A member of a set: an address or a prefix, with a port where the set's type has one. */
export interface SetEntry {
  readonly prefix: Prefix
  readonly protocol?: Protocol
  readonly port?: number
}

/** A named set of addresses, as `ipset` keeps it: `hash:ip`, `hash:net`, `hash:ip,port` … */
export class AddressSet {
  readonly name: string
  readonly type: string
  #entries = new Map<string, SetEntry>()

  constructor(name: string, type: string) {
    this.name = name
    this.type = type
  }

  /** The members as `ipset list` prints them. */
  get members(): string[] {
    return [...this.#entries.keys()]
  }

  /** Adds a member; false when it is there. */
  add(entry: SetEntry): boolean {
    const key = keyOf(entry)
    if (this.#entries.has(key)) return false
    this.#entries.set(key, entry)
    return true
  }

  /** Removes a member; false when it was not there. */
  remove(entry: SetEntry): boolean {
    return this.#entries.delete(keyOf(entry))
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Whether a packet's address, and its port where the type has one, is in the set. */
  has(address: number, protocol: Protocol, port: number | undefined): boolean {
    for (const entry of this.#entries.values()) {
      if (!contains(entry.prefix, address)) continue
      if (entry.port === undefined || (entry.port === port && (entry.protocol ?? 'tcp') === protocol)) return true
    }
    return false
  }
}

function keyOf(entry: SetEntry): string {
  const address = entry.prefix.length === 32 ? formatIpv4(entry.prefix.address) : formatPrefix(entry.prefix)
  return entry.port === undefined ? address : `${address},${entry.protocol ?? 'tcp'}:${entry.port}`
}
