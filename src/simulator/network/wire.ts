import {
  bodyLength,
  chunkLength,
  type Frame,
  type Ipv4Body,
  type Ipv4Packet,
  icmpType,
  protocolNumbers,
  type SctpChunk,
  type SctpPacket,
  sctpCookieLength,
  type TcpOptions,
  tcpOptionsLength,
} from './packet.ts'

const arpEtherType = 0x0806
const ipv4EtherType = 0x0800

/** A frame as bytes, for filters that look at single bytes and for `tcpdump -x`. */
export function encodeFrame(frame: Frame): Uint8Array {
  const writer = new Writer()
  writeFrame(writer, frame)
  return writer.bytes()
}

/** A packet as bytes, from its IPv4 header on. */
export function encodePacket(packet: Ipv4Packet): Uint8Array {
  const writer = new Writer()
  writePacket(writer, packet)
  return writer.bytes()
}

function writeFrame(writer: Writer, frame: Frame): void {
  const { payload } = frame
  writer.mac(frame.destination)
  writer.mac(frame.source)
  if (payload.kind === 'ipv4') {
    writer.number16(ipv4EtherType)
    return writePacket(writer, payload)
  }
  writer.number16(arpEtherType)
  // Ethernet and IPv4, with six and four bytes to an address.
  writer.number16(1)
  writer.number16(ipv4EtherType)
  writer.number16(0x0604)
  writer.number16(payload.operation === 'request' ? 1 : 2)
  writer.mac(payload.senderMac)
  writer.number32(payload.senderAddress)
  writer.mac(payload.targetMac)
  writer.number32(payload.targetAddress)
}

function writePacket(writer: Writer, packet: Ipv4Packet): void {
  const start = writer.length
  const { body } = packet
  writer.number8(0x45)
  writer.number8(packet.tos)
  writer.number16(20 + bodyLength(body))
  writer.number16(packet.id)
  const fragment = body.kind === 'fragment' ? (body.hasMore ? 0x2000 : 0) | (body.offset >>> 3) : 0
  writer.number16((packet.dontFragment ? 0x4000 : 0) | fragment)
  writer.number8(packet.ttl)
  writer.number8(protocolNumbers[packet.protocol])
  writer.number16(0)
  writer.number32(packet.source)
  writer.number32(packet.destination)
  writer.patch16(start + 10, writer.checksum(start, writer.length))
  const bodyStart = writer.length
  writeBody(writer, body)
  if (body.kind === 'icmp') writer.patch16(bodyStart + 2, writer.checksum(bodyStart, writer.length))
  if (body.kind === 'tcp' || body.kind === 'udp') {
    const pseudo =
      sumOf(packet.source) + sumOf(packet.destination) + protocolNumbers[packet.protocol] + bodyLength(body)
    writer.patch16(bodyStart + (body.kind === 'tcp' ? 16 : 6), writer.checksum(bodyStart, writer.length, pseudo))
  }
}

function writeBody(writer: Writer, body: Ipv4Body): void {
  switch (body.kind) {
    case 'tcp':
      writer.number16(body.sourcePort)
      writer.number16(body.destinationPort)
      writer.number32(body.sequence)
      writer.number32(body.acknowledgement)
      writer.number8(((20 + tcpOptionsLength(body.options)) / 4) << 4)
      writer.number8(body.flags)
      writer.number16(body.window)
      writer.number32(0)
      writeTcpOptions(writer, body.options)
      return writer.raw(body.data)
    case 'udp':
      writer.number16(body.sourcePort)
      writer.number16(body.destinationPort)
      writer.number16(bodyLength(body))
      writer.number16(0)
      if (!body.encapsulated) return writer.raw(body.data)
      writer.number32(0x08000000)
      writer.number32(body.encapsulated.id << 8)
      return writeFrame(writer, body.encapsulated.frame)
    case 'sctp':
      return writeSctp(writer, body)
    case 'icmp':
      writer.number8(body.type)
      writer.number8(body.code)
      writer.number16(0)
      if (body.type === icmpType.echoRequest || body.type === icmpType.echoReply) {
        writer.number16(body.id)
        writer.number16(body.sequence)
      } else writer.number32(body.gateway ?? body.mtu ?? 0)
      if (!body.original) return writer.raw(body.data)
      return writer.raw(encodePacket(body.original).subarray(0, bodyLength(body) - 8))
    case 'fragment': {
      const whole = new Writer()
      writeBody(whole, body.whole.body)
      return writer.raw(whole.bytes().subarray(body.offset, body.offset + body.length))
    }
    case 'opaque':
      return writer.raw(body.data)
    case 'ipv4':
      return writePacket(writer, body)
  }
}

const chunkTypes: Readonly<Record<SctpChunk['type'], number>> = {
  DATA: 0,
  INIT: 1,
  'INIT ACK': 2,
  SACK: 3,
  ABORT: 6,
  SHUTDOWN: 7,
  'SHUTDOWN ACK': 8,
  'COOKIE ECHO': 10,
  'COOKIE ACK': 11,
  'SHUTDOWN COMPLETE': 14,
}

function writeSctp(writer: Writer, packet: SctpPacket): void {
  const start = writer.length
  writer.number16(packet.sourcePort)
  writer.number16(packet.destinationPort)
  writer.number32(packet.verificationTag)
  writer.number32(0)
  for (const chunk of packet.chunks) {
    const end = writer.length + chunkLength(chunk)
    writer.number8(chunkTypes[chunk.type])
    // All messages are whole: their first and their last piece.
    writer.number8(chunk.type === 'DATA' ? 3 : 0)
    writer.number16(chunk.type === 'DATA' ? 16 + chunk.data.length : chunkLength(chunk))
    writeChunk(writer, chunk)
    while (writer.length < end) writer.number8(0)
  }
  writer.patch32(start + 8, writer.cyclicCheck(start))
}

function writeChunk(writer: Writer, chunk: SctpChunk): void {
  switch (chunk.type) {
    case 'INIT':
    case 'INIT ACK':
      writer.number32(chunk.initiateTag)
      writer.number32(chunk.window)
      writer.number16(chunk.outboundStreams)
      writer.number16(chunk.inboundStreams)
      writer.number32(chunk.sequence)
      // The parameter that holds the cookie.
      if (chunk.type === 'INIT ACK') writer.number32(0x00070000 + 4 + sctpCookieLength)
      break
    case 'DATA':
      writer.number32(chunk.sequence)
      writer.number16(0)
      writer.number16(chunk.streamSequence)
      writer.number32(0)
      writer.raw(chunk.data)
      break
    case 'SACK':
      writer.number32(chunk.acknowledgement)
      writer.number32(chunk.window)
      break
    case 'SHUTDOWN':
      writer.number32(chunk.acknowledgement)
      break
  }
}

/** In the order and with the padding of Linux: MSS, SACK permitted, timestamps, window scale. */
function writeTcpOptions(writer: Writer, options: TcpOptions): void {
  if (options.maximumSegment !== undefined) {
    writer.number16(0x0204)
    writer.number16(options.maximumSegment)
  }
  if (options.timestamp) {
    writer.number16(options.selectiveAcknowledgement ? 0x0402 : 0x0101)
    writer.number16(0x080a)
    writer.number32(options.timestamp[0])
    writer.number32(options.timestamp[1])
  } else if (options.selectiveAcknowledgement) writer.number32(0x01010402)
  if (options.windowScale !== undefined) {
    writer.number16(0x0103)
    writer.number8(3)
    writer.number8(options.windowScale)
  }
}

function sumOf(address: number): number {
  return (address >>> 16) + (address & 0xffff)
}

class Writer {
  #bytes: number[] = []

  get length(): number {
    return this.#bytes.length
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  number8(value: number): void {
    this.#bytes.push(value & 255)
  }

  number16(value: number): void {
    this.#bytes.push((value >>> 8) & 255, value & 255)
  }

  number32(value: number): void {
    this.number16(value >>> 16)
    this.number16(value & 0xffff)
  }

  mac(mac: string): void {
    for (const part of mac.split(':')) this.number8(Number.parseInt(part, 16))
  }

  raw(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte)
  }

  patch16(at: number, value: number): void {
    this.#bytes[at] = (value >>> 8) & 255
    this.#bytes[at + 1] = value & 255
  }

  patch32(at: number, value: number): void {
    this.patch16(at, value >>> 16)
    this.patch16(at + 2, value & 0xffff)
  }

  /** CRC-32C of everything from a place on, its bytes in the order in which SCTP sends them (RFC 9260, appendix A). */
  cyclicCheck(from: number): number {
    let check = 0xffffffff
    for (let i = from; i < this.#bytes.length; i++) {
      check ^= this.#bytes[i]!
      for (let bit = 0; bit < 8; bit++) check = check & 1 ? (check >>> 1) ^ 0x82f63b78 : check >>> 1
    }
    check = ~check >>> 0
    return ((check << 24) | ((check & 0xff00) << 8) | ((check >>> 8) & 0xff00) | (check >>> 24)) >>> 0
  }

  /** The Internet checksum of what has been written between two places (RFC 1071). */
  checksum(from: number, to: number, start = 0): number {
    let sum = start
    for (let i = from; i < to; i += 2) sum += (this.#bytes[i]! << 8) | (i + 1 < to ? this.#bytes[i + 1]! : 0)
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
    return ~sum & 0xffff
  }
}
