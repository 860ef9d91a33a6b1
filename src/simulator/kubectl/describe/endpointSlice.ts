import type { EndpointSlice } from '../../cluster/kinds/endpointSlice.ts'
import { defineDescriber } from './describer.ts'

export const endpointSlice = defineDescriber<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  async describe(slice, view) {
    const { metadata, addressType, ports, endpoints } = slice
    const { text } = view
    text.field('Name', metadata.name)
    text.field('Namespace', metadata.namespace)
    text.labels('Labels', metadata.labels)
    text.annotations(metadata.annotations)
    text.field('AddressType', addressType)
    if (ports?.length) {
      text.heading('Ports')
      text.header(['Name', 'Port', 'Protocol'])
      for (const { name, port, protocol } of ports) text.row([name || '<unset>', port ?? '<unset>', protocol])
    } else text.line('Ports: <unset>')
    if (endpoints?.length) text.heading('Endpoints')
    else text.line('Endpoints: <none>')
    for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of endpoints ?? []) {
      text.field('- Addresses', addresses.join(', ') || '<none>', 1)
      text.heading('Conditions', 2)
      text.field('Ready', conditions?.ready ?? '<unset>', 3)
      text.field('Hostname', hostname ?? '<unset>', 2)
      if (targetRef) text.field('TargetRef', `${targetRef.kind}/${targetRef.name}`, 2)
      text.field('NodeName', nodeName ?? '<unset>', 2)
      text.field('Zone', zone ?? '<unset>', 2)
    }
    await view.events(slice)
  },
})
