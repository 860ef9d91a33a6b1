import { endpoints } from '../../cluster/kinds/endpoints.ts'
import { defineDescriber } from './describer.ts'
import { describeEvents } from './events.ts'
import { beginDescription } from './named.ts'

export const endpointsDescriber = defineDescriber(endpoints, async (object, around) => {
  const text = beginDescription(object)
  text.line(0, 'Subsets:')
  for (const { addresses, notReadyAddresses, ports } of object.subsets ?? []) {
    const addressText = (list: typeof addresses) => list?.map(({ ip }) => ip).join(',') || '<none>'
    text.line(1, `Addresses:\t${addressText(addresses)}`)
    text.line(1, `NotReadyAddresses:\t${addressText(notReadyAddresses)}`)
    if (ports?.length) {
      text.line(1, 'Ports:')
      text.line(2, 'Name\tPort\tProtocol')
      text.line(2, '----\t----\t--------')
      for (const port of ports) text.line(2, `${port.name || '<unset>'}\t${port.port}\t${port.protocol}`)
    }
    text.line(0, '')
  }
  await describeEvents(text, object, around)
  return text.toString()
})
