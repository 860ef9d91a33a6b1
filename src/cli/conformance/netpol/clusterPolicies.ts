import type { Area } from '../area.ts'

const file = 'netpol/network-policy-api/cases.json'

/** The conformance tests of policies for whole clusters: here is no such kind, and no plugin that would know it. */
export const clusterPolicies: Area = {
  name: 'netpol/network-policy-api',
  needs: [file],
  *cases(corpora) {
    for (const { name } of corpora.json<{ name: string }[]>(file))
      yield { name, run: () => ({ unanswered: 'ClusterNetworkPolicy is not simulated here' }) }
  },
}
