import { formatIpv4, formatPrefix } from '../../../network/address.ts'
import { parseRule } from '../../../network/netfilter/parse.ts'
import { Rule } from '../../../network/netfilter/rule.ts'
import type { Datapath } from './datapath.ts'

/** The set of all nodes' addresses, which pods reach under their own where there is no tunnel. */
export const nodeSet = 'cilium_node_set_v4'

type TableName = 'filter' | 'nat'

/** Writes the chains that Cilium needs in netfilter: what may be forwarded, and under which address pods go out. */
// Simplified: the rules for the proxy of L7 policies (mangle, raw, and marks 0x200 and 0xa00) are left out.
export function writeRules(datapath: Datapath, nativeRange: string | undefined): void {
  const { options } = datapath
  const own = formatPrefix(options.range)
  const router = formatIpv4(options.router)
  const cluster = nativeRange ?? own
  const accept = (match: string, why: string) => `${match} -m comment --comment "cilium: ${why}" -j ACCEPT`
  write(datapath, 'filter', 'INPUT', [])
  write(datapath, 'filter', 'OUTPUT', [
    '-m mark ! --mark 0xe00/0xf00 -m mark ! --mark 0xd00/0xf00 -m mark ! --mark 0x400/0xf00 -m mark ! --mark 0xa00/0xe00 -m mark ! --mark 0x800/0xe00 -m mark ! --mark 0xf00/0xf00 -m comment --comment "cilium: host->any mark as from host" -j MARK --set-xmark 0xc00/0xf00',
  ])
  write(datapath, 'filter', 'FORWARD', [
    accept('-o cilium_host', 'any->cluster on cilium_host forward accept'),
    accept('-i cilium_host', 'cluster->any on cilium_host forward accept (nodeport)'),
    accept('-i lxc+', 'cluster->any on lxc+ forward accept'),
    accept('-i cilium_net', 'cluster->any on cilium_net forward accept (nodeport)'),
  ])
  write(datapath, 'nat', 'PRE', [])
  write(datapath, 'nat', 'OUTPUT', [])
  const toNodes = '-m comment --comment "exclude traffic to cluster nodes from masquerade" -j ACCEPT'
  write(datapath, 'nat', 'POST', [
    ...(options.isTunnelling ? [] : [`-s ${own} -m set --match-set ${nodeSet} dst ${toNodes}`]),
    `-s ${own} ! -d ${cluster} ! -o cilium_+ -m comment --comment "cilium masquerade non-cluster" -j MASQUERADE`,
    `! -s ${own} ! -d ${own} -o cilium_host -m comment --comment "cilium host->cluster masquerade" -j SNAT --to-source ${router}`,
    `-s 127.0.0.1/32 -o cilium_host -m comment --comment "cilium host->cluster from 127.0.0.1 masquerade" -j SNAT --to-source ${router}`,
  ])
}

const hooks = { PRE: 'PREROUTING', POST: 'POSTROUTING', INPUT: 'INPUT', OUTPUT: 'OUTPUT', FORWARD: 'FORWARD' } as const

function write({ options }: Datapath, name: TableName, place: keyof typeof hooks, rules: readonly string[]): void {
  const table = options.host.netfilter.table(name)
  const chain = name === 'nat' ? `CILIUM_${place}_nat` : `CILIUM_${place}`
  const hook = hooks[place]
  if (table.chains.has(chain)) table.flush(chain)
  else table.newChain(chain)
  for (const rule of rules) table.append(chain, new Rule(parseRule(rule)))
  const isJoined = table
    .chain(hook)
    .rules.some(({ text }) => text.target?.kind === 'jump' && text.target.chain === chain)
  if (!isJoined) table.insert(hook, new Rule(parseRule(`-m comment --comment "cilium-feeder: ${chain}" -j ${chain}`)))
}
