import { formatIpv4 } from '../address.ts'
import { bodyLength, type Ipv4Packet, packetLength, protocolNumbers, tcpFlag } from '../packet.ts'
import type { SocketBuffer } from '../socketBuffer.ts'

const flagWords = [
  ['URG', tcpFlag.urgent],
  ['ACK', tcpFlag.acknowledgement],
  ['PSH', tcpFlag.push],
  ['RST', tcpFlag.reset],
  ['SYN', tcpFlag.syn],
  ['FIN', tcpFlag.fin],
] as const

/** A packet as the target LOG writes it into the kernel's log. */
// Simplified: the Ethernet addresses after `MAC=` are left out.
export function packetLogLine(prefix: string, buffer: SocketBuffer): string {
  const { packet, input, output, physicalIn, physicalOut, mark } = buffer
  const words = [`${prefix}IN=${input?.name ?? ''}`, `OUT=${output?.name ?? ''}`]
  if (physicalIn && input !== physicalIn) words.push(`PHYSIN=${physicalIn.name}`)
  if (physicalOut && output !== physicalOut) words.push(`PHYSOUT=${physicalOut.name}`)
  if (input) words.push('MAC=')
  words.push(`SRC=${formatIpv4(packet.source)}`, `DST=${formatIpv4(packet.destination)}`, `LEN=${packetLength(packet)}`)
  words.push(`TOS=0x${hex(packet.tos & 0x1e)}`, `PREC=0x${hex(packet.tos & 0xe0)}`, `TTL=${packet.ttl}`)
  words.push(`ID=${packet.id}`)
  if (packet.dontFragment) words.push('DF')
  words.push(...bodyWords(packet))
  if (mark) words.push(`MARK=0x${mark.toString(16)}`)
  return `${words.join(' ')} `
}

function bodyWords({ body, protocol }: Ipv4Packet): string[] {
  switch (body.kind) {
    case 'tcp': {
      const flags = flagWords.filter(([, flag]) => body.flags & flag).map(([word]) => word)
      const ports = [`SPT=${body.sourcePort}`, `DPT=${body.destinationPort}`]
      return ['PROTO=TCP', ...ports, `WINDOW=${body.window}`, 'RES=0x00', ...flags, 'URGP=0']
    }
    case 'udp':
      return ['PROTO=UDP', `SPT=${body.sourcePort}`, `DPT=${body.destinationPort}`, `LEN=${bodyLength(body)}`]
    case 'icmp':
      return ['PROTO=ICMP', `TYPE=${body.type}`, `CODE=${body.code}`, ...echoWords(body.type, body.id, body.sequence)]
    default:
      return [`PROTO=${protocolNumbers[protocol]}`]
  }
}

function echoWords(type: number, id: number, sequence: number): string[] {
  return type === 0 || type === 8 ? [`ID=${id}`, `SEQ=${sequence}`] : []
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0')
}
