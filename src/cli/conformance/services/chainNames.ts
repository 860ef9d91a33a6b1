import { chainSuffix } from '../../../simulator/cluster/proxy/chainNames.ts'
import { type Area, compare } from '../area.ts'

const file = 'services/kube-proxy-iptables/chain-names.json'

interface Row {
  readonly servicePortName: string
  readonly protocol: string
  readonly endpoint?: string
  readonly serviceChainSuffix?: string
  readonly endpointChainSuffix?: string
}

/** Names of chains, which follow from the names of Services and the addresses of endpoints. */
export const chainNames: Area = {
  name: 'services/chain-names',
  needs: [file],
  *cases(corpora) {
    for (const row of corpora.json<{ examples: Row[] }>(file).examples)
      yield {
        name: `${row.servicePortName} ${row.endpoint ?? ''}`,
        run: () =>
          compare(
            row.endpointChainSuffix ?? row.serviceChainSuffix,
            chainSuffix(row.servicePortName, row.protocol, row.endpointChainSuffix && row.endpoint),
          ),
      }
  },
}
