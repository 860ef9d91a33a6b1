import { parseRule } from '../../../network/netfilter/parse.ts'
import { Rule } from '../../../network/netfilter/rule.ts'
import type { Table } from '../../../network/netfilter/table.ts'
import { Random } from '../../../random.ts'
import type { CniExecutable, CniRequest, CniResult, PluginConfiguration, PortMapping } from './executable.ts'

const entry = 'CNI-HOSTPORT-DNAT'
const marks = 'CNI-HOSTPORT-SETMARK'
const masquerades = 'CNI-HOSTPORT-MASQ'

/** Leads ports of the node to a container: the `hostPort` of a pod. */
export const portmap: CniExecutable = {
  type: 'portmap',
  kind: 'meta',
  add(configuration, request, before) {
    const result = before ?? { addresses: [] }
    if (request.portMappings.length > 0) forward(configuration, request, result)
    return result
  },
  remove(configuration, request) {
    const nat = request.host.netfilter.table('nat')
    const chain = chainOf(configuration, request)
    if (!nat.chains.has(chain)) return
    for (;;) {
      const at = nat
        .chain(entry)
        .rules.findIndex(({ text }) => text.target?.kind === 'jump' && text.target.chain === chain)
      if (at < 0) break
      nat.delete(entry, at + 1)
    }
    nat.flush(chain)
    nat.deleteChain(chain)
  },
}

function forward(configuration: PluginConfiguration, request: CniRequest, result: CniResult): void {
  const nat = request.host.netfilter.table('nat')
  prepare(nat)
  // Otherwise a connection from the node to 127.0.0.1 could not be sent on to the container.
  request.host.sysctl.set('net.ipv4.conf.all.route_localnet', '1')
  const [given] = result.addresses
  if (!given) return
  const address = given.address.split('/')[0]!
  const subnet = given.address.replace(/\d+\/24$/, '0/24')
  const chain = chainOf(configuration, request)
  nat.newChain(chain)
  const comment = `-m comment --comment "dnat name: \\"${configuration.name}\\" id: \\"${request.containerId}\\""`
  for (const protocol of ['tcp', 'udp', 'sctp'] as const) {
    const mappings = request.portMappings.filter(each => each.protocol === protocol)
    if (mappings.length === 0) continue
    const ports = mappings.map(each => each.hostPort).join(',')
    nat.append(entry, new Rule(parseRule(`-p ${protocol} ${comment} -m multiport --dports ${ports} -j ${chain}`)))
    for (const mapping of mappings)
      for (const rule of rulesOf(mapping, address, subnet)) nat.append(chain, new Rule(parseRule(rule)))
  }
}

function rulesOf(
  { protocol, hostPort, hostIP, containerPort }: PortMapping,
  address: string,
  subnet: string,
): string[] {
  const to = hostIP && hostIP !== '0.0.0.0' ? `-d ${hostIP}/32 ` : ''
  const port = `-p ${protocol} -m ${protocol} --dport ${hostPort}`
  return [
    `-s ${subnet} ${to}${port} -j ${marks}`,
    `-s 127.0.0.1/32 ${to}${port} -j ${marks}`,
    `${to}${port} -j DNAT --to-destination ${address}:${containerPort}`,
  ]
}

/** The chains that all containers share. */
function prepare(nat: Table): void {
  if (nat.chains.has(entry)) return
  for (const chain of [marks, masquerades, entry]) nat.newChain(chain)
  nat.append(
    marks,
    new Rule(parseRule('-m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000')),
  )
  nat.append(masquerades, new Rule(parseRule('-m mark --mark 0x2000/0x2000 -j MASQUERADE')))
  for (const chain of ['PREROUTING', 'OUTPUT'])
    nat.append(chain, new Rule(parseRule(`-m addrtype --dst-type LOCAL -j ${entry}`)))
  nat.insert(
    'POSTROUTING',
    new Rule(parseRule(`-m comment --comment "CNI portfwd requiring masquerade" -j ${masquerades}`)),
  )
}

/** The chain that bears the container's name; the real one is the start of a SHA-512. */
function chainOf(configuration: PluginConfiguration, request: CniRequest): string {
  return `CNI-DN-${new Random(`${configuration.name}${request.containerId}`).hex(21)}`
}
