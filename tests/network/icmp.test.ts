import { expect, test } from 'vitest'
import { errorCodeOf, icmpError, mayAnswerWithError, tcpReset } from '#simulator/network/icmp.ts'
import { type IcmpMessage, type Ipv4Packet, noBytes, tcpFlag } from '#simulator/network/packet.ts'
import { ip } from './world.ts'

function packet(rest: Partial<Ipv4Packet>): Ipv4Packet {
  const body = { kind: 'udp', sourcePort: 1, destinationPort: 2, data: noBytes } as const
  return {
    kind: 'ipv4',
    source: ip('10.0.0.1'),
    destination: ip('10.0.0.2'),
    ttl: 9,
    id: 1,
    tos: 0,
    dontFragment: false,
    protocol: 'udp',
    body,
    flow: 1,
    serial: 1,
    ...rest,
  }
}

function message(type: number, code = 0): IcmpMessage {
  return { kind: 'icmp', type, code, id: 0, sequence: 0, data: noBytes }
}

test.each([
  ['a datagram', packet({}), true],
  ['an echo request', packet({ protocol: 'icmp', body: message(8) }), true],
  ['an error', packet({ protocol: 'icmp', body: message(3, 1) }), false],
  ['an expiry', packet({ protocol: 'icmp', body: message(11) }), false],
  ['something for a group', packet({ destination: ip('224.0.0.1') }), false],
  ['something from nobody', packet({ source: 0 }), false],
])('%s may be answered with an error: %s', (_, given, expected) => {
  expect(mayAnswerWithError(given)).toBe(expected)
})

test('an error quotes the packet that it is about', () => {
  const original = packet({})
  expect(icmpError(original, ip('10.0.0.9'), { type: 3, code: 3 })).toMatchObject({
    source: ip('10.0.0.9'),
    destination: ip('10.0.0.1'),
    tos: 0xc0,
    body: { type: 3, code: 3, original },
  })
})

test.each([
  [3, 0, 'ENETUNREACH'],
  [3, 1, 'EHOSTUNREACH'],
  [3, 3, 'ECONNREFUSED'],
  [3, 4, 'EMSGSIZE'],
  [3, 10, 'EHOSTUNREACH'],
  [3, 13, 'EHOSTUNREACH'],
  [11, 0, 'EHOSTUNREACH'],
])('type %d code %d is %s to a socket', (type, code, expected) => {
  expect(errorCodeOf(message(type, code))).toBe(expected)
})

test('a reset continues the numbering of its cause, and is never answered by another one', () => {
  const segment = (flags: number) =>
    packet({
      protocol: 'tcp',
      body: {
        kind: 'tcp',
        sourcePort: 5,
        destinationPort: 80,
        sequence: 100,
        acknowledgement: 200,
        flags,
        window: 0,
        options: {},
        data: new Uint8Array(7),
      },
    })
  const { syn, acknowledgement, reset } = tcpFlag
  expect(tcpReset(segment(syn))?.body).toMatchObject({
    sequence: 0,
    acknowledgement: 108,
    flags: reset | acknowledgement,
  })
  expect(tcpReset(segment(acknowledgement))?.body).toMatchObject({ sequence: 200, acknowledgement: 0, flags: reset })
  expect(tcpReset(segment(reset))).toBeUndefined()
})
