import { networkOf, type Prefix, parseIpv4, parsePrefix } from '../address.ts'
import { type Protocol, protocolNumbers } from '../packet.ts'
import { tcpFlagNames } from './flags.ts'
import type { PortRange } from './rule.ts'
import { serviceNames } from './serviceNames.ts'
import { RuleSyntaxError } from './words.ts'

/** A prefix, with its host bits cleared as iptables does. */
export function readPrefix(text: string): Prefix {
  const prefix = parsePrefix(text)
  if (!prefix) throw new RuleSyntaxError(`host/network \`${text}' not found`)
  return networkOf(prefix)
}

/** A protocol by name or number; undefined for all of them. */
export function readProtocol(text: string): Protocol | undefined {
  if (text === 'all' || text === '0') return undefined
  const name = text === 'ipip' ? 'ipencap' : text
  const found = Object.entries(protocolNumbers).find(([key, number]) => key === name || String(number) === name)
  if (!found) throw new RuleSyntaxError(`unknown protocol "${text}" specified`)
  return found[0] as Protocol
}

/** A port by number or name. */
function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : serviceNames[text]
  if (port === undefined || port > 65535) throw new RuleSyntaxError(`invalid port/service \`${text}' specified`)
  return port
}

/** A port, or the first and the last of several. */
export function readPorts(text: string, separator = ':'): PortRange {
  const [first = '', last] = text.split(separator)
  const low = first === '' && last !== undefined ? 0 : readPort(first)
  if (last === undefined) return [low, low]
  const high = last === '' ? 65535 : readPort(last)
  if (low > high) throw new RuleSyntaxError(`invalid portrange (min > max)`)
  return [low, high]
}

/** A number, decimal or hexadecimal. */
export function readNumber(text: string, option: string): number {
  if (!/^(\d+|0x[\da-f]+)$/i.test(text)) throw new RuleSyntaxError(`Bad ${option} value "${text}"`)
  return Number(text)
}

/** A mark and its mask: `0x4000/0x4000`. */
export function readMark(text: string, option: string): [value: number, mask: number] {
  const [value = '', mask] = text.split('/')
  return [readNumber(value, option), mask === undefined ? 0xffffffff : readNumber(mask, option)]
}

/** One address, or the first and the last of several with `-` between. */
export function readAddresses(text: string): [first: number, last: number | undefined] {
  const [first = '', last] = text.split('-')
  const low = parseIpv4(first)
  const high = last === undefined ? undefined : parseIpv4(last)
  if (low === undefined || (last !== undefined && high === undefined))
    throw new RuleSyntaxError(`Bad IP address "${text}"`)
  return [low, high]
}

/** TCP flags by name. */
export function readFlags(text: string): number {
  if (text === 'ALL') return tcpFlagNames.reduce((sum, [, bit]) => sum | bit, 0)
  if (text === 'NONE') return 0
  let flags = 0
  for (const name of text.split(',')) {
    const found = tcpFlagNames.find(([known]) => known === name.toUpperCase())
    if (!found) throw new RuleSyntaxError(`Unknown TCP flag \`${name}'`)
    flags |= found[1]
  }
  return flags
}

/** Words of a list, each of which must be known. */
export function readList<T extends string>(text: string, known: readonly T[], what: string): T[] {
  return text.split(',').map(word => {
    const found = known.find(each => each === word.toUpperCase())
    if (!found) throw new RuleSyntaxError(`Bad ${what} "${word}"`)
    return found
  })
}
