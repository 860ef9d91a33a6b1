import { broadcastMac, zeroMac } from '../network/address.ts'
import { decodeDns } from '../network/dns.ts'
import {
  type ArpPacket,
  bodyLength,
  dataLength,
  type Fragment,
  type Frame,
  frameLength,
  type IcmpMessage,
  type Ipv4Packet,
  icmpType,
  packetLength,
  protocolNumbers,
  type SctpChunk,
  type SctpPacket,
  type TcpOptions,
  type TcpSegment,
  tcpFlag,
  type UdpDatagram,
} from '../network/packet.ts'
import { encodePacket } from '../network/wire.ts'
import { dnsText } from './dnsText.ts'

/** How packets are written. */
export interface PacketTextOptions {
  /** Less about each packet: `tcpdump -q`. */
  readonly isQuiet: boolean
  /** 0 to 3: `-v`, `-vv`, `-vvv`. */
  readonly verbosity: number
  /** TCP sequence numbers as they stand in the header: `-S`. */
  readonly areSequencesAbsolute: boolean
  /** Ethernet headers: `-e`. */
  readonly hasLinkHeader: boolean
  host(address: number): string
  port(port: number, protocol: 'tcp' | 'udp' | 'sctp'): string
}

/** Writes packets as tcpdump does; remembers connections, whose sequence numbers it counts from their start. */
export class PacketText {
  readonly #options: PacketTextOptions
  /** The sequence number that each direction of a connection began with. */
  readonly #starts = new Map<string, number>()

  constructor(options: PacketTextOptions) {
    this.#options = options
  }

  /** A frame, without the time. */
  frame(frame: Frame): string {
    if (!this.#options.hasLinkHeader) return this.#payload(frame, true)
    const isArp = frame.payload.kind === 'arp'
    const name = isArp ? 'ARP' : 'IPv4'
    const type = this.#options.isQuiet ? name : `ethertype ${name} (0x080${isArp ? 6 : 0})`
    const head = `${macText(frame.source)} > ${macText(frame.destination)}, ${type}, length ${frameLength(frame)}: `
    return head + this.#payload(frame, false)
  }

  /** The inside of a frame; `isNamed` puts `IP` or `ARP,` in front. */
  #payload(frame: Frame, isNamed: boolean): string {
    if (frame.payload.kind === 'arp') return (isNamed ? 'ARP, ' : '') + this.#arp(frame.payload)
    return (isNamed ? 'IP ' : '') + this.packet(frame.payload)
  }

  /** A packet of an interface without Ethernet headers, as a tunnel has none. */
  raw(frame: Frame): string {
    return (this.#options.hasLinkHeader ? 'ip: ' : '') + this.#payload(frame, !this.#options.hasLinkHeader)
  }

  /** The payload behind the pseudo-interface `any`, whose link header is another one. */
  cooked(frame: Frame, interfaceIndex: number): string {
    if (!this.#options.hasLinkHeader) return this.#payload(frame, true)
    const isArp = frame.payload.kind === 'arp'
    const type = this.#options.isQuiet ? '' : `ethertype ${isArp ? 'ARP (0x0806)' : 'IPv4 (0x0800)'}, `
    const mac = frame.source === zeroMac ? '00:00:00:00:00:00' : frame.source
    return `ifindex ${interfaceIndex} ${mac} ${type}length ${frameLength(frame) + 6}: ${this.#payload(frame, false)}`
  }

  /** An IPv4 packet after `IP `. */
  packet(packet: Ipv4Packet): string {
    const { verbosity } = this.#options
    let front = ''
    if (verbosity > 0) {
      const offset = packet.body.kind === 'fragment' ? packet.body.offset : 0
      const flags = packet.body.kind === 'fragment' && packet.body.hasMore ? '+' : packet.dontFragment ? 'DF' : 'none'
      const name =
        { icmp: 'ICMP', tcp: 'TCP', udp: 'UDP', ipencap: 'IPIP' }[packet.protocol as string] ?? packet.protocol
      front =
        `(tos 0x${packet.tos.toString(16)}, ttl ${packet.ttl}, id ${packet.id}, offset ${offset}, flags [${flags}], ` +
        `proto ${name} (${protocolNumbers[packet.protocol]}), length ${packetLength(packet)})\n    `
    }
    return front + this.#body(packet)
  }

  #body(packet: Ipv4Packet): string {
    const { body } = packet
    const hosts = () => `${this.#options.host(packet.source)} > ${this.#options.host(packet.destination)}: `
    switch (body.kind) {
      case 'tcp':
        return this.#ports(packet, body) + this.#tcp(packet, body)
      case 'udp':
        return this.#ports(packet, body) + this.#udp(body)
      case 'sctp':
        return this.#ports(packet, body) + this.#sctp(body)
      case 'icmp':
        return hosts() + this.#icmp(body)
      case 'fragment':
        if (body.offset === 0) return this.#firstPiece(packet, body)
        return `${hosts()}ip-proto-${protocolNumbers[packet.protocol]}`
      case 'ipv4':
        return `${hosts()}${this.#options.hasLinkHeader ? '' : 'IP '}${this.packet(body)}${this.#options.verbosity > 0 ? '' : ' (ipip-proto-4)'}`
      case 'opaque':
        return `${hosts()} ip-proto-${protocolNumbers[packet.protocol]} ${body.data.length}`
    }
  }

  /** The first piece has the header of the whole, but not its length. */
  #firstPiece(packet: Ipv4Packet, { whole, length }: Fragment): string {
    const text = this.#body({ ...packet, body: whole.body })
    if (whole.body.kind === 'icmp') return text.replace(/length \d+$/, `length ${length}`)
    const isPlainDatagram = whole.body.kind === 'udp' && !whole.body.encapsulated && !this.#options.isQuiet
    if (!isPlainDatagram) return text
    return text.replace(/UDP, length (\d+)$/, (_, bytes) => `UDP, bad length ${bytes} > ${length - 8}`)
  }

  #ports(packet: Ipv4Packet, body: TcpSegment | UdpDatagram | SctpPacket): string {
    const { host, port } = this.#options
    const source = `${host(packet.source)}.${port(body.sourcePort, body.kind)}`
    return `${source} > ${host(packet.destination)}.${port(body.destinationPort, body.kind)}: `
  }

  #tcp(packet: Ipv4Packet, segment: TcpSegment): string {
    const length = segment.data.length
    if (this.#options.isQuiet) return `tcp ${length}`
    const [sequence, acknowledgement] = this.#relative(packet, segment)
    const isSeen = (flag: number) => (segment.flags & flag) !== 0
    const parts = [`Flags [${flagsText(segment.flags)}]`]
    if (this.#options.verbosity > 0) parts.push(`cksum 0x${hex(checksumOf(packet), 4)} (correct)`)
    if (length > 0 || isSeen(tcpFlag.syn | tcpFlag.fin | tcpFlag.reset))
      parts.push(`seq ${sequence}${length > 0 ? `:${(sequence + length) >>> 0}` : ''}`)
    if (isSeen(tcpFlag.acknowledgement)) parts.push(`ack ${acknowledgement}`)
    parts.push(`win ${segment.window}`)
    const options = tcpOptionsText(segment.options)
    if (options !== '') parts.push(`options [${options}]`)
    parts.push(`length ${length}`)
    return parts.join(', ') + this.#application(segment.data, segment.sourcePort, segment.destinationPort)
  }

  /**
   * Numbers counted from where the connection was first seen, unless absolute ones are wanted. Only segments that
   * acknowledge something count, and the first of them, like a SYN, shows its own numbers (print-tcp.c).
   */
  #relative(packet: Ipv4Packet, segment: TcpSegment): [sequence: number, acknowledgement: number] {
    const { sequence, acknowledgement, flags } = segment
    if (this.#options.areSequencesAbsolute || (flags & tcpFlag.acknowledgement) === 0)
      return [sequence, acknowledgement]
    const from = `${packet.source}.${segment.sourcePort}`
    const to = `${packet.destination}.${segment.destinationPort}`
    const [own, other] = [this.#starts.get(`${from} ${to}`), this.#starts.get(`${to} ${from}`)]
    if (own === undefined || other === undefined || (flags & tcpFlag.syn) !== 0) {
      this.#starts.set(`${from} ${to}`, sequence)
      this.#starts.set(`${to} ${from}`, (acknowledgement - 1) >>> 0)
      return [sequence, acknowledgement]
    }
    return [(sequence - own) >>> 0, (acknowledgement - other) >>> 0]
  }

  #udp(datagram: UdpDatagram): string {
    const length = dataLength(datagram)
    const sum = this.#options.verbosity > 0 ? '[udp sum ok] ' : ''
    if (this.#options.isQuiet) return `UDP, length ${length}`
    if (datagram.encapsulated) return this.#encapsulated(datagram, sum)
    if (datagram.sourcePort === 53 || datagram.destinationPort === 53) {
      const message = decodeDns(datagram.data)
      if (message) return `${sum}${dnsText(message, this.#options.verbosity)} (${length})`
    }
    return `${sum}UDP, length ${length}`
  }

  /** tcpdump takes port 8472 for Cisco's OTV, whose header looks like VXLAN's (print-udp.c). */
  #encapsulated(datagram: UdpDatagram, sum: string): string {
    const { id, frame } = datagram.encapsulated!
    const isVxlan = datagram.destinationPort === 4789
    const isOtv = datagram.destinationPort === 8472
    if (!isVxlan && !isOtv) return `${sum}UDP, length ${dataLength(datagram)}`
    const head = isVxlan ? `VXLAN, flags [I] (0x08), vni ${id}` : `OTV, flags [I] (0x08), overlay 0, instance ${id}`
    return `${sum}${head}\n${this.frame(frame)}`
  }

  /** Its chunks; with more words each on a line of its own (print-sctp.c). */
  #sctp({ chunks }: SctpPacket): string {
    if (this.#options.isQuiet) return 'sctp'
    const isLong = this.#options.verbosity > 0
    const texts = chunks.map((chunk, index) => `${isLong ? `\n\t${index + 1}) ` : ' '}${chunkText(chunk)}`)
    return `sctp${isLong ? '' : ` (${chunks.length})`}${texts.join('')}`
  }

  #icmp(message: IcmpMessage): string {
    const length = bodyLength(message)
    const text = `ICMP ${this.#icmpKind(message)}, length ${length}`
    if (this.#options.verbosity === 0 || !message.original) return text
    return `${text}\n\tIP ${this.packet(message.original)}`
  }

  #icmpKind(message: IcmpMessage): string {
    const original = message.original
    const target = original ? this.#options.host(original.destination) : ''
    switch (message.type) {
      case icmpType.echoRequest:
        return `echo request, id ${message.id}, seq ${message.sequence}`
      case icmpType.echoReply:
        return `echo reply, id ${message.id}, seq ${message.sequence}`
      case icmpType.timeExceeded:
        return message.code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'
      case icmpType.redirect:
        return `redirect ${target} to ${message.code === 0 ? 'net' : 'host'} ${this.#options.host(message.gateway ?? 0)}`
      case icmpType.parameterProblem:
        return 'parameter problem - octet 0'
      case icmpType.destinationUnreachable:
        return this.#unreachable(message, target)
      default:
        return `type-#${message.type}`
    }
  }

  #unreachable(message: IcmpMessage, target: string): string {
    const body = message.original?.body
    switch (message.code) {
      case 0:
        return `net ${target} unreachable`
      case 1:
        return `host ${target} unreachable`
      case 2:
        return `${target} protocol ${message.original ? protocolNumbers[message.original.protocol] : 0} unreachable`
      case 3: {
        if (body?.kind !== 'tcp' && body?.kind !== 'udp' && body?.kind !== 'sctp') return `${target} port unreachable`
        return `${target} ${body.kind} port ${this.#options.port(body.destinationPort, body.kind)} unreachable`
      }
      case 4:
        return `${target} unreachable - need to frag${message.mtu ? ` (mtu ${message.mtu})` : ''}`
      case 9:
        return `net ${target} unreachable - admin prohibited`
      case 10:
        return `host ${target} unreachable - admin prohibited`
      case 13:
        return `host ${target} unreachable - admin prohibited filter`
      default:
        return `${target} unreachable - #${message.code}`
    }
  }

  #arp(arp: ArpPacket): string {
    const { host, verbosity } = this.#options
    const front = verbosity > 0 ? 'Ethernet (len 6), IPv4 (len 4), ' : ''
    if (arp.operation === 'reply') return `${front}Reply ${host(arp.senderAddress)} is-at ${arp.senderMac}, length 28`
    if (arp.senderAddress === arp.targetAddress) return `${front}Announcement ${host(arp.targetAddress)}, length 28`
    const known = arp.targetMac === zeroMac || arp.targetMac === broadcastMac ? '' : ` (${arp.targetMac})`
    return `${front}Request who-has ${host(arp.targetAddress)}${known} tell ${host(arp.senderAddress)}, length 28`
  }

  /** What tcpdump says about data on the ports of HTTP and DNS. */
  #application(data: Uint8Array, ...ports: number[]): string {
    if (data.length === 0) return ''
    if (ports.includes(53) && data.length > 2) {
      const message = decodeDns(data.subarray(2))
      return message ? ` ${dnsText(message, this.#options.verbosity)} (${data.length - 2})` : ''
    }
    if (!ports.includes(80) && !ports.includes(8080)) return ''
    const text = String.fromCharCode(...data.subarray(0, 4096))
    if (!/^([A-Z]+ \S+ HTTP\/1|HTTP\/1\.\d )/.test(text)) return ': HTTP'
    if (this.#options.verbosity === 0) return `: HTTP: ${text.slice(0, text.indexOf('\r\n'))}`
    const lines: string[] = []
    for (const line of text.replace(/\r?\n$/, '').split(/\r?\n/)) {
      if (/[^\t\x20-\x7e]/.test(line)) break
      lines.push(`\n\t${line}`)
    }
    return `: HTTP, length: ${data.length}${lines.join('')}`
  }
}

/** The bytes of a packet as `tcpdump -x` and `-X` write them. */
export function hexDump(bytes: Uint8Array, hasText: boolean): string {
  let dump = ''
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16)
    let digits = ''
    for (let i = 0; i < row.length; i += 2)
      digits += ` ${hex(row[i]!, 2)}${i + 1 < row.length ? hex(row[i + 1]!, 2) : ''}`
    const text = hasText ? `  ${printable(row)}` : ''
    dump += `\n\t0x${hex(at, 4)}: ${hasText ? digits.padEnd(40) : digits}${text}`
  }
  return dump
}

/** The bytes of a packet as `tcpdump -A` writes them. */
export function asciiDump(bytes: Uint8Array): string {
  let text = '\n'
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte === 13 && bytes[i + 1] === 10) continue
    text += byte === 10 || byte === 9 || (byte >= 32 && byte < 127) ? String.fromCharCode(byte) : '.'
  }
  return text
}

function printable(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte > 32 && byte < 127 ? String.fromCharCode(byte) : '.'
  return text
}

function macText(mac: string): string {
  return mac === broadcastMac ? 'ff:ff:ff:ff:ff:ff' : mac
}

function flagsText(flags: number): string {
  const letters: readonly [number, string][] = [
    [tcpFlag.fin, 'F'],
    [tcpFlag.syn, 'S'],
    [tcpFlag.reset, 'R'],
    [tcpFlag.push, 'P'],
    [tcpFlag.acknowledgement, '.'],
    [tcpFlag.urgent, 'U'],
  ]
  return letters.flatMap(([flag, letter]) => (flags & flag ? [letter] : [])).join('') || 'none'
}

/** In Linux' order, with the no-operations that fill it up. */
function tcpOptionsText(options: TcpOptions): string {
  const parts: string[] = []
  if (options.maximumSegment !== undefined) parts.push(`mss ${options.maximumSegment}`)
  if (options.timestamp) {
    parts.push(...(options.selectiveAcknowledgement ? ['sackOK'] : ['nop', 'nop']))
    parts.push(`TS val ${options.timestamp[0]} ecr ${options.timestamp[1]}`)
  } else if (options.selectiveAcknowledgement) parts.push('nop', 'nop', 'sackOK')
  if (options.windowScale !== undefined) parts.push('nop', `wscale ${options.windowScale}`)
  return parts.join(',')
}

function checksumOf(packet: Ipv4Packet): number {
  const bytes = encodePacket(packet)
  return (bytes[36]! << 8) | bytes[37]!
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** A chunk of an SCTP packet as tcpdump writes it. */
function chunkText(chunk: SctpChunk): string {
  switch (chunk.type) {
    case 'INIT':
    case 'INIT ACK':
      return `[${chunk.type}] [init tag: ${chunk.initiateTag}] [rwnd: ${chunk.window}] [OS: ${chunk.outboundStreams}] [MIS: ${chunk.inboundStreams}] [init TSN: ${chunk.sequence}] `
    case 'DATA':
      return `[DATA] (B)(E) [TSN: ${chunk.sequence}] [SID: 0] [SSEQ ${chunk.streamSequence}] [PPID 0x0] `
    case 'SACK':
      return `[SACK] [cum ack ${chunk.acknowledgement}] [a_rwnd ${chunk.window}] [#gap acks 0] [#dup tsns 0] `
    default:
      return `[${chunk.type}] `
  }
}
