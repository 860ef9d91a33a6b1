import { expect, test } from 'vitest'
import { zeroMac } from '#simulator/network/address.ts'
import {
  bodyLength,
  type Frame,
  frameLength,
  type Ipv4Body,
  type Ipv4Packet,
  noBytes,
  packetLength,
  type TcpOptions,
} from '#simulator/network/packet.ts'

function packet(protocol: Ipv4Packet['protocol'], body: Ipv4Body): Ipv4Packet {
  return {
    kind: 'ipv4',
    source: 1,
    destination: 2,
    ttl: 64,
    id: 0,
    tos: 0,
    dontFragment: true,
    protocol,
    body,
    flow: 1,
    serial: 1,
  }
}

function segment(options: TcpOptions, size = 0): Ipv4Packet {
  return packet('tcp', {
    kind: 'tcp',
    sourcePort: 1,
    destinationPort: 2,
    sequence: 0,
    acknowledgement: 0,
    flags: 2,
    window: 0,
    options,
    data: new Uint8Array(size),
  })
}

function datagram(size: number): Ipv4Packet {
  return packet('udp', { kind: 'udp', sourcePort: 1, destinationPort: 2, data: new Uint8Array(size) })
}

const opening: TcpOptions = {
  maximumSegment: 1410,
  selectiveAcknowledgement: true,
  timestamp: [1, 0],
  windowScale: 7,
}

function inFrame(payload: Ipv4Packet): Frame {
  return { source: zeroMac, destination: zeroMac, payload }
}

function error(original: Ipv4Packet): Ipv4Packet {
  return packet('icmp', { kind: 'icmp', type: 3, code: 3, id: 0, sequence: 0, data: noBytes, original })
}

test.each([
  ["Linux' first segment of a handshake", packetLength(segment(opening)), 60],
  [
    'a first segment without timestamps',
    packetLength(segment({ maximumSegment: 1460, selectiveAcknowledgement: true, windowScale: 7 })),
    52,
  ],
  ['an acknowledgement with timestamps', packetLength(segment({ timestamp: [1, 1] })), 52],
  ['a reset', packetLength(segment({})), 40],
  ['100 bytes of data with timestamps', packetLength(segment({ timestamp: [1, 1] }, 100)), 152],
  ['a datagram of 10 bytes', packetLength(datagram(10)), 38],
  ['the frame of a first segment', frameLength(inFrame(segment(opening))), 74],
  ['the error about a first segment, without its IPv4 header', bodyLength(error(segment(opening)).body), 68],
  ['the error about a long datagram, which quotes only its beginning', packetLength(error(datagram(1400))), 576],
])('the length of %s', (_, length, expected) => {
  expect(length).toBe(expected)
})

test('a datagram that carries a frame is as long as the frame and the header of the tunnel', () => {
  const body: Ipv4Body = {
    kind: 'udp',
    sourcePort: 1,
    destinationPort: 8472,
    data: noBytes,
    encapsulated: { id: 1, frame: inFrame(segment(opening)) },
  }
  expect(bodyLength(body) - 8).toBe(82)
})
