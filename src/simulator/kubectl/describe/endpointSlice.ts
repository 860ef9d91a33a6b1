import { endpointSlice } from '../../cluster/kinds/endpointSlice.ts'
import { defineDescriber } from './describer.ts'
import type { Description } from './description.ts'
import { describeEvents } from './events.ts'
import { beginDescription } from './named.ts'

export const endpointSliceDescriber = defineDescriber(endpointSlice, async (object, around) => {
  const text = beginDescription(object)
  text.line(0, `AddressType:\t${object.addressType}`)
  if (!object.ports?.length) text.line(0, 'Ports: <unset>')
  else {
    text.line(0, 'Ports:')
    text.line(1, 'Name\tPort\tProtocol')
    text.line(1, '----\t----\t--------')
    for (const { name, port, protocol } of object.ports)
      text.line(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol}`)
  }
  if (!object.endpoints?.length) text.line(0, 'Endpoints: <none>')
  else {
    text.line(0, 'Endpoints:')
    for (const endpoint of object.endpoints) describeEndpoint(text, endpoint)
  }
  await describeEvents(text, object, around)
  return text.toString()
})

type Endpoint = {
  readonly addresses: readonly string[]
  readonly conditions?: { readonly ready?: boolean }
  readonly hostname?: string
  readonly targetRef?: { readonly kind?: string; readonly name?: string }
  readonly nodeName?: string
  readonly zone?: string
  readonly hints?: { readonly forZones?: readonly { readonly name: string }[] }
}

function describeEndpoint(text: Description, endpoint: Endpoint): void {
  text.line(1, `- Addresses:\t${endpoint.addresses.join(', ') || '<none>'}`)
  text.line(2, 'Conditions:')
  text.line(3, `Ready:\t${endpoint.conditions?.ready ?? '<unset>'}`)
  text.line(2, `Hostname:\t${endpoint.hostname ?? '<unset>'}`)
  if (endpoint.targetRef) text.line(2, `TargetRef:\t${endpoint.targetRef.kind}/${endpoint.targetRef.name}`)
  text.line(2, `NodeName:\t${endpoint.nodeName ?? '<unset>'}`)
  text.line(2, `Zone:\t${endpoint.zone ?? '<unset>'}`)
  const zones = endpoint.hints?.forZones
  if (zones?.length) text.line(2, `Hints:\tFor Zones: ${zones.map(({ name }) => name).join(',')}`)
}
