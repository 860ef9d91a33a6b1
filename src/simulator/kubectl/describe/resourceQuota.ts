import type { ResourceQuota } from '../../cluster/kinds/resourceQuota.ts'
import { defineDescriber } from './describer.ts'
import { describeAmounts, describeScopes } from './quotas.ts'

export const resourceQuota = defineDescriber<ResourceQuota>({
  group: '',
  kind: 'ResourceQuota',
  describe(quota, { text }) {
    text.field('Name', quota.metadata.name)
    text.field('Namespace', quota.metadata.namespace)
    describeScopes(quota, text, 0, ' * ')
    text.header(['Resource', 'Used', 'Hard'], 0, ['--------', '----', '----'])
    describeAmounts(quota, text, 0)
  },
})
