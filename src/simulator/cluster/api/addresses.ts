/** An IPv4 or IPv6 address as numbers, or why a text is none. */
export interface Address {
  readonly family: 'IPv4' | 'IPv6'
  readonly bits: bigint
}

/** Reads an address; leading zeros are refused as Go refuses them. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): Address | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let bits = 0n
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part[0] === '0')) return undefined
    bits = (bits << 8n) | BigInt(part)
  }
  return { family: 'IPv4', bits }
}

function parseIpv6(text: string): Address | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (tail) {
    const last = parseIpv4(tail[2]!)
    if (!last) return undefined
    return parseIpv6(`${tail[1]}${(last.bits >> 16n).toString(16)}:${(last.bits & 0xffffn).toString(16)}`)
  }
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const groups = halves.map(half => (half === '' ? [] : half.split(':')))
  const count = groups.reduce((sum, half) => sum + half.length, 0)
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined
  const all = [...groups[0]!, ...Array.from({ length: 8 - count }, () => '0'), ...(groups[1] ?? [])]
  let bits = 0n
  for (const group of all) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
    bits = (bits << 16n) | BigInt(`0x${group}`)
  }
  return { family: 'IPv6', bits }
}

/** A range of addresses: `10.0.0.0/8`. */
export interface Range {
  readonly first: Address
  readonly length: number
}

export function parseRange(text: string): Range | undefined {
  const [start = '', length = ''] = text.split('/')
  const address = parseAddress(start)
  if (!address || !/^(0|[1-9]\d*)$/.test(length) || text.split('/').length !== 2) return undefined
  const width = address.family === 'IPv4' ? 32 : 128
  if (Number(length) > width) return undefined
  const shift = BigInt(width - Number(length))
  return { first: { family: address.family, bits: (address.bits >> shift) << shift }, length: Number(length) }
}

export function isWithin(address: Address, range: Range): boolean {
  if (address.family !== range.first.family) return false
  const shift = BigInt((address.family === 'IPv4' ? 32 : 128) - range.length)
  return address.bits >> shift === range.first.bits >> shift
}

export function isIpv4(text: string): boolean {
  return parseAddress(text)?.family === 'IPv4'
}

export const addressText = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
export const rangeText = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

const loopback = [parseRange('127.0.0.0/8')!, parseRange('::1/128')!]
const linkLocal = [parseRange('169.254.0.0/16')!, parseRange('fe80::/10')!]
const linkLocalMulticast = [parseRange('224.0.0.0/24')!, parseRange('ff02::/16')!]

/** What is wrong with an address that packets shall be sent to from elsewhere. */
export function checkRoutable(text: string): string[] {
  const address = parseAddress(text)
  if (!address) return ['must be a valid IP address']
  if (address.bits === 0n) return [`may not be unspecified (${text})`]
  if (loopback.some(range => isWithin(address, range)))
    return ['may not be in the loopback range (127.0.0.0/8, ::1/128)']
  if (linkLocal.some(range => isWithin(address, range)))
    return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)']
  if (linkLocalMulticast.some(range => isWithin(address, range)))
    return ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)']
  return []
}
