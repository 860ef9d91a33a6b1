import type { Ipv4Packet } from '../../../network/packet.ts'

/** A packet from another address and port. */
export function withSource(packet: Ipv4Packet, source: number, sourcePort: number): Ipv4Packet {
  const { body } = packet
  if (body.kind === 'fragment')
    return { ...packet, source, body: { ...body, whole: withSource(body.whole, source, sourcePort) } }
  if (!('sourcePort' in body)) return { ...packet, source }
  return { ...packet, source, body: { ...body, sourcePort } as Ipv4Packet['body'] }
}

/** A packet to another address and port. */
export function withDestination(packet: Ipv4Packet, destination: number, destinationPort: number): Ipv4Packet {
  const { body } = packet
  if (body.kind === 'fragment')
    return {
      ...packet,
      destination,
      body: { ...body, whole: withDestination(body.whole, destination, destinationPort) },
    }
  if (!('destinationPort' in body)) return { ...packet, destination }
  return { ...packet, destination, body: { ...body, destinationPort } as Ipv4Packet['body'] }
}
