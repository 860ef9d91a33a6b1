import { formatSelector } from '../../../api/selector.ts'
import type { NetworkPolicy } from '../../../kinds/networkPolicy.ts'
import { rulesOf } from '../ciliumPolicy.ts'
import type { DbgCommand, DbgRequest } from './command.ts'
import { tabulate } from './tabulate.ts'

/** Whom policies choose, with the identities that are meant by it now. */
// Simplified: only the selectors of the policies themselves are listed, not those of their peers.
export const policySelectors: DbgCommand = {
  words: ['policy selectors'],
  summary: 'Display cached information about selectors',
  async run({ process, datapath }) {
    const rows = [['SELECTOR', 'LABELS', 'USERS', 'IDENTITIES']]
    for (const { kind, metadata, spec, selector } of chosen(datapath)) {
      const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
      const found = [...datapath.endpoints.values()].filter(({ policy }) =>
        policy.entries.some(({ origins }) => origins.includes(name)),
      )
      const identities = [...new Set(found.map(({ identity }) => identity))].sort((a, b) => a - b)
      const text = formatSelector(selector).replace(/^<none>$/, '')
      rows.push([
        `&LabelSelector{MatchLabels:map[string]string{${text}},MatchExpressions:[]LabelSelectorRequirement{},}`,
        `${kind} ${name}`,
        spec === undefined ? '0' : '1',
        identities.join(' '),
      ])
    }
    await process.write(tabulate(rows))
    return 0
  },
}

function chosen({ agent }: DbgRequest['datapath']) {
  return (agent?.policies() ?? []).map(policy => ({
    ...policy,
    selector:
      policy.kind === 'NetworkPolicy'
        ? (policy as NetworkPolicy).spec.podSelector
        : rulesOf(policy as Parameters<typeof rulesOf>[0])[0]?.endpointSelector,
  }))
}
