import type { NetworkNamespace } from '../../network/namespace.ts'
import { parseRule } from '../../network/netfilter/parse.ts'
import { Rule, type RuleText } from '../../network/netfilter/rule.ts'
import { Chain, type Table } from '../../network/netfilter/table.ts'
import { chainNamesFor, ownChainsFor, type PortRules, type ProxySettings, sharedRulesFor } from './iptablesRules.ts'
import { ensureFirewall, ensureJump } from './jumps.ts'
import { isServiceChain } from './leftovers.ts'
import type { ProxyMode, Target } from './mode.ts'
import { filterChains, forwardRules, jumps, masqueradeRules, natChains, nodePortRules } from './sharedRules.ts'

/** The chains of one port of a Service as they were last written. */
interface Written {
  readonly target: Target
  readonly names: readonly string[]
}

/** A rule with the chain that it belongs to. */
interface PlacedRule {
  readonly chain: string
  readonly text: RuleText
}

/**
 * Keeps the rules of kube-proxy in the netfilter tables of a node. A chain is made at once, its rules when a packet or
 * a reader first comes to it: most chains of a big cluster never see either.
 */
export class IptablesMode implements ProxyMode {
  readonly #network: NetworkNamespace
  readonly #settings: ProxySettings
  readonly #written = new Map<string, Written>()
  /** Chains of a proxy before this one, which are written anew or removed. */
  #leftovers: ReadonlySet<string>
  readonly #shared = new WeakMap<Target, { readonly filter: PlacedRule[]; readonly nat: PlacedRule[] }>()

  constructor(network: NetworkNamespace, settings: ProxySettings) {
    this.#network = network
    this.#settings = settings
    this.#leftovers = new Set([...network.netfilter.table('nat').chains.keys()].filter(isServiceChain))
  }

  /** Makes the tables say what the Services want; chains that stay the same are not touched. */
  sync(targets: readonly Target[]): void {
    this.#ensureJumps()
    const { netfilter } = this.#network
    const nat = netfilter.table('nat')
    const gone = new Set(this.#written.keys())
    for (const target of targets) {
      const key = `${target.port.name} ${target.port.protocol}`
      gone.delete(key)
      const old = this.#written.get(key)
      if (old?.target !== target) this.#written.set(key, this.#write(nat, target, old))
    }
    for (const key of gone) {
      for (const name of this.#written.get(key)!.names) nat.chains.delete(name)
      this.#written.delete(key)
    }
    this.#removeLeftovers(nat)
    this.#writeShared(nat, natChains, targets, 'nat', [...nodePortRules(this.#settings), ...masqueradeRules])
    this.#writeShared(netfilter.table('filter'), filterChains, targets, 'filter', forwardRules)
  }

  /** Writes the chains of a port: all that are new, and those whose rules differ from before. */
  #write(nat: Table, target: Target, old: Written | undefined): Written {
    const rulesOf = ({ port, reachable }: Target) => ownChainsFor(port, reachable, this.#settings)
    const names = chainNamesFor(target.port, target.reachable)
    const known = new Set(old?.names)
    const before = old && names.some(name => known.has(name)) ? rulesOf(old.target) : undefined
    let after: ReadonlyMap<string, readonly string[]> | undefined
    const linesOf = (name: string) => {
      after ??= rulesOf(target)
      return after.get(name) ?? []
    }
    for (const name of names) {
      const isSame = before && known.delete(name) && before.get(name)?.join() === linesOf(name).join()
      if (isSame && nat.chains.has(name)) continue
      nat.chains.set(name, new Chain(name, undefined, () => linesOf(name).map(line => new Rule(placed(line).text))))
    }
    for (const name of known) if (!names.includes(name)) nat.chains.delete(name)
    return { target, names }
  }

  #removeLeftovers(nat: Table): void {
    if (this.#leftovers.size === 0) return
    const wanted = new Set([...this.#written.values()].flatMap(({ names }) => names))
    for (const name of this.#leftovers) if (!wanted.has(name)) nat.chains.delete(name)
    this.#leftovers = new Set()
  }

  /** Writes the chains of a table that all Services share. */
  #writeShared(
    table: Table,
    names: readonly string[],
    targets: readonly Target[],
    kind: 'filter' | 'nat',
    last: readonly string[],
  ): void {
    let all: Map<string, Rule[]> | undefined
    const read = () => {
      const found = new Map<string, Rule[]>(names.map(name => [name, []]))
      for (const target of targets)
        for (const { chain, text } of this.#sharedOf(target)[kind]) found.get(chain)!.push(new Rule(text))
      for (const line of last) found.get(placed(line).chain)!.push(new Rule(placed(line).text))
      return found
    }
    for (const name of names)
      table.chains.set(
        name,
        new Chain(name, undefined, () => {
          all ??= read()
          return all.get(name)!
        }),
      )
    table.onChange()
  }

  #sharedOf(target: Target): { readonly filter: PlacedRule[]; readonly nat: PlacedRule[] } {
    const known = this.#shared.get(target)
    if (known) return known
    const { filter, nat }: Pick<PortRules, 'filter' | 'nat'> = sharedRulesFor(
      target.port,
      target.reachable,
      this.#settings,
    )
    const shared = { filter: filter.map(placed), nat: nat.map(placed) }
    this.#shared.set(target, shared)
    return shared
  }

  #ensureJumps(): void {
    const { netfilter } = this.#network
    const filter = netfilter.table('filter')
    const nat = netfilter.table('nat')
    for (const name of filterChains) if (!filter.chains.has(name)) filter.newChain(name)
    for (const name of natChains) if (!nat.chains.has(name)) nat.newChain(name)
    for (const jump of jumps) ensureJump(jump.table === 'nat' ? nat : filter, jump)
    if (!this.#settings.localhostNodePorts) return
    ensureFirewall(netfilter)
  }
}

/** `-A KUBE-SERVICES -d …` taken apart. */
function placed(line: string): PlacedRule {
  const end = line.indexOf(' ', 3)
  return { chain: line.slice(3, end), text: parseRule(line.slice(end + 1)) }
}
