import type { IPAddress } from '../../cluster/kinds/ipAddress.ts'
import { defineDescriber } from './describer.ts'

export const ipAddress = defineDescriber<IPAddress>({
  group: 'networking.k8s.io',
  kind: 'IPAddress',
  async describe(address, view) {
    const { metadata, spec } = address
    const { text } = view
    text.field('Name', metadata.name)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    const parent = spec?.parentRef
    if (parent) {
      text.heading('Parent Reference')
      text.field('Group', parent.group ?? '', 1)
      text.field('Resource', parent.resource, 1)
      text.field('Namespace', parent.namespace ?? '', 1)
      text.field('Name', parent.name, 1)
    }
    await view.events(address)
  },
})
