import type { Ipv4Packet, Protocol } from '../packet.ts'
import type { Rule } from './rule.ts'

const noPositions: readonly number[] = []

/** Finds which rules of a long chain a packet may match, without looking at the others. */
export class RuleIndex {
  readonly #rules: readonly Rule[]
  readonly #length: number
  /** Rules for one address, for one port, and all others: their places in the chain. */
  readonly #byDestination = new Map<number, number[]>()
  readonly #byPort = new Map<string, number[]>()
  readonly #others: number[] = []

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    this.#length = rules.length
    for (const [at, rule] of rules.entries()) {
      const port = portOf(rule)
      if (rule.mask === -1) put(this.#byDestination, rule.network, at)
      else if (port !== undefined) put(this.#byPort, port, at)
      else this.#others.push(at)
    }
  }

  /** Whether it still tells of these rules. */
  isOf(rules: readonly Rule[]): boolean {
    return this.#rules === rules && this.#length === rules.length
  }

  /** The rules that a packet may match, in their order. */
  find({ destination, body }: Ipv4Packet): Rule[] {
    const hasPorts = body.kind === 'tcp' || body.kind === 'udp' || body.kind === 'sctp'
    const byPort =
      hasPorts && this.#byPort.size > 0 ? this.#byPort.get(keyOf(body.kind, body.destinationPort)) : undefined
    const places = [
      ...(this.#byDestination.get(destination | 0) ?? noPositions),
      ...(byPort ?? noPositions),
      ...this.#others,
    ]
    return places.sort((a, b) => a - b).map(at => this.#rules[at]!)
  }
}

function put<K>(map: Map<K, number[]>, key: K, at: number): void {
  const places = map.get(key)
  if (places) places.push(at)
  else map.set(key, [at])
}

/** The only port that a rule asks for, with its protocol. */
function portOf({ text }: Rule): string | undefined {
  for (const match of text.matches) {
    if (match.kind !== 'tcp' && match.kind !== 'udp' && match.kind !== 'sctp') continue
    const ports = match.destinationPort
    if (ports && !ports.isNegated && ports.value[0] === ports.value[1]) return keyOf(match.kind, ports.value[0])
  }
  return undefined
}

function keyOf(protocol: Protocol, port: number): string {
  return `${protocol} ${port}`
}
