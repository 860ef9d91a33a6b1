import type { NetworkNamespace } from '../../network/namespace.ts'
import { formatRule } from '../../network/netfilter/format.ts'
import type { Table } from '../../network/netfilter/table.ts'
import { ipvsChains } from './ipvs/rules.ts'
import { removeSets } from './ipvs/sets.ts'
import { dummyDevice } from './ipvs.ts'
import { filterChains, natChains } from './sharedRules.ts'

/** Chains that belong to one Service or endpoint. */
export function isServiceChain(name: string): boolean {
  return /^KUBE-(SVC|SVL|SEP|EXT|FW)-/.test(name)
}

/** Removes the chains that a proxy in mode iptables or ipvs has left behind; the mark's stays, as others use it. */
export function removeIptablesRules({ netfilter }: NetworkNamespace): void {
  for (const table of netfilter.tables) {
    const own = new Set<string>(
      table.name === 'nat' ? [...natChains, ...ipvsChains.nat] : [...filterChains, ...ipvsChains.filter],
    )
    own.delete('KUBE-MARK-MASQ')
    const chains = [...table.chains.keys()].filter(name => own.has(name) || isServiceChain(name))
    if (chains.length === 0) continue
    const lines = [
      ...chains.map(name => `:${name} - [0:0]`),
      ...jumpsInto(table, new Set(chains)),
      ...chains.map(name => `-X ${name}`),
    ]
    netfilter.restore(`*${table.name}\n${lines.join('\n')}\nCOMMIT\n`, { noFlush: true })
  }
}

function jumpsInto(table: Table, chains: ReadonlySet<string>): string[] {
  return [...table.chains.values()]
    .filter(({ policy }) => policy)
    .flatMap(({ name, rules }) =>
      rules
        .filter(({ text: { target } }) => target?.kind === 'jump' && chains.has(target.chain))
        .map(({ text }) => `-D ${name} ${formatRule(text)}`),
    )
}

/** Removes what a proxy in mode nftables has left behind. */
export function removeNftables({ netfilter }: NetworkNamespace): void {
  for (const table of [...netfilter.nftables.values()]) if (table.name === 'kube-proxy') table.detach(netfilter)
}

/** Removes what a proxy in mode ipvs has left behind besides chains. */
export function removeIpvs(network: NetworkNamespace): void {
  network.ipvs.clear()
  network.removeInterface(dummyDevice)
  removeSets(network.netfilter)
}
