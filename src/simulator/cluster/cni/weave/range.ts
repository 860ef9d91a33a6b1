import { formatIpv4, type Prefix, parseIpv4 } from '../../../network/address.ts'

/** The range of all pods, whichever node they are on. */
export const podRange: Prefix = { address: parseIpv4('10.32.0.0')!, length: 12 }

/** The control port of a router on its own node. */
export const controlPort = 6784

/** The first address and the number of addresses that a router hands out. */
export interface Share {
  readonly first: number
  readonly count: number
}

const sixteenth = 1 << 16
// The first router takes everything; each later one gets a part of what another has left.
const beginnings = [0, 12, 4, 8, 14]

/** What belongs to one of several routers, by its place in the list of all. */
export function shareOf(index: number, routers: number): Share {
  const taken = beginnings.slice(0, Math.max(routers, index + 1))
  const start = taken[index]!
  const end = Math.min(16, ...taken.filter(other => other > start))
  return { first: podRange.address + start * sixteenth, count: (end - start) * sixteenth }
}

/** An address of the range as it stands on an interface: `10.32.0.1/12`. */
export function withLength(address: number): string {
  return `${formatIpv4(address)}/${podRange.length}`
}
