import { reservedIdentity } from './identity.ts'

export type Direction = 'ingress' | 'egress'

/** One line of an endpoint's policy map: who may talk, and on which ports. */
export interface PolicyEntry {
  readonly direction: Direction
  /** 0 stands for everyone. */
  readonly identity: number
  /** A protocol's number; 0 stands for all. */
  readonly protocol: number
  readonly port: number
  /** How many bits of the port count: 16 for one port, 0 for all. */
  readonly prefixLength: number
  /** Which policies say so: `default/allow-web`. */
  readonly origins: readonly string[]
  /** It comes from an ipBlock, which counts for addresses of pods and nodes as well. */
  readonly isBlock: boolean
  /** It counts only for pods that call the port so; absent means whatever they call it. */
  readonly portNames?: readonly string[] | undefined
  /** It keeps out instead of letting in, whatever other lines say. */
  readonly isDeny?: boolean
  packets: number
  bytes: number
}

/** Whether the pod at the other end calls the port by one of these names. */
export type NameTest = (names: readonly string[]) => boolean

/** What may be asked of a policy map: entries of both directions. */
export class PolicyMap {
  readonly #sides = { ingress: new Side(), egress: new Side() }
  readonly #denied = { ingress: new Side(), egress: new Side() }
  /** Whether policies choose the endpoint, by direction. */
  readonly isEnforced: Readonly<Record<Direction, boolean>>

  constructor(isEnforced: Readonly<Record<Direction, boolean>>, entries: readonly PolicyEntry[]) {
    this.isEnforced = isEnforced
    for (const entry of entries) (entry.isDeny ? this.#denied : this.#sides)[entry.direction].add(entry)
  }

  /** Goes on counting where the map before it has stopped. */
  inherit(before: PolicyMap): this {
    for (const entry of this.entries) {
      const { direction, identity, protocol, port, prefixLength } = entry
      const old = (entry.isDeny ? before.#denied : before.#sides)[direction].exact(
        identity,
        protocol,
        port,
        prefixLength,
      )
      entry.packets += old?.packets ?? 0
      entry.bytes += old?.bytes ?? 0
    }
    return this
  }

  /** Every line, everyone's first. */
  get entries(): PolicyEntry[] {
    const { ingress, egress } = this.#sides
    return [...ingress.entries, ...this.#denied.ingress.entries, ...egress.entries, ...this.#denied.egress.entries]
  }

  /** The line that keeps packets of an identity out. */
  findDeny(direction: Direction, identity: number, protocol: number, port: number): PolicyEntry | undefined {
    const side = this.#denied[direction]
    return side.find(identity, protocol, port) ?? side.find(reservedIdentity.unknown, protocol, port)
  }

  /** The line that lets packets of an identity pass. */
  find(
    direction: Direction,
    identity: number,
    protocol: number,
    port: number,
    isNamed: NameTest = () => true,
  ): PolicyEntry | undefined {
    const side = this.#sides[direction]
    return side.find(identity, protocol, port, isNamed) ?? side.find(reservedIdentity.unknown, protocol, port, isNamed)
  }

  /** The same, for ranges of addresses that count even for pods. */
  findBlock(
    direction: Direction,
    identity: number,
    protocol: number,
    port: number,
    isNamed: NameTest,
  ): PolicyEntry | undefined {
    const found = this.#sides[direction].find(identity, protocol, port, isNamed)
    return found?.isBlock ? found : undefined
  }
}

class Side {
  readonly #byIdentity = new Map<number, Map<number, PolicyEntry>>()
  /** The lengths of port prefixes that occur, longest first. */
  #lengths: number[] = []

  get entries(): PolicyEntry[] {
    return [...this.#byIdentity.values()].flatMap(each => [...each.values()])
  }

  add(entry: PolicyEntry): void {
    const known = this.#byIdentity.get(entry.identity) ?? new Map<number, PolicyEntry>()
    this.#byIdentity.set(entry.identity, known)
    const key = keyOf(entry.protocol, entry.port, entry.prefixLength)
    const old = known.get(key)
    const origins = old ? [...new Set([...old.origins, ...entry.origins])] : entry.origins
    const portNames =
      old && (!old.portNames || !entry.portNames)
        ? undefined
        : entry.portNames && [...new Set([...(old?.portNames ?? []), ...entry.portNames])]
    known.set(key, { ...entry, origins, portNames, isBlock: entry.isBlock || (old?.isBlock ?? false) })
    if (!this.#lengths.includes(entry.prefixLength))
      this.#lengths = [...this.#lengths, entry.prefixLength].sort((a, b) => b - a)
  }

  exact(identity: number, protocol: number, port: number, length: number): PolicyEntry | undefined {
    return this.#byIdentity.get(identity)?.get(keyOf(protocol, port, length))
  }

  find(identity: number, protocol: number, port: number, isNamed: NameTest = () => true): PolicyEntry | undefined {
    const known = this.#byIdentity.get(identity)
    if (!known) return undefined
    for (const length of this.#lengths) {
      const found = known.get(keyOf(protocol, port & (0xffff << (16 - length)) & 0xffff, length))
      if (found && (!found.portNames || isNamed(found.portNames))) return found
    }
    return known.get(keyOf(0, 0, 0))
  }
}

function keyOf(protocol: number, port: number, length: number): number {
  return (protocol * 32 + length) * 65536 + port
}

/** A range of ports as the prefixes that make it up. */
export function portPrefixes(first: number, last: number): { readonly port: number; readonly length: number }[] {
  const prefixes: { port: number; length: number }[] = []
  let port = first
  while (port <= last) {
    let bits = 0
    while (bits < 16 && port % 2 ** (bits + 1) === 0 && port + 2 ** (bits + 1) - 1 <= last) bits++
    prefixes.push({ port, length: 16 - bits })
    port += 2 ** bits
  }
  return prefixes
}
