import type { Frame, Ipv4Packet } from './packet.ts'

/** A frame as bytes, for filters that look at single bytes and for `tcpdump -x`. */
export function encodeFrame(_frame: Frame): Uint8Array {
  throw new Error('unfinished')
}

/** A packet as bytes. */
export function encodePacket(_packet: Ipv4Packet): Uint8Array {
  throw new Error('unfinished')
}
