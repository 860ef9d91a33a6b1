/** A range of IPv4 addresses: those that share the first `length` bits of `address`. */
export interface Prefix {
  readonly address: number
  readonly length: number
}

/** Every IPv4 address. */
export const anywhere: Prefix = { address: 0, length: 0 }

/** 255.255.255.255. */
export const broadcastAddress = 0xffffffff

/** The Ethernet address that every interface listens to. */
export const broadcastMac = 'ff:ff:ff:ff:ff:ff'

/** The Ethernet address of interfaces that have none. */
export const zeroMac = '00:00:00:00:00:00'

/** Reads four decimal numbers with dots; undefined when it is not an IPv4 address. */
export function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let address = 0
  for (let i = 1; i <= 4; i++) {
    const part = Number(match[i])
    if (part > 255) return undefined
    address = address * 256 + part
  }
  return address
}

/** Writes an address as four decimal numbers with dots. */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/** The bits that addresses of a prefix share, as a mask: 24 gives 255.255.255.0. */
export function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
}

/** Reads `10.244.0.0/16`; a bare address stands for itself. Host bits are kept. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  const address = parseIpv4(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  if (slash < 0) return { address, length: 32 }
  const rest = text.slice(slash + 1)
  if (/^\d{1,2}$/.test(rest)) return Number(rest) <= 32 ? { address, length: Number(rest) } : undefined
  const mask = parseIpv4(rest)
  if (mask === undefined) return undefined
  const length = Math.clz32(~mask)
  return maskOf(length) === mask ? { address, length } : undefined
}

/** Writes an address and its prefix length: `10.244.1.1/24`. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatIpv4(prefix.address)}/${prefix.length}`
}

/** Whether an address lies in a prefix. */
export function contains(prefix: Prefix, address: number): boolean {
  return prefix.length === 0 || (prefix.address ^ address) >>> (32 - prefix.length) === 0
}

/** The prefix with its host bits cleared. */
export function networkOf(prefix: Prefix): Prefix {
  return { address: (prefix.address & maskOf(prefix.length)) >>> 0, length: prefix.length }
}

/** The last address of a prefix, which all its hosts listen to. */
export function broadcastOf(prefix: Prefix): number {
  return (prefix.address | ~maskOf(prefix.length)) >>> 0
}

/** Whether the address belongs to a machine itself: 127.0.0.0/8. */
export function isLoopback(address: number): boolean {
  return address >>> 24 === 127
}

/** Whether the address stands for a group: 224.0.0.0/4. */
export function isMulticast(address: number): boolean {
  return address >>> 28 === 14
}

/** Whether an Ethernet address stands for more than one interface. */
export function isGroupMac(mac: string): boolean {
  // The lowest bit of the first byte; the codes of digits are odd where the digits are, those of a–f the other way round.
  const code = mac.charCodeAt(1)
  return ((code < 58 ? code : code + 1) & 1) === 1
}
