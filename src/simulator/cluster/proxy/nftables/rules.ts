import type { NftBase, NftChain, NftRule } from '../../../network/netfilter/nftables.ts'
import type { SocketBuffer } from '../../../network/socketBuffer.ts'
import { nameHash } from '../chainNames.ts'
import type { Endpoint, ServicePort } from '../servicePort.ts'

/** The mark of packets that leave under the address of the node. */
export const masqueradeMark = 0x4000
export const masquerade = 'meta mark set meta mark | 0x00004000'

/** Where a chain meets packets by itself. */
export const base = (
  type: 'filter' | 'nat',
  hook: NftBase['hook'],
  priority: number,
  priorityText: string,
): NftBase => ({
  type,
  hook,
  priority,
  priorityText,
})

export function chain(name: string, rules: readonly NftRule[], own?: NftBase): NftChain {
  return own ? { name, rules, base: own } : { name, rules }
}

export function rule(text: string, run: NftRule['run']): NftRule {
  return { text, run }
}

export function jump(target: string): NftRule {
  return rule(`jump ${target}`, () => ({ jump: target }))
}

export function goto(target: string): NftRule {
  return rule(`goto ${target}`, () => ({ goto: target }))
}

export function ifNew(target: string): NftRule {
  return rule(`ct state new jump ${target}`, ({ tracking }) => (tracking === 'new' ? { jump: target } : undefined))
}

export function mark(buffer: SocketBuffer): undefined {
  buffer.mark = (buffer.mark | masqueradeMark) >>> 0
}

export function rangesText(ranges: readonly string[]): string {
  return ranges.length === 1 ? ranges[0]! : `{ ${ranges.join(', ')} }`
}

/** Digests take their time: the name of a port is asked for at each sync. */
const portNames = new WeakMap<ServicePort, string>()

/** `2ZQHPFSI-default/far/tcp/http`; for an endpoint with its address behind two underscores. */
export function chainName(port: ServicePort, endpoint?: Endpoint): string {
  const known = endpoint ? undefined : portNames.get(port)
  if (known !== undefined) return known
  const { name, protocol } = port
  const [service = '', portName = ''] = name.split(':')
  const full = `${service}/${protocol}/${portName}`
  const whole = endpoint ? `${full}__${endpoint.address}/${endpoint.port}` : full
  const chain = `${nameHash(whole)}-${whole}`
  if (!endpoint) portNames.set(port, chain)
  return chain
}
