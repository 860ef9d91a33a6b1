import type { NetworkNamespace } from '../namespace.ts'
import type { SocketBuffer } from '../socketBuffer.ts'
import { isDecided } from './nat.ts'
import type { Netfilter, Verdict } from './netfilter.ts'
import type { RejectWith } from './rule.ts'
import type { Hook } from './table.ts'

/** Where a rule of nftables sends a packet; undefined to the next rule. */
export type NftOutcome =
  | Verdict
  | 'return'
  | { readonly jump: string }
  | { readonly goto: string }
  | { readonly reject: RejectWith }
  | undefined

/** One rule: the words that `nft list` prints, and what they do. */
export interface NftRule {
  readonly text: string
  run(buffer: SocketBuffer): NftOutcome
}

/** Where a base chain stands: `type filter hook forward priority filter`. */
export interface NftBase {
  readonly type: 'filter' | 'nat'
  readonly hook: Hook
  readonly priority: number
  /** The priority as it is written: `dstnat - 10`. */
  readonly priorityText: string
}

/** A list of rules; packets come to a base chain by themselves, to others by a jump. */
export interface NftChain {
  readonly name: string
  readonly base?: NftBase
  readonly rules: readonly NftRule[]
}

/** A set or map with a name; the elements as they are printed. */
export interface NftSet {
  readonly kind: 'set' | 'map'
  readonly name: string
  readonly type: string
  readonly comment: string
  readonly elements: readonly string[]
}

/** A table of nftables, which lives beside those of iptables. */
export class NftTable {
  readonly family: 'ip' | 'ip6'
  readonly name: string
  readonly comment: string
  sets: readonly NftSet[] = []
  #chains = new Map<string, NftChain>()
  #remove: () => void = () => {}

  constructor(family: 'ip' | 'ip6', name: string, comment: string) {
    this.family = family
    this.name = name
    this.comment = comment
  }

  get chains(): readonly NftChain[] {
    return [...this.#chains.values()]
  }

  /** Replaces all chains and sets in one transaction. */
  replace(chains: readonly NftChain[], sets: readonly NftSet[]): void {
    this.#chains = new Map(chains.map(chain => [chain.name, chain]))
    this.sets = sets
  }

  /** Lets packets of a namespace meet the base chains, whose places must not change afterwards. */
  attach(namespace: NetworkNamespace): void {
    const { netfilter } = namespace
    const key = `${this.family} ${this.name}`
    netfilter.nftables.get(key)?.detach(netfilter)
    const ends = this.chains.flatMap(({ name, base }) => {
      if (!base) return []
      const run = (buffer: SocketBuffer) => this.#runBase(name, buffer, namespace)
      return [netfilter.register({ hook: base.hook, priority: base.priority, run })]
    })
    this.#remove = () => {
      for (const end of ends) end()
    }
    netfilter.nftables.set(key, this)
  }

  detach(netfilter: Netfilter): void {
    this.#remove()
    netfilter.nftables.delete(`${this.family} ${this.name}`)
  }

  #runBase(name: string, buffer: SocketBuffer, namespace: NetworkNamespace): Verdict {
    const chain = this.#chains.get(name)
    if (!chain || (chain.base?.type === 'nat' && !needsTranslation(chain.base.hook, buffer))) return 'accept'
    return this.#traverse(chain, buffer, namespace) ?? 'accept'
  }

  #traverse(chain: NftChain, buffer: SocketBuffer, namespace: NetworkNamespace): Verdict | undefined {
    for (const { text, run } of chain.rules) {
      const outcome = run(buffer)
      if (!outcome) continue
      const place = (buffer.output ?? buffer.input)?.name ?? ''
      const by = () => `${this.name} ${chain.name}: ${text}`
      if (typeof outcome !== 'string' && 'reject' in outcome) {
        namespace.note('reject', place, outcome.reject, by, buffer.packet)
        namespace.ipv4.reject(buffer, outcome.reject)
        return 'drop'
      }
      const kind = outcome === 'drop' ? 'drop' : 'rule'
      const decision = typeof outcome === 'string' ? outcome : 'jump' in outcome ? outcome.jump : outcome.goto
      namespace.note(kind, place, decision, by, buffer.packet)
      if (outcome === 'return') return undefined
      if (typeof outcome === 'string') return outcome
      const target = this.#chains.get(decision)
      const verdict = target && this.#traverse(target, buffer, namespace)
      if (verdict || 'goto' in outcome) return verdict
    }
    return undefined
  }
}

/** Only while nothing has been decided for a connection do its packets meet chains of type nat (nf_nat_inet_fn). */
function needsTranslation(hook: Hook, { tracking, connection }: SocketBuffer): boolean {
  if (tracking !== 'new' || !connection) return false
  return !isDecided(connection, hook === 'PREROUTING' || hook === 'OUTPUT' ? 'destination' : 'source')
}
