import { formatIpv4 } from '../../../../network/address.ts'
import { reservedIdentity } from '../identity.ts'
import { type DbgCommand, type DbgRequest, labelsOf, rangeText } from './command.ts'
import { tabulate } from './tabulate.ts'

/** What the numbers of identities stand for. */
export const identityList: DbgCommand = {
  words: ['identity list'],
  summary: 'List identities',
  async run({ process, datapath }) {
    const reserved = Object.values(reservedIdentity).filter(id => id !== 0)
    const known = [...(datapath.agent?.identities().keys() ?? [])]
    const local = datapath.ipCache.ranges.map(({ identity }) => identity)
    const rows = [['ID', 'LABELS']]
    for (const id of [...reserved, ...known, ...local].sort((a, b) => a - b))
      for (const [index, label] of labelsOf(datapath, id).entries()) rows.push([index === 0 ? String(id) : '', label])
    await process.write(tabulate(rows, true))
    return 0
  },
}

/** What the agent knows of addresses. */
export const ipList: DbgCommand = {
  words: ['ip list'],
  summary: 'List IP addresses in the userspace IPcache',
  flags: ['-n', '--numeric', '-v', '--verbose'],
  async run({ process, datapath, options }) {
    const isNumeric = options.has('-n') || options.has('--numeric')
    const rows = [['IP', 'IDENTITY', 'SOURCE']]
    for (const { text, identity, source } of addresses(datapath)) {
      const labels = isNumeric ? [String(identity)] : labelsOf(datapath, identity)
      for (const [index, label] of labels.entries()) rows.push(index === 0 ? [text, label, source] : ['', label, ''])
    }
    await process.write(tabulate(rows))
    return 0
  },
}

/** What the kernel's map knows of addresses: with the node that a tunnel to them ends at. */
export const ipCacheList: DbgCommand = {
  words: ['bpf ipcache list'],
  summary: 'List endpoint IPs (local and remote) and their corresponding security identities',
  async run({ process, datapath }) {
    const rows = addresses(datapath).map(({ text, identity, tunnel }) => [
      text,
      `identity=${identity} encryptkey=0 tunnelendpoint=${formatIpv4(tunnel)} flags=${tunnel === 0 ? '<none>' : 'hastunnel'}`,
    ])
    await process.write(tabulate([['IP PREFIX/ADDRESS', 'IDENTITY'], ...rows]))
    return 0
  },
}

function addresses({ ipCache, options }: DbgRequest['datapath']) {
  const found = [{ text: '0.0.0.0/0', identity: reservedIdentity.world as number, tunnel: 0, source: '' }]
  for (const { identity, prefix } of ipCache.ranges)
    found.push({ text: rangeText(prefix), identity, tunnel: 0, source: 'generated' })
  for (const address of [options.nodeAddress, options.router])
    found.push({ text: `${formatIpv4(address)}/32`, identity: reservedIdentity.host, tunnel: 0, source: '' })
  for (const [address, { identity, tunnelEndpoint, pod }] of ipCache.addresses)
    found.push({
      text: `${formatIpv4(address)}/32`,
      identity,
      tunnel: options.isTunnelling ? tunnelEndpoint : 0,
      source: pod === undefined ? '' : 'custom-resource',
    })
  return found.sort((a, b) => (a.text < b.text ? -1 : 1))
}
