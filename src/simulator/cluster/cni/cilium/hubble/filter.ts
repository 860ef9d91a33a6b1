import { formatIpv4 } from '../../../../network/address.ts'
import type { Datapath } from '../datapath.ts'
import type { FlowEvent } from '../flowLog.ts'
import { podAt, portAt, verdictOf } from './flowText.ts'

type Options = ReadonlyMap<string, readonly string[]>
type Test = (event: FlowEvent, datapath: Datapath) => boolean

/** Tests by the name of their option; one that may be given several times holds if one value does. */
const tests: Readonly<Record<string, (value: string) => Test>> = {
  '--pod': name => either(isPod(name)),
  '--from-pod': name => at('source', isPod(name)),
  '--to-pod': name => at('destination', isPod(name)),
  '--namespace': name => either(isNamespace(name)),
  '--from-namespace': name => at('source', isNamespace(name)),
  '--to-namespace': name => at('destination', isNamespace(name)),
  '--ip': ip => either((_datapath, address) => formatIpv4(address) === ip),
  '--from-ip': ip => at('source', (_datapath, address) => formatIpv4(address) === ip),
  '--to-ip': ip => at('destination', (_datapath, address) => formatIpv4(address) === ip),
  '--port':
    port =>
    ({ packet }) =>
      String(portAt(packet, 'source')) === port || String(portAt(packet, 'destination')) === port,
  '--from-port':
    port =>
    ({ packet }) =>
      String(portAt(packet, 'source')) === port,
  '--to-port':
    port =>
    ({ packet }) =>
      String(portAt(packet, 'destination')) === port,
  '--protocol':
    name =>
    ({ packet }) =>
      packet.protocol === name.toLowerCase().replace(/^icmpv4$/, 'icmp'),
  '--verdict': name => event => verdictOf(event) === name.toUpperCase(),
  '--type':
    name =>
    ({ kind }) =>
      kind === name,
  '--identity':
    id =>
    ({ sourceIdentity, destinationIdentity }) =>
      String(sourceIdentity) === id || String(destinationIdentity) === id,
}

/** Options of `hubble observe` that choose flows. */
export const filterOptions: readonly string[] = Object.keys(tests)

/** Whether the options want a flow. */
export function filterOf(options: Options): Test {
  const all = [...options].flatMap(([name, values]) => {
    const make = tests[name]
    return make ? [values.map(make)] : []
  })
  return (event, datapath) => all.every(any => any.some(test => test(event, datapath)))
}

type AddressTest = (datapath: Datapath, address: number) => boolean

function at(side: 'source' | 'destination', test: AddressTest): Test {
  return ({ packet }, datapath) => test(datapath, packet[side])
}

function either(test: AddressTest): Test {
  return ({ packet }, datapath) => test(datapath, packet.source) || test(datapath, packet.destination)
}

/** `default/web`, `web` for one of the namespace default, `default/` for all of a namespace; names may be cut short. */
function isPod(text: string): AddressTest {
  const wanted = text.includes('/') ? text : `default/${text}`
  return (datapath, address) => podAt(datapath, address)?.startsWith(wanted) ?? false
}

function isNamespace(name: string): AddressTest {
  return (datapath, address) => podAt(datapath, address)?.startsWith(`${name}/`) ?? false
}
