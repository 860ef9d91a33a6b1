import type { LimitRange } from '../../cluster/kinds/limitRange.ts'
import type { Namespace } from '../../cluster/kinds/namespace.ts'
import type { ResourceQuota } from '../../cluster/kinds/resourceQuota.ts'
import { defineDescriber } from './describer.ts'
import { longTime } from './description.ts'
import { describeLimits, describeQuotas } from './quotas.ts'

export const namespace = defineDescriber<Namespace>({
  group: '',
  kind: 'Namespace',
  async describe({ metadata, status }, view) {
    const { text } = view
    text.field('Name', metadata.name)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('Status', status?.phase)
    if (status?.conditions?.length) {
      text.heading('Conditions')
      text.header(['Type', 'Status', 'LastTransitionTime', 'Reason', 'Message'])
      for (const { type, status: state, lastTransitionTime, reason = '', message = '' } of status.conditions) {
        text.row([type, state, longTime(lastTransitionTime), reason, message])
      }
    }
    const { name } = metadata
    text.line('')
    describeQuotas(await view.list<ResourceQuota>('resourcequotas', { namespace: name }), text)
    text.line('')
    describeLimits(await view.list<LimitRange>('limitranges', { namespace: name }), text)
  },
})
