import { isMulticast } from './address.ts'
import type { RejectWith } from './netfilter/rule.ts'
import {
  type IcmpMessage,
  type Ipv4Packet,
  icmpType,
  noBytes,
  type TcpSegment,
  tcpFlag,
  unreachableCode,
} from './packet.ts'
import type { SocketErrorCode } from './socketError.ts'

/** What an ICMP error says. */
export interface IcmpError {
  readonly type: number
  readonly code: number
  readonly mtu?: number
}

/** A packet without what only the sending machine can give it. */
export type UnsentPacket = Omit<Ipv4Packet, 'id' | 'flow' | 'serial'>

/** Errors are never sent about errors, and never about what was meant for many (RFC 1122). */
// Simplified: errors are not limited in number (net.ipv4.icmp_ratelimit).
export function mayAnswerWithError(packet: Ipv4Packet): boolean {
  if (isMulticast(packet.destination) || packet.source === 0) return false
  const { body } = packet
  if (body.kind === 'fragment') return body.offset === 0 && mayAnswerWithError(body.whole)
  if (body.kind !== 'icmp') return true
  return body.type === icmpType.echoRequest || body.type === icmpType.echoReply
}

/** The packet that tells a sender what became of its packet. */
export function icmpError(packet: Ipv4Packet, source: number, error: IcmpError): UnsentPacket {
  const original = packet.body.kind === 'fragment' ? packet.body.whole : packet
  const body: IcmpMessage = { kind: 'icmp', id: 0, sequence: 0, data: noBytes, original, ...error }
  return {
    kind: 'ipv4',
    source,
    destination: packet.source,
    ttl: 64,
    // Internetwork control (icmp_send).
    tos: 0xc0,
    dontFragment: false,
    protocol: 'icmp',
    body,
  }
}

/** The answer to an echo request. */
export function answerEcho(packet: Ipv4Packet, request: IcmpMessage): UnsentPacket {
  const body: IcmpMessage = { ...request, type: icmpType.echoReply }
  const { source, destination, tos } = packet
  return {
    kind: 'ipv4',
    source: destination,
    destination: source,
    ttl: 64,
    tos,
    dontFragment: false,
    protocol: 'icmp',
    body,
  }
}

/** The segment that tells a sender that nobody listens; undefined for packets that must not be answered so. */
export function tcpReset(packet: Ipv4Packet): UnsentPacket | undefined {
  const { body } = packet
  if (body.kind !== 'tcp' || body.flags & tcpFlag.reset) return undefined
  return {
    kind: 'ipv4',
    source: packet.destination,
    destination: packet.source,
    ttl: 64,
    tos: 0,
    dontFragment: true,
    protocol: 'tcp',
    body: resetSegment(body),
  }
}

/** A segment that breaks a connection off, in the numbering that the peer expects (RFC 793). */
function resetSegment(segment: TcpSegment): TcpSegment {
  const isAcknowledging = (segment.flags & tcpFlag.acknowledgement) !== 0
  const extra = (segment.flags & tcpFlag.syn ? 1 : 0) + (segment.flags & tcpFlag.fin ? 1 : 0)
  return {
    kind: 'tcp',
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    sequence: isAcknowledging ? segment.acknowledgement : 0,
    acknowledgement: isAcknowledging ? 0 : (segment.sequence + segment.data.length + extra) >>> 0,
    flags: isAcknowledging ? tcpFlag.reset : tcpFlag.reset | tcpFlag.acknowledgement,
    window: 0,
    options: {},
    data: noBytes,
  }
}

const rejections: Readonly<Record<Exclude<RejectWith, 'tcp-reset'>, number>> = {
  'icmp-net-unreachable': unreachableCode.network,
  'icmp-host-unreachable': unreachableCode.host,
  'icmp-proto-unreachable': unreachableCode.protocol,
  'icmp-port-unreachable': unreachableCode.port,
  'icmp-net-prohibited': unreachableCode.networkProhibited,
  'icmp-host-prohibited': unreachableCode.hostProhibited,
  'icmp-admin-prohibited': unreachableCode.prohibited,
}

/** The ICMP error of a REJECT target. */
export function rejection(how: Exclude<RejectWith, 'tcp-reset'>): IcmpError {
  return { type: icmpType.destinationUnreachable, code: rejections[how] }
}

/** The error number that a socket gets for an ICMP error (icmp_err_convert in net/ipv4/icmp.c). */
export function errorCodeOf(message: IcmpMessage): SocketErrorCode {
  if (message.type !== icmpType.destinationUnreachable) return 'EHOSTUNREACH'
  switch (message.code) {
    case unreachableCode.network:
    case unreachableCode.networkProhibited:
      return 'ENETUNREACH'
    case unreachableCode.protocol:
      return 'EPROTO'
    case unreachableCode.port:
      return 'ECONNREFUSED'
    case unreachableCode.fragmentationNeeded:
      return 'EMSGSIZE'
    default:
      return 'EHOSTUNREACH'
  }
}
