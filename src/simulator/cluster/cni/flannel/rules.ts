import { formatPrefix, type Prefix } from '../../../network/address.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { parseRule } from '../../../network/netfilter/parse.ts'
import { Rule } from '../../../network/netfilter/rule.ts'
import type { Table } from '../../../network/netfilter/table.ts'

/** Lets pod packets be forwarded, and hides pod addresses behind the node's when packets leave the pod network. */
export function writeMasqueradeRules(host: NetworkNamespace, network: Prefix, subnet: Prefix): void {
  const all = formatPrefix(network)
  const own = formatPrefix(subnet)
  const masq = '-m comment --comment "flanneld masq"'
  write(host.netfilter.table('nat'), 'POSTROUTING', 'FLANNEL-POSTRTG', 'flanneld masq', [
    `-m mark --mark 0x4000/0x4000 ${masq} -j RETURN`,
    `-s ${own} -d ${all} ${masq} -j RETURN`,
    `-s ${all} -d ${own} ${masq} -j RETURN`,
    `! -s ${all} -d ${own} ${masq} -j RETURN`,
    `-s ${all} ! -d 224.0.0.0/4 ${masq} -j MASQUERADE --random-fully`,
    `! -s ${all} -d ${all} ${masq} -j MASQUERADE --random-fully`,
  ])
  const forward = '-m comment --comment "flanneld forward"'
  write(host.netfilter.table('filter'), 'FORWARD', 'FLANNEL-FWD', 'flanneld forward', [
    `-s ${all} ${forward} -j ACCEPT`,
    `-d ${all} ${forward} -j ACCEPT`,
  ])
}

function write(table: Table, hook: string, chain: string, comment: string, rules: readonly string[]): void {
  if (table.chains.has(chain)) table.flush(chain)
  else table.newChain(chain)
  for (const rule of rules) table.append(chain, new Rule(parseRule(rule)))
  const isJoined = table
    .chain(hook)
    .rules.some(({ text }) => text.target?.kind === 'jump' && text.target.chain === chain)
  if (!isJoined) table.append(hook, new Rule(parseRule(`-m comment --comment "${comment}" -j ${chain}`)))
}
