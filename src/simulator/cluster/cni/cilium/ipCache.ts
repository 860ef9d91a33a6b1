import { formatIpv4, maskOf, type Prefix } from '../../../network/address.ts'
import { firstLocalIdentity, reservedIdentity } from './identity.ts'
import type { NamedPort } from './objects.ts'

/** What an address stands for. */
export interface AddressEntry {
  readonly identity: number
  /** The node that a tunnel to it ends at; 0 for what needs none. */
  readonly tunnelEndpoint: number
  /** `default/web-1`, for pods. */
  readonly pod?: string
  /** How a pod calls its ports. */
  readonly namedPorts?: readonly NamedPort[] | undefined
}

/** Identities by address (the map cilium_ipcache): addresses of pods and nodes, and ranges that policies name. */
export class IpCache {
  readonly #addresses = new Map<number, AddressEntry>()
  /** By length of the prefix, longest first. */
  #ranges: [length: number, byNetwork: Map<number, number>][] = []
  readonly #rangeIdentities = new Map<string, { readonly identity: number; readonly prefix: Prefix }>()
  #lastIdentity = firstLocalIdentity - 1

  get addresses(): ReadonlyMap<number, AddressEntry> {
    return this.#addresses
  }

  /** The ranges that policies name, with the identities they have on this node. */
  get ranges(): readonly { readonly identity: number; readonly prefix: Prefix }[] {
    return [...this.#rangeIdentities.values()]
  }

  set(address: number, entry: AddressEntry): void {
    this.#addresses.set(address, entry)
  }

  delete(address: number): void {
    this.#addresses.delete(address)
  }

  get(address: number): AddressEntry | undefined {
    return this.#addresses.get(address)
  }

  /** What packets from or to an address count as. */
  identityOf(address: number): number {
    return this.#addresses.get(address)?.identity ?? this.rangeIdentityOf(address)
  }

  /** The identity of the smallest range around an address; the world when no policy names one. */
  rangeIdentityOf(address: number): number {
    for (const [length, byNetwork] of this.#ranges) {
      const found = byNetwork.get((address & maskOf(length)) >>> 0)
      if (found !== undefined) return found
    }
    return reservedIdentity.world
  }

  /** Makes an identity of each range that policies name now; ranges that stay keep theirs. */
  setRanges(prefixes: readonly Prefix[]): void {
    const wanted = new Map(prefixes.filter(({ length }) => length > 0).map(prefix => [rangeText(prefix), prefix]))
    for (const text of this.#rangeIdentities.keys()) if (!wanted.has(text)) this.#rangeIdentities.delete(text)
    for (const [text, prefix] of wanted)
      if (!this.#rangeIdentities.has(text)) this.#rangeIdentities.set(text, { identity: ++this.#lastIdentity, prefix })
    const byLength = new Map<number, Map<number, number>>()
    for (const { identity, prefix } of this.#rangeIdentities.values()) {
      const same = byLength.get(prefix.length) ?? new Map<number, number>()
      byLength.set(prefix.length, same)
      same.set(prefix.address, identity)
    }
    this.#ranges = [...byLength].sort(([a], [b]) => b - a)
  }

  /** Forgets the addresses, as an agent does that begins anew. */
  clear(): void {
    this.#addresses.clear()
  }
}

function rangeText({ address, length }: Prefix): string {
  return `${formatIpv4(address)}/${length}`
}
