import { formatPrefix, type Prefix } from '../../../network/address.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { formatRule } from '../../../network/netfilter/format.ts'
import { parseRule } from '../../../network/netfilter/parse.ts'
import { Rule } from '../../../network/netfilter/rule.ts'
import type { Table } from '../../../network/netfilter/table.ts'

/**
 * Lets pod packets be forwarded, and hides pod addresses behind the node's when packets leave the pod network. Gives
 * whether something of that was missing.
 */
export function writeMasqueradeRules(host: NetworkNamespace, network: Prefix, subnet: Prefix): boolean {
  const all = formatPrefix(network)
  const own = formatPrefix(subnet)
  const masq = '-m comment --comment "flanneld masq"'
  const wasNatMissing = write(host.netfilter.table('nat'), 'POSTROUTING', 'FLANNEL-POSTRTG', 'flanneld masq', [
    `-m mark --mark 0x4000/0x4000 ${masq} -j RETURN`,
    `-s ${own} -d ${all} ${masq} -j RETURN`,
    `-s ${all} -d ${own} ${masq} -j RETURN`,
    `! -s ${all} -d ${own} ${masq} -j RETURN`,
    `-s ${all} ! -d 224.0.0.0/4 ${masq} -j MASQUERADE --random-fully`,
    `! -s ${all} -d ${all} ${masq} -j MASQUERADE --random-fully`,
  ])
  const forward = '-m comment --comment "flanneld forward"'
  const wasFilterMissing = write(host.netfilter.table('filter'), 'FORWARD', 'FLANNEL-FWD', 'flanneld forward', [
    `-s ${all} ${forward} -j ACCEPT`,
    `-d ${all} ${forward} -j ACCEPT`,
  ])
  return wasNatMissing || wasFilterMissing
}

/** The rules as they stand in the chains that matter here: while these are the same ones nothing can be missing. */
export function rulesAround({ netfilter }: NetworkNamespace): readonly Rule[] {
  const nat = netfilter.table('nat').chains
  const filter = netfilter.table('filter').chains
  return [nat.get('POSTROUTING'), nat.get('FLANNEL-POSTRTG'), filter.get('FORWARD'), filter.get('FLANNEL-FWD')].flatMap(
    chain => chain?.rules ?? [],
  )
}

/** Gives whether something was missing. */
function write(table: Table, hook: string, chain: string, comment: string, rules: readonly string[]): boolean {
  const wanted = rules.map(rule => parseRule(rule))
  const found = table.chains.get(chain)?.rules ?? []
  const isWritten =
    found.length === wanted.length && found.every(({ text }, i) => formatRule(text) === formatRule(wanted[i]!))
  if (!isWritten) {
    if (table.chains.has(chain)) table.flush(chain)
    else table.newChain(chain)
    for (const rule of wanted) table.append(chain, new Rule(rule))
  }
  const isJoined = table
    .chain(hook)
    .rules.some(({ text }) => text.target?.kind === 'jump' && text.target.chain === chain)
  if (!isJoined) table.append(hook, new Rule(parseRule(`-m comment --comment "${comment}" -j ${chain}`)))
  return !isWritten || !isJoined
}
