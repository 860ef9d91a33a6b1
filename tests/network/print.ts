import { formatIpv4 } from '#simulator/network/address.ts'
import {
  bodyLength,
  dataLength,
  type Frame,
  type Ipv4Packet,
  icmpType,
  tcpFlag,
  unreachableCode,
} from '#simulator/network/packet.ts'

/** A frame as `tcpdump -nqt` prints it, with TCP's flags instead of the word `tcp`. */
export function print(frame: Frame): string {
  const { payload } = frame
  if (payload.kind === 'ipv4') return `IP ${printPacket(payload)}`
  const [sender, target] = [formatIpv4(payload.senderAddress), formatIpv4(payload.targetAddress)]
  return payload.operation === 'request'
    ? `ARP who-has ${target} tell ${sender}`
    : `ARP ${sender} is-at ${payload.senderMac}`
}

function printPacket(packet: Ipv4Packet): string {
  const { body } = packet
  const [source, destination] = [formatIpv4(packet.source), formatIpv4(packet.destination)]
  if (body.kind === 'tcp')
    return `${source}.${body.sourcePort} > ${destination}.${body.destinationPort}: ${printFlags(body.flags)} ${dataLength(body)}`
  if (body.kind === 'udp')
    return `${source}.${body.sourcePort} > ${destination}.${body.destinationPort}: UDP, length ${dataLength(body)}`
  if (body.kind === 'icmp') return `${source} > ${destination}: ICMP ${printIcmp(packet)}, length ${bodyLength(body)}`
  return `${source} > ${destination}: ${body.kind} ${bodyLength(body)}`
}

function printIcmp({ body }: Ipv4Packet): string {
  if (body.kind !== 'icmp') return ''
  const { original } = body
  if (body.type === icmpType.echoRequest) return `echo request, id ${body.id}, seq ${body.sequence}`
  if (body.type === icmpType.echoReply) return `echo reply, id ${body.id}, seq ${body.sequence}`
  if (body.type === icmpType.timeExceeded) return 'time exceeded in-transit'
  const target = original ? formatIpv4(original.destination) : ''
  if (body.code === unreachableCode.fragmentationNeeded) return `${target} unreachable - need to frag (mtu ${body.mtu})`
  if (body.code === unreachableCode.host) return `host ${target} unreachable`
  if (body.code === unreachableCode.network) return `net ${target} unreachable`
  const inner = original?.body
  const port = inner?.kind === 'tcp' || inner?.kind === 'udp' ? `${inner.kind} port ${inner.destinationPort}` : ''
  return `${target} ${port} unreachable`
}

function printFlags(flags: number): string {
  const letters = [
    [tcpFlag.syn, 'S'],
    [tcpFlag.fin, 'F'],
    [tcpFlag.reset, 'R'],
    [tcpFlag.push, 'P'],
    [tcpFlag.acknowledgement, '.'],
  ] as const
  return `[${letters.map(([bit, letter]) => (flags & bit ? letter : '')).join('')}]`
}
