import type { NetworkNamespace } from '../../network/namespace.ts'
import { parseRule } from '../../network/netfilter/parse.ts'
import { Rule } from '../../network/netfilter/rule.ts'
import type { Chain, Table } from '../../network/netfilter/table.ts'
import { type PortRules, type ProxySettings, rulesFor } from './iptablesRules.ts'
import { isServiceChain } from './leftovers.ts'
import type { ProxyMode, Target } from './mode.ts'
import {
  filterChains,
  firewallJumps,
  firewallRule,
  forwardRules,
  type Jump,
  jumps,
  masqueradeRules,
  natChains,
  nodePortRules,
} from './sharedRules.ts'

/** Keeps the rules of kube-proxy in the netfilter tables of a node. */
export class IptablesMode implements ProxyMode {
  readonly #network: NetworkNamespace
  readonly #settings: ProxySettings
  /** The chains of Services as they were last written. */
  #written = new Map<string, string>()
  readonly #rules = new WeakMap<Target, PortRules>()

  constructor(network: NetworkNamespace, settings: ProxySettings) {
    this.#network = network
    this.#settings = settings
    // Chains that a proxy before this one wrote: all are written anew or removed.
    const nat = network.netfilter.table('nat')
    for (const name of nat.chains.keys()) if (isServiceChain(name)) this.#written.set(name, 'unknown')
  }

  /** Makes the tables say what the Services want; chains that stay the same are not touched. */
  sync(targets: readonly Target[]): void {
    const rules = targets.map(target => this.#rulesFor(target))
    this.#ensureJumps()
    const chains = new Map<string, string>()
    for (const [name, lines] of rules.flatMap(({ chains: own }) => [...own])) chains.set(name, lines.join('\n'))
    this.#network.netfilter.restore(restoreText(rules, chains, this.#written, this.#settings), {
      noFlush: true,
      counters: true,
    })
    this.#written = chains
  }

  #rulesFor(target: Target): PortRules {
    const rules = this.#rules.get(target) ?? rulesFor(target.port, target.reachable, this.#settings)
    this.#rules.set(target, rules)
    return rules
  }

  #ensureJumps(): void {
    const { netfilter } = this.#network
    const filter = netfilter.table('filter')
    const nat = netfilter.table('nat')
    for (const name of filterChains) if (!filter.chains.has(name)) filter.newChain(name)
    for (const name of natChains) if (!nat.chains.has(name)) nat.newChain(name)
    for (const jump of jumps) ensureJump(jump.table === 'nat' ? nat : filter, jump)
    if (!this.#settings.localhostNodePorts) return
    if (!filter.chains.has('KUBE-FIREWALL')) filter.newChain('KUBE-FIREWALL')
    for (const from of firewallJumps)
      if (!jumpsTo(filter.chain(from), 'KUBE-FIREWALL')) filter.insert(from, new Rule(parseRule('-j KUBE-FIREWALL')))
    if (filter.chain('KUBE-FIREWALL').rules.length === 0)
      filter.append('KUBE-FIREWALL', new Rule(parseRule(firewallRule.replace('-A KUBE-FIREWALL ', ''))))
  }
}

function ensureJump(table: Table, { from, to, comment, onlyNew }: Jump): void {
  if (jumpsTo(table.chain(from), to)) return
  const state = onlyNew ? '-m conntrack --ctstate NEW ' : ''
  table.insert(from, new Rule(parseRule(`${state}-m comment --comment "${comment}" -j ${to}`)))
}

function jumpsTo({ rules }: Chain, name: string): boolean {
  return rules.some(({ text: { target } }) => target?.kind === 'jump' && target.chain === name)
}

/** The input of iptables-restore. Shared chains are written anew, chains of Services where they have changed. */
function restoreText(
  rules: readonly PortRules[],
  chains: ReadonlyMap<string, string>,
  written: ReadonlyMap<string, string>,
  settings: ProxySettings,
): string {
  const changed = [...chains].filter(([name, text]) => written.get(name) !== text)
  const stale = [...written.keys()].filter(name => !chains.has(name))
  return [
    '*filter',
    ...filterChains.map(declaration),
    ...rules.flatMap(({ filter }) => filter),
    ...forwardRules,
    'COMMIT',
    '*nat',
    ...natChains.map(declaration),
    ...changed.map(([name]) => declaration(name)),
    ...stale.map(declaration),
    ...rules.flatMap(({ nat }) => nat),
    ...nodePortRules(settings),
    ...masqueradeRules,
    ...changed.map(([, text]) => text).filter(text => text !== ''),
    ...stale.map(name => `-X ${name}`),
    'COMMIT',
    '',
  ].join('\n')
}

function declaration(chain: string): string {
  return `:${chain} - [0:0]`
}
