/** What runs on a cable: an Ethernet header and what it carries. */
export interface Frame {
  readonly source: string
  readonly destination: string
  readonly payload: ArpPacket | Ipv4Packet
}

/** Asks for, or tells, the Ethernet address that belongs to an IPv4 address. */
export interface ArpPacket {
  readonly kind: 'arp'
  readonly operation: 'request' | 'reply'
  readonly senderMac: string
  readonly senderAddress: number
  readonly targetMac: string
  readonly targetAddress: number
  /** Which story of the trace the packet belongs to; not on the wire. */
  readonly flow: number
  /** Tells the packet from every other one; not on the wire. */
  readonly serial: number
}

/** Protocols above IPv4, by the names of /etc/protocols. */
export type Protocol = 'icmp' | 'tcp' | 'udp' | 'ipencap' | 'sctp' | 'gre' | 'esp' | 'igmp' | 'ospf'

/** The numbers that name protocols in the IPv4 header. */
export const protocolNumbers: Readonly<Record<Protocol, number>> = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ospf: 89,
  sctp: 132,
}

export interface Ipv4Packet {
  readonly kind: 'ipv4'
  readonly source: number
  readonly destination: number
  readonly ttl: number
  readonly id: number
  readonly tos: number
  readonly dontFragment: boolean
  readonly protocol: Protocol
  readonly body: Ipv4Body
  /** Which story of the trace the packet belongs to; not on the wire. */
  readonly flow: number
  /** Tells the packet from every other one on its whole way, rewritten or wrapped; not on the wire. */
  readonly serial: number
}

/** What an IPv4 header carries; a packet inside a packet is an IP-in-IP tunnel. */
export type Ipv4Body = TcpSegment | UdpDatagram | SctpPacket | IcmpMessage | Fragment | Opaque | Ipv4Packet

/** TCP's control bits. */
export const tcpFlag = { fin: 1, syn: 2, reset: 4, push: 8, acknowledgement: 16, urgent: 32 } as const

export interface TcpSegment {
  readonly kind: 'tcp'
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  readonly acknowledgement: number
  /** A sum of `tcpFlag`s. */
  readonly flags: number
  /** As it stands in the header, before scaling. */
  readonly window: number
  readonly options: TcpOptions
  readonly data: Uint8Array
}

export interface TcpOptions {
  readonly maximumSegment?: number
  readonly selectiveAcknowledgement?: boolean
  /** Own clock and the peer's last one. */
  readonly timestamp?: readonly [value: number, echo: number]
  readonly windowScale?: number
}

export interface UdpDatagram {
  readonly kind: 'udp'
  readonly sourcePort: number
  readonly destinationPort: number
  /** Empty when the datagram carries a frame. */
  readonly data: Uint8Array
  readonly encapsulated?: VxlanPayload
}

/** A packet of the Stream Control Transmission Protocol (RFC 9260). */
export interface SctpPacket {
  readonly kind: 'sctp'
  readonly sourcePort: number
  readonly destinationPort: number
  /** The number that the receiver has chosen for its association. */
  readonly verificationTag: number
  readonly chunks: readonly SctpChunk[]
}

/** What an SCTP packet carries, by the names of RFC 9260. */
export type SctpChunk =
  | {
      readonly type: 'INIT' | 'INIT ACK'
      readonly initiateTag: number
      readonly window: number
      readonly outboundStreams: number
      readonly inboundStreams: number
      readonly sequence: number
    }
  | { readonly type: 'DATA'; readonly sequence: number; readonly streamSequence: number; readonly data: Uint8Array }
  | { readonly type: 'SACK'; readonly acknowledgement: number; readonly window: number }
  | { readonly type: 'SHUTDOWN'; readonly acknowledgement: number }
  | { readonly type: 'COOKIE ECHO' | 'COOKIE ACK' | 'ABORT' | 'SHUTDOWN ACK' | 'SHUTDOWN COMPLETE' }

/** A whole Ethernet frame inside a UDP datagram (RFC 7348). */
export interface VxlanPayload {
  readonly id: number
  readonly frame: Frame
}

/** ICMP's message types. */
export const icmpType = {
  echoReply: 0,
  destinationUnreachable: 3,
  redirect: 5,
  echoRequest: 8,
  timeExceeded: 11,
  parameterProblem: 12,
} as const

/** The reasons that a destination is unreachable. */
export const unreachableCode = {
  network: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragmentationNeeded: 4,
  networkProhibited: 9,
  hostProhibited: 10,
  prohibited: 13,
} as const

export interface IcmpMessage {
  readonly kind: 'icmp'
  readonly type: number
  readonly code: number
  /** Of echo requests and replies, else 0. */
  readonly id: number
  readonly sequence: number
  /** What follows the eight bytes of the header; empty when the message quotes a packet. */
  readonly data: Uint8Array
  /** The packet that an error is about, as it looked where the error arose. */
  readonly original?: Ipv4Packet
  /** The size that would have passed, when fragmentation is needed. */
  readonly mtu?: number
  /** The better gateway of a redirect. */
  readonly gateway?: number
}

/** A piece of a packet that was too long for a link. */
export interface Fragment {
  readonly kind: 'fragment'
  readonly whole: Ipv4Packet
  /** In bytes from the start of the whole body. */
  readonly offset: number
  readonly length: number
  readonly hasMore: boolean
}

/** A body of a protocol that nothing here looks into. */
export interface Opaque {
  readonly kind: 'opaque'
  readonly data: Uint8Array
}

/** No data. */
export const noBytes: Uint8Array = new Uint8Array(0)

const ethernetHeader = 14
const ipv4Header = 20
const arpLength = 28
const udpHeader = 8
const sctpHeader = 12
const icmpHeader = 8
const vxlanHeader = 8
/** ICMP errors of Linux quote as much as fits into 576 bytes (net/ipv4/icmp.c). */
const longestIcmpError = 576

/** Bytes of the options of a TCP header, padded as Linux pads them. */
export function tcpOptionsLength(options: TcpOptions): number {
  let length = 0
  if (options.maximumSegment !== undefined) length += 4
  if (options.timestamp) length += 12
  // The two bytes that allow selective acknowledgements take the padding of the timestamps when there are any.
  if (options.selectiveAcknowledgement && !options.timestamp) length += 4
  if (options.windowScale !== undefined) length += 4
  return length
}

/** Bytes of the cookie by which a server recognizes a client without having kept anything of it (Linux). */
export const sctpCookieLength = 240

/** Bytes of a chunk with its header, padded to four. */
export function chunkLength(chunk: SctpChunk): number {
  switch (chunk.type) {
    case 'INIT':
      return 20
    case 'INIT ACK':
      return 24 + sctpCookieLength
    case 'COOKIE ECHO':
      return 4 + sctpCookieLength
    case 'DATA':
      return 16 + Math.ceil(chunk.data.length / 4) * 4
    case 'SACK':
      return 16
    case 'SHUTDOWN':
      return 8
    default:
      return 4
  }
}

/** Bytes of what an IPv4 header carries. */
export function bodyLength(body: Ipv4Body): number {
  switch (body.kind) {
    case 'tcp':
      return 20 + tcpOptionsLength(body.options) + body.data.length
    case 'udp':
      return udpHeader + (body.encapsulated ? vxlanHeader + frameLength(body.encapsulated.frame) : body.data.length)
    case 'sctp':
      return body.chunks.reduce((sum, chunk) => sum + chunkLength(chunk), sctpHeader)
    case 'icmp':
      if (!body.original) return icmpHeader + body.data.length
      return icmpHeader + Math.min(packetLength(body.original), longestIcmpError - ipv4Header - icmpHeader)
    case 'fragment':
      return body.length
    case 'opaque':
      return body.data.length
    case 'ipv4':
      return packetLength(body)
  }
}

/** Bytes of an IPv4 packet with its header. */
export function packetLength(packet: Ipv4Packet): number {
  return ipv4Header + bodyLength(packet.body)
}

/** Bytes of a frame with its Ethernet header, as `tcpdump -e` and interface counters show them. */
export function frameLength(frame: Frame): number {
  return ethernetHeader + (frame.payload.kind === 'arp' ? arpLength : packetLength(frame.payload))
}

/** Bytes that follow the headers: what `tcpdump` calls `length`. */
export function dataLength(body: TcpSegment | UdpDatagram): number {
  return body.kind === 'tcp' ? body.data.length : bodyLength(body) - udpHeader
}
