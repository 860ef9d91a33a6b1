import { sha256 } from '../api/sha256.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The 16 letters that tell the chains of one port of a Service, or of one of its endpoints, from all others. */
export function chainSuffix(portName: string, protocol: string, endpoint = ''): string {
  return base32(sha256(portName + protocol + endpoint)).slice(0, 16)
}

/** The eight letters in front of a chain's name in nftables mode. */
export function nameHash(name: string): string {
  return base32(sha256(name)).slice(0, 8)
}

/** RFC 4648, without padding. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31]
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}
