import { expect, test } from 'vitest'
import { FilterError, parseFilter } from '#simulator/machine/captureFilter.ts'
import { compileFilter } from '#simulator/machine/captureMatch.ts'
import { parseIpv4 } from '#simulator/network/address.ts'
import { type Frame, type Ipv4Packet, noBytes, tcpFlag } from '#simulator/network/packet.ts'

const ip = (text: string) => parseIpv4(text)!

function frame(body: Ipv4Packet['body'], protocol: Ipv4Packet['protocol']): Frame {
  const payload: Ipv4Packet = {
    kind: 'ipv4',
    source: ip('10.244.1.2'),
    destination: ip('10.96.0.10'),
    ttl: 64,
    id: 1,
    tos: 0,
    dontFragment: true,
    protocol,
    body,
    flow: 0,
    serial: 0,
  }
  return { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02', payload }
}

const syn = frame(
  {
    kind: 'tcp',
    sourcePort: 40001,
    destinationPort: 80,
    sequence: 1,
    acknowledgement: 0,
    flags: tcpFlag.syn,
    window: 64240,
    options: { maximumSegment: 1460 },
    data: noBytes,
  },
  'tcp',
)
const datagram = frame({ kind: 'udp', sourcePort: 40002, destinationPort: 53, data: new Uint8Array(30) }, 'udp')
const echo = frame({ kind: 'icmp', type: 8, code: 0, id: 1, sequence: 1, data: new Uint8Array(56) }, 'icmp')
const question: Frame = {
  source: '02:00:00:00:00:01',
  destination: 'ff:ff:ff:ff:ff:ff',
  payload: {
    kind: 'arp',
    operation: 'request',
    senderMac: '02:00:00:00:00:01',
    senderAddress: ip('10.244.1.2'),
    targetMac: '00:00:00:00:00:00',
    targetAddress: ip('10.244.1.1'),
    flow: 0,
    serial: 0,
  },
}

test.each([
  ['', 'tcp udp icmp arp'],
  ['tcp', 'tcp'],
  ['icmp or arp', 'icmp arp'],
  ['not tcp and not arp', 'udp icmp'],
  ['host 10.244.1.2', 'tcp udp icmp arp'],
  ['src host 10.96.0.10', ''],
  ['dst 10.96.0.10 and tcp', 'tcp'],
  ['host web', 'tcp udp icmp'],
  ['net 10.244.0.0/16', 'tcp udp icmp arp'],
  ['src net 10.96', ''],
  ['port 80', 'tcp'],
  ['port 80 or 53', 'tcp udp'],
  ['port http', 'tcp'],
  ['udp port 80', ''],
  ['portrange 50-60', 'udp'],
  ['tcp dst port 80', 'tcp'],
  ['src port 80', ''],
  ['tcp[tcpflags] & tcp-syn != 0', 'tcp'],
  ['tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and port 80', 'tcp'],
  ['tcp[13] = 2', 'tcp'],
  ['tcp[tcpflags] == tcp-ack', ''],
  ['icmp[icmptype] == icmp-echo', 'icmp'],
  ['ip[8] = 64', 'tcp udp icmp'],
  ['ip proto 17', 'udp'],
  ['ip proto \\tcp', 'tcp'],
  ['ether proto 0x0806', 'arp'],
  ['ether host 02:00:00:00:00:02', 'tcp udp icmp'],
  ['broadcast', 'arp'],
  ['greater 72', 'udp icmp'],
  ['less 60', 'tcp arp'],
  ['len > 90', 'icmp'],
  ['(tcp or udp) and !port 53', 'tcp'],
])('%s', (text, wanted) => {
  const names = { host: (name: string) => (name === 'web' ? [ip('10.96.0.10')] : []), port: () => 80 }
  const test = compileFilter(parseFilter(text), names)
  const frames = { tcp: syn, udp: datagram, icmp: echo, arp: question }
  const found = Object.entries(frames).filter(([, each]) => test({ frame: each, direction: 'in' }))
  expect(found.map(([name]) => name).join(' ')).toBe(wanted)
})

test.each(['foo bar', 'tcp and', 'port', '(tcp', 'tcp[', 'host 1 2'])('%s is no filter', text => {
  expect(() => compileFilter(parseFilter(text), { host: () => [1], port: () => 1 })).toThrow(FilterError)
})
