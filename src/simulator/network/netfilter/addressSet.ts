import { contains, formatIpv4, formatPrefix, maskOf, type Prefix } from '../address.ts'
import type { Protocol } from '../packet.ts'

/** A member of a set: an address or a prefix, with a port and another address where the set's type has them. */
export interface SetEntry {
  /** Any address in a `bitmap:port`. */
  readonly prefix: Prefix
  readonly protocol?: Protocol
  readonly port?: number
  /** The third part of `hash:ip,port,ip` and `hash:ip,port,net`. */
  readonly other?: Prefix
}

/** Members whose prefixes are equally long, by what must agree with a packet. */
interface Level {
  readonly length: number
  readonly mask: number
  readonly keys: Set<number | string>
}

/** A named set of addresses, as `ipset` keeps it: `hash:ip`, `hash:net`, `hash:ip,port` … */
export class AddressSet {
  readonly name: string
  readonly type: string
  /** How many members it may have, as its maker has said. */
  readonly maxElements: number
  readonly #entries = new Map<string, SetEntry>()
  /** Members without a port, and those with one: a packet is looked up once for each length of prefix. */
  readonly #plain: Level[] = []
  readonly #withPort: Level[] = []
  /** For members of three parts: their third parts by the first two. */
  readonly #others = new Map<string, Prefix[]>()

  constructor(name: string, type: string, maxElements = 65_536) {
    this.name = name
    this.type = type
    this.maxElements = maxElements
  }

  /** The members as `ipset list` prints them. */
  get members(): string[] {
    return [...this.#entries.keys()]
  }

  get size(): number {
    return this.#entries.size
  }

  /** Adds a member; false when it is there. */
  add(entry: SetEntry): boolean {
    const key = this.#keyOf(entry)
    if (this.#entries.has(key)) return false
    this.#entries.set(key, entry)
    if (entry.other) {
      const others = this.#others.get(String(hashKey(entry))) ?? []
      this.#others.set(String(hashKey(entry)), [...others, entry.other])
      return true
    }
    levelFor(this.#levelsOf(entry), entry.prefix.length).keys.add(hashKey(entry))
    return true
  }

  /** Removes a member; false when it was not there. */
  remove(entry: SetEntry): boolean {
    if (!this.#entries.delete(this.#keyOf(entry))) return false
    const { other } = entry
    if (other) {
      const rest = this.#others.get(String(hashKey(entry)))!.filter(each => formatPrefix(each) !== formatPrefix(other))
      if (rest.length > 0) this.#others.set(String(hashKey(entry)), rest)
      else this.#others.delete(String(hashKey(entry)))
      return true
    }
    const levels = this.#levelsOf(entry)
    const level = levelFor(levels, entry.prefix.length)
    level.keys.delete(hashKey(entry))
    if (level.keys.size === 0) levels.splice(levels.indexOf(level), 1)
    return true
  }

  clear(): void {
    this.#entries.clear()
    this.#plain.length = 0
    this.#withPort.length = 0
    this.#others.clear()
  }

  /** Whether a packet's address, and its port and other address where the type has them, is in the set. */
  has(address: number, protocol: Protocol, port: number | undefined, other?: number): boolean {
    for (const { mask, keys } of this.#plain) if (keys.has(address & mask)) return true
    if (port === undefined) return false
    for (const { mask, keys } of this.#withPort) if (keys.has(portKey(address & mask, protocol, port))) return true
    if (other === undefined || this.#others.size === 0) return false
    return this.#others.get(portKey(address | 0, protocol, port))?.some(prefix => contains(prefix, other)) ?? false
  }

  #keyOf(entry: SetEntry): string {
    return this.type === 'bitmap:port' ? String(entry.port) : keyOf(entry)
  }

  #levelsOf(entry: SetEntry): Level[] {
    return entry.port === undefined ? this.#plain : this.#withPort
  }
}

/** The level of a length of prefix, made when it is missing; the longest come first. */
function levelFor(levels: Level[], length: number): Level {
  let level = levels.find(each => each.length === length)
  if (!level) {
    level = { length, mask: maskOf(length), keys: new Set() }
    levels.push(level)
    levels.sort((a, b) => b.length - a.length)
  }
  return level
}

function hashKey({ prefix, protocol = 'tcp', port }: SetEntry): number | string {
  const address = prefix.address & maskOf(prefix.length)
  return port === undefined ? address : portKey(address, protocol, port)
}

function portKey(address: number, protocol: Protocol, port: number): string {
  return `${address} ${protocol} ${port}`
}

function keyOf(entry: SetEntry): string {
  const withPort = entry.port === undefined ? '' : `,${entry.protocol ?? 'tcp'}:${entry.port}`
  return `${textOf(entry.prefix)}${withPort}${entry.other ? `,${textOf(entry.other)}` : ''}`
}

function textOf(prefix: Prefix): string {
  return prefix.length === 32 ? formatIpv4(prefix.address) : formatPrefix(prefix)
}
