import { formatIpv4 } from '../../../../network/address.ts'
import type { DbgCommand } from './command.ts'
import { tabulate } from './tabulate.ts'

/** The nodes that the agent knows. */
export const nodeList: DbgCommand = {
  words: ['node list'],
  summary: 'List nodes',
  async run({ process, datapath }) {
    const rows = [['Name', 'IPv4 Address', 'Endpoint CIDR', 'IPv6 Address', 'Endpoint CIDR', 'Source']]
    for (const { name, address, range, isOwn } of datapath.agent?.nodes() ?? [])
      rows.push([`default/${name}`, address, range, '', '', isOwn ? 'local' : 'custom-resource'])
    await process.write(tabulate(rows, true))
    return 0
  },
}

/** The pods of the node, as the kernel's map has them. */
export const endpointMap: DbgCommand = {
  words: ['bpf endpoint list'],
  summary: 'List local endpoint entries',
  async run({ process, datapath }) {
    const { nodeAddress, router } = datapath.options
    const rows = [['IP ADDRESS', 'LOCAL ENDPOINT INFO']]
    for (const { address, id, identity, device, mac } of datapath.endpoints.values()) {
      const where = `id=${String(id).padEnd(5)} sec_id=${String(identity).padEnd(5)} flags=0x0000 ifindex=${String(device.index).padEnd(3)} mac=${mac.toUpperCase()} nodemac=${device.mac.toUpperCase()}`
      rows.push([`${formatIpv4(address)}:0`, `${where} parent_ifindex=0`])
    }
    for (const address of [nodeAddress, router]) rows.push([`${formatIpv4(address)}:0`, '(localhost)'])
    await process.write(tabulate(rows))
    return 0
  },
}
