import { parseIpv4, parsePrefix } from '../../../network/address.ts'

/** Addresses from the first to the last. */
export interface Range {
  readonly first: number
  readonly last: number
}

/** Reads a prefix, or two addresses with a hyphen between them; undefined when it is neither. */
export function readRange(text: string): Range | undefined {
  const [from = '', to] = text.split('-').map(part => part.trim())
  if (to !== undefined) {
    const [first, last] = [parseIpv4(from), parseIpv4(to)]
    return first !== undefined && last !== undefined && first <= last ? { first, last } : undefined
  }
  const prefix = from.includes('/') ? parsePrefix(from) : undefined
  if (!prefix) return undefined
  const size = 2 ** (32 - prefix.length)
  const first = prefix.address - (prefix.address % size)
  return { first, last: first + size - 1 }
}

/** The addresses of ranges, in order. */
export function* addressesIn(ranges: readonly Range[], avoidsBuggy: boolean): Generator<number> {
  for (const { first, last } of ranges)
    for (let address = first; address <= last; address++) {
      const end = address & 255
      if (!avoidsBuggy || (end !== 0 && end !== 255)) yield address
    }
}
