import { bodyLength, type Ipv4Packet } from './packet.ts'

/** Pieces of a packet that never came together are forgotten after this time. */
const patience = 30_000

/** Cuts a packet into pieces that fit a link. */
export function fragment(packet: Ipv4Packet, mtu: number): Ipv4Packet[] {
  if (packet.body.kind === 'fragment')
    return cut(packet.body.whole, packet, packet.body.offset, packet.body.length, mtu)
  return cut(packet, packet, 0, bodyLength(packet.body), mtu)
}

function cut(whole: Ipv4Packet, packet: Ipv4Packet, from: number, length: number, mtu: number): Ipv4Packet[] {
  const pieces: Ipv4Packet[] = []
  // Every piece but the last carries a multiple of eight bytes.
  const step = (mtu - 20) & ~7
  const end = bodyLength(whole.body)
  for (let offset = from; offset < from + length; offset += step) {
    const size = Math.min(step, from + length - offset)
    const hasMore = offset + size < end
    pieces.push({ ...packet, body: { kind: 'fragment', whole, offset, length: size, hasMore } })
  }
  return pieces
}

/** Puts pieces together again. */
export class Defragmenter {
  #waiting = new Map<number, { received: number; since: number }>()

  /** Takes a piece; gives the whole packet when this was the last one missing. */
  add(packet: Ipv4Packet, now: number): Ipv4Packet | undefined {
    if (packet.body.kind !== 'fragment') return packet
    for (const [serial, { since }] of this.#waiting) if (now > since + patience) this.#waiting.delete(serial)
    const { whole, length } = packet.body
    const state = this.#waiting.get(packet.serial) ?? { received: 0, since: now }
    state.received += length
    if (state.received < bodyLength(whole.body)) {
      this.#waiting.set(packet.serial, state)
      return undefined
    }
    this.#waiting.delete(packet.serial)
    return { ...whole, ttl: packet.ttl, source: packet.source, destination: packet.destination }
  }
}
