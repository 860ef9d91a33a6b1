import type { Netfilter } from '../../network/netfilter/netfilter.ts'
import { parseRule } from '../../network/netfilter/parse.ts'
import { Rule } from '../../network/netfilter/rule.ts'
import type { Chain, Table } from '../../network/netfilter/table.ts'
import { firewallJumps, firewallRule, type Jump } from './sharedRules.ts'

/** Puts a jump at the front of its chain, unless it is there. */
export function ensureJump(table: Table, { from, to, comment, onlyNew }: Jump): void {
  if (jumpsTo(table.chain(from), to)) return
  const state = onlyNew ? '-m conntrack --ctstate NEW ' : ''
  table.insert(from, new Rule(parseRule(`${state}-m comment --comment "${comment}" -j ${to}`)))
}

/** The rule against packets that pretend to be for this machine alone, with the jumps to it. */
export function ensureFirewall(netfilter: Netfilter): void {
  const filter = netfilter.table('filter')
  if (!filter.chains.has('KUBE-FIREWALL')) filter.newChain('KUBE-FIREWALL')
  for (const from of firewallJumps)
    if (!jumpsTo(filter.chain(from), 'KUBE-FIREWALL')) filter.insert(from, new Rule(parseRule('-j KUBE-FIREWALL')))
  if (filter.chain('KUBE-FIREWALL').rules.length === 0)
    filter.append('KUBE-FIREWALL', new Rule(parseRule(firewallRule.replace('-A KUBE-FIREWALL ', ''))))
}

function jumpsTo({ rules }: Chain, name: string): boolean {
  return rules.some(({ text: { target } }) => target?.kind === 'jump' && target.chain === name)
}
