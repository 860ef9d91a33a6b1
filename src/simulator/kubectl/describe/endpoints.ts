import type { Endpoints } from '../../cluster/kinds/endpoints.ts'
import { defineDescriber } from './describer.ts'

export const endpoints = defineDescriber<Endpoints>({
  group: '',
  kind: 'Endpoints',
  async describe(endpoints, view) {
    const { metadata, subsets = [] } = endpoints
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.heading('Subsets')
    for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
      text.field('Addresses', addresses.map(({ ip }) => ip).join(',') || '<none>', 1)
      text.field('NotReadyAddresses', notReadyAddresses.map(({ ip }) => ip).join(',') || '<none>', 1)
      if (ports.length > 0) {
        text.heading('Ports', 1)
        text.header(['Name', 'Port', 'Protocol'], 2)
        for (const { name, port, protocol } of ports) text.row([name || '<unset>', port, protocol ?? 'TCP'], 2)
      }
      text.line('')
    }
    await view.events(endpoints)
  },
})
