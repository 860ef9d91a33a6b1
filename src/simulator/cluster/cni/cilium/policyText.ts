import { protocolNumbers } from '../../../network/packet.ts'
import { reservedLabel } from './identity.ts'
import type { PolicyEntry } from './policyMap.ts'

/** A line of a policy map as text: `Allow Ingress identity 4321 80/TCP (default/allow-web)`. */
export function entryText({ direction, identity, protocol, port, prefixLength, origins, isDeny }: PolicyEntry): string {
  const verdict = isDeny ? 'Deny' : 'Allow'
  const who = identity === 0 ? 'any identity' : `identity ${reservedLabel(identity) ?? identity}`
  const name = Object.entries(protocolNumbers)
    .find(([, number]) => number === protocol)?.[0]
    .toUpperCase()
  const what = protocol === 0 ? 'ANY' : prefixLength === 0 ? `ANY/${name}` : `${portText(port, prefixLength)}/${name}`
  const why = origins.length > 0 ? ` (${origins.join(', ')})` : ''
  return `${verdict} ${direction === 'ingress' ? 'Ingress' : 'Egress'} ${who} ${what}${why}`
}

/** How a line has been found, in the words of the monitor. */
export function matchWords(entry: PolicyEntry | undefined): string {
  if (!entry) return 'none'
  if (entry.identity === 0) return entry.protocol === 0 ? 'all' : 'L4-Only'
  return entry.protocol === 0 ? 'L3-Only' : 'L3-L4'
}

/** `80`, or `8080-8087` for a prefix of ports. */
export function portText(port: number, prefixLength: number): string {
  return prefixLength === 16 ? String(port) : `${port}-${port + 2 ** (16 - prefixLength) - 1}`
}
