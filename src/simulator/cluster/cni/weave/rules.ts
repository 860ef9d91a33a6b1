import { formatPrefix } from '../../../network/address.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { formatRule } from '../../../network/netfilter/format.ts'
import { parseRule } from '../../../network/netfilter/parse.ts'
import { Rule } from '../../../network/netfilter/rule.ts'
import type { Table } from '../../../network/netfilter/table.ts'
import { podRange } from './range.ts'

const range = formatPrefix(podRange)

/** The rules of the router: what pods send is looked at first, and hidden behind the node when it leaves their network. */
export function writeRouterRules({ netfilter }: NetworkNamespace): void {
  const nat = netfilter.table('nat')
  fill(nat, 'WEAVE', [
    `-s ${range} -d 224.0.0.0/4 -j RETURN`,
    `! -s ${range} -d ${range} -j MASQUERADE`,
    `-s ${range} ! -d ${range} -j MASQUERADE`,
  ])
  keep(nat, 'POSTROUTING', ['-j WEAVE'], 'append')
  const filter = netfilter.table('filter')
  for (const chain of ['WEAVE-NPC', 'WEAVE-NPC-EGRESS']) if (!filter.chains.has(chain)) filter.newChain(chain)
  const note = `-m comment --comment "NOTE: this must go before '-j KUBE-FORWARD'"`
  keep(
    filter,
    'FORWARD',
    [
      `-i weave ${note} -j WEAVE-NPC-EGRESS`,
      `-o weave ${note} -j WEAVE-NPC`,
      '-o weave -m state --state NEW -j NFLOG --nflog-group 86',
      '-o weave -j DROP',
      '-i weave ! -o weave -j ACCEPT',
      '-o weave -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ],
    'insert',
  )
  keep(
    filter,
    'INPUT',
    [
      '-d 127.0.0.1/32 -p tcp -m tcp --dport 6784 -m addrtype ! --src-type LOCAL -m conntrack ! --ctstate RELATED,ESTABLISHED -m comment --comment "Block non-local access to Weave Net control port" -j DROP',
      '-i weave -j WEAVE-NPC-EGRESS',
    ],
    'append',
  )
}

/** The frame into which the rules of policies are put. */
export function writePolicyFrame({ netfilter }: NetworkNamespace): void {
  const filter = netfilter.table('filter')
  for (const chain of policyChains) if (!filter.chains.has(chain)) filter.newChain(chain)
  fill(filter, 'WEAVE-NPC-EGRESS-ACCEPT', ['-j MARK --set-xmark 0x40000/0x40000'])
  fill(filter, 'WEAVE-NPC', [
    '-m state --state RELATED,ESTABLISHED -j ACCEPT',
    '-d 224.0.0.0/4 -j ACCEPT',
    '-m physdev --physdev-out vethwe-bridge --physdev-is-bridged -j ACCEPT',
    '-m state --state NEW -j WEAVE-NPC-DEFAULT',
    '-m state --state NEW -j WEAVE-NPC-INGRESS',
  ])
  fill(filter, 'WEAVE-NPC-EGRESS', [
    '-m state --state RELATED,ESTABLISHED -j ACCEPT',
    '-m physdev --physdev-in vethwe-bridge --physdev-is-bridged -j RETURN',
    '-m addrtype --dst-type LOCAL -j RETURN',
    '-d 224.0.0.0/4 -j RETURN',
    '-m state --state NEW -j WEAVE-NPC-EGRESS-DEFAULT',
    '-m state --state NEW -m mark ! --mark 0x40000/0x40000 -j WEAVE-NPC-EGRESS-CUSTOM',
    '-m state --state NEW -m mark ! --mark 0x40000/0x40000 -j NFLOG --nflog-group 86',
    '-m mark ! --mark 0x40000/0x40000 -j DROP',
  ])
}

const policyChains = [
  'WEAVE-NPC',
  'WEAVE-NPC-DEFAULT',
  'WEAVE-NPC-INGRESS',
  'WEAVE-NPC-EGRESS',
  'WEAVE-NPC-EGRESS-DEFAULT',
  'WEAVE-NPC-EGRESS-CUSTOM',
  'WEAVE-NPC-EGRESS-ACCEPT',
]

/** Makes a chain hold exactly these rules; one that does already is left alone, with its counters. */
export function fill(table: Table, chain: string, rules: readonly string[]): void {
  const wanted = rules.map(rule => parseRule(rule))
  const found = table.chains.get(chain)
  const isSame =
    found?.rules.length === wanted.length &&
    found.rules.every(({ text }, index) => formatRule(text) === formatRule(wanted[index]!))
  if (isSame) return
  if (found) table.flush(chain)
  else table.newChain(chain)
  for (const rule of wanted) table.append(chain, new Rule(rule))
}

/** Puts rules into a chain that others use as well, unless they are there. */
function keep(table: Table, chain: string, rules: readonly string[], where: 'append' | 'insert'): void {
  const wanted = rules.map(rule => parseRule(rule))
  const there = new Set(table.chain(chain).rules.map(({ text }) => formatRule(text)))
  if (wanted.every(rule => there.has(formatRule(rule)))) return
  for (const [index, rule] of wanted.entries())
    if (where === 'insert') table.insert(chain, new Rule(rule), index + 1)
    else table.append(chain, new Rule(rule))
}
