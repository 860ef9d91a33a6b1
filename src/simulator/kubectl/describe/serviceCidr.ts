import type { ServiceCIDR } from '../../cluster/kinds/serviceCidr.ts'
import { defineDescriber } from './describer.ts'
import { longTime } from './description.ts'

interface Condition {
  readonly type: string
  readonly status: string
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export const serviceCidr = defineDescriber<ServiceCIDR>({
  group: 'networking.k8s.io',
  kind: 'ServiceCIDR',
  async describe(range, view) {
    const { metadata, spec, status } = range as ServiceCIDR & { status?: { conditions?: Condition[] } }
    const { text } = view
    text.field('Name', metadata.name)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('CIDRs', (spec?.cidrs ?? []).join(', '))
    if (status?.conditions?.length) {
      text.heading('Status')
      text.heading('Conditions')
      text.header(['Type', 'Status', 'LastTransitionTime', 'Reason', 'Message'])
      for (const { type, status: state, lastTransitionTime, reason = '', message = '' } of status.conditions) {
        text.row([type, state, longTime(lastTransitionTime), reason, message])
      }
    }
    await view.events(range)
  },
})
