import { formatIpv4 } from '../../../../network/address.ts'
import { labelLines } from '../identity.ts'
import type { LocalEndpoint } from '../localEndpoint.ts'
import type { DbgCommand } from './command.ts'
import { tabulate } from './tabulate.ts'

/** The pods of the node with their identities and whether policies choose them. */
export const endpointList: DbgCommand = {
  words: ['endpoint list'],
  summary: 'List all endpoints',
  async run({ process, datapath }) {
    const rows = [
      [
        'ENDPOINT',
        'POLICY (ingress)',
        'POLICY (egress)',
        'IDENTITY',
        'LABELS (source:key[=value])',
        'IPv6',
        'IPv4',
        'STATUS',
      ],
      ['', 'ENFORCEMENT', 'ENFORCEMENT', '', '', '', '', ''],
    ]
    const { hostEndpoint, hostLabels } = datapath.options
    const host = { id: hostEndpoint, identity: '1', labels: hostLabels, address: '', states: ['Disabled', 'Disabled'] }
    const all = [...[...datapath.endpoints.values()].map(described), host].sort((a, b) => a.id - b.id)
    for (const { id, identity, labels, address, states } of all)
      for (const [index, label] of labels.entries())
        rows.push(
          index === 0
            ? [String(id), ...states, identity, label, '', address, 'ready']
            : ['', '', '', '', label, '', '', ''],
        )
    await process.write(tabulate(rows))
    return 0
  },
}

function described({ id, identity, labels, address, policy }: LocalEndpoint) {
  const states = (['ingress', 'egress'] as const).map(each => (policy.isEnforced[each] ? 'Enabled' : 'Disabled'))
  return { id, identity: String(identity), labels: labelLines(labels), address: formatIpv4(address), states }
}
