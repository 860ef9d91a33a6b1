import { expect, test } from 'vitest'
import { PacketText } from '#simulator/machine/packetText.ts'
import { formatConnection } from '#simulator/network/conntrack.ts'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import { noBytes, type SctpPacket } from '#simulator/network/packet.ts'
import type { SctpAssociation } from '#simulator/network/sctpAssociation.ts'
import { encodePacket } from '#simulator/network/wire.ts'
import { ip, twoNodes } from './world.ts'

function boxes() {
  const { world, left, right } = twoNodes()
  return { world, left, right, one: left.box('one'), two: right.box('two') }
}

function connect(from: NetworkNamespace, address: string, port: number) {
  const outcome: { open?: SctpAssociation; error?: string } = {}
  const association = from.sockets.sctp.connect({
    address: ip(address),
    port,
    onOpen: open => {
      outcome.open = open
    },
    onError: error => {
      outcome.error = error
    },
  })
  return { outcome, association }
}

/** The chunks that pass an interface, in both directions. */
function chunksOn(network: NetworkNamespace): string[] {
  const seen: string[] = []
  network.interface('eth0')!.capture(({ payload }, direction) => {
    if (payload.kind === 'ipv4' && payload.body.kind === 'sctp')
      seen.push(`${direction} ${payload.body.chunks.map(({ type }) => type).join(' ')}`)
  })
  return seen
}

test('an association takes four packets, and three to end', () => {
  const { world, one, two } = boxes()
  two.sockets.sctp.listen({ port: 80, onAssociation: () => {} })
  const seen = chunksOn(one)
  const { outcome } = connect(one, '10.244.2.2', 80)
  world.advance(100)
  expect(outcome.open?.state).toBe('ESTABLISHED')
  expect(seen).toEqual(['out INIT', 'in INIT ACK', 'out COOKIE ECHO', 'in COOKIE ACK'])
  outcome.open!.close()
  world.advance(100)
  expect(seen.slice(4)).toEqual(['out SHUTDOWN', 'in SHUTDOWN ACK', 'out SHUTDOWN COMPLETE'])
})

test('messages arrive whole and are acknowledged, and the end waits for them', () => {
  const { world, one, two } = boxes()
  const heard: string[] = []
  two.sockets.sctp.listen({
    port: 80,
    onAssociation: association => {
      association.onMessage = bytes => {
        heard.push(String.fromCharCode(...bytes))
        association.send(bytes)
      }
    },
  })
  const { outcome } = connect(one, '10.244.2.2', 80)
  world.advance(100)
  const association = outcome.open!
  association.onMessage = bytes => heard.push(`back ${String.fromCharCode(...bytes)}`)
  association.send(Uint8Array.of(104, 105))
  association.send(Uint8Array.of(111))
  association.close()
  world.advance(100)
  expect(heard).toEqual(['hi', 'o', 'back hi', 'back o'])
  expect(association.state).toBe('CLOSED')
  expect(() => association.send(noBytes)).toThrow('EPIPE')
})

test('a port where nobody listens answers with ABORT', () => {
  const { world, one, two } = boxes()
  const seen = chunksOn(two)
  const { outcome } = connect(one, '10.244.2.2', 81)
  world.advance(100)
  expect(outcome.error).toBe('ECONNREFUSED')
  expect(seen).toEqual(['in INIT', 'out ABORT'])
})

test('without an answer INIT goes out again after 3, 6 and 12 seconds', () => {
  const { world, one, two } = boxes()
  two.netfilter.restore('*filter\n-A INPUT -p sctp -j DROP\nCOMMIT\n')
  const seen = chunksOn(one)
  const { outcome } = connect(one, '10.244.2.2', 80)
  world.advance(2_999)
  expect(seen).toHaveLength(1)
  world.advance(1)
  expect(seen).toHaveLength(2)
  world.advance(6_000)
  expect(seen).toHaveLength(3)
  world.advance(400_000)
  expect(outcome.error).toBe('ETIMEDOUT')
})

test('an ICMP error ends the attempt', () => {
  const { world, one, two } = boxes()
  two.netfilter.restore('*filter\n-A INPUT -p sctp -m sctp --dport 80 -j REJECT\nCOMMIT\n')
  const { outcome } = connect(one, '10.244.2.2', 80)
  world.advance(100)
  expect(outcome.error).toBe('ECONNREFUSED')
})

test('one listener a port, and low ports for root', () => {
  const { one } = boxes()
  const listen = (owner?: { pid: number; program: string; user: number }) =>
    one.sockets.sctp.listen({ port: 80, onAssociation: () => {}, ...(owner && { owner }) })
  listen()
  expect(() => listen()).toThrow('EADDRINUSE')
  expect(() =>
    boxes().one.sockets.sctp.listen({ port: 8, onAssociation: () => {}, owner: { pid: 1, program: 'x', user: 1 } }),
  ).toThrow('EACCES')
})

test('addresses and ports of associations are translated, and their state is tracked', () => {
  const { world, left, one, two } = boxes()
  left.machine.netfilter.restore(
    '*nat\n-A PREROUTING -d 10.96.0.10/32 -p sctp -m sctp --dport 80 -j DNAT --to-destination 10.244.2.2:8080\nCOMMIT\n',
  )
  two.sockets.sctp.listen({ port: 8080, onAssociation: () => {} })
  const { outcome, association } = connect(one, '10.96.0.10', 80)
  world.advance(100)
  expect(outcome.open?.remote).toEqual({ address: ip('10.96.0.10'), port: 80 })
  const [tracked] = left.machine.connections.list()
  const port = association.local.port
  expect(formatConnection(tracked!, world.clock.now)).toBe(
    `sctp     132 209 ESTABLISHED src=10.244.1.2 dst=10.96.0.10 sport=${port} dport=80 src=10.244.2.2 dst=10.244.1.2 sport=8080 dport=${port} [ASSURED] mark=0 use=1`,
  )
  association.abort()
  world.advance(10)
  expect(tracked!.state).toBe('CLOSED')
})

test('only an INIT begins a connection of the table', () => {
  const { world, left, one } = boxes()
  left.machine.netfilter.restore('*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n')
  const { association } = connect(one, '10.244.2.2', 80)
  association.state = 'ESTABLISHED'
  association.send(Uint8Array.of(1))
  world.advance(10)
  expect(left.machine.connections.list()).toEqual([])
})

test('tcpdump writes chunks in its own words, and packets bear their check sum', () => {
  const { world, one, two } = boxes()
  two.sockets.sctp.listen({ port: 80, onAssociation: () => {} })
  const text = new PacketText({
    isQuiet: false,
    verbosity: 0,
    areSequencesAbsolute: false,
    hasLinkHeader: false,
    host: String,
    port: String,
  })
  const lines: string[] = []
  const checks: number[] = []
  one.interface('eth0')!.capture(frame => {
    lines.push(text.frame(frame).replace(/^IP \S+ > \S+ /, ''))
    if (frame.payload.kind === 'ipv4') checks.push(cyclicCheck(encodePacket(frame.payload).subarray(20)))
  })
  connect(one, '10.244.2.2', 80)
  world.advance(100)
  const sctp = lines.filter(line => line.startsWith('sctp'))
  expect(sctp[0]).toMatch(
    /^sctp \(1\) \[INIT\] \[init tag: \d+\] \[rwnd: 106496\] \[OS: 10\] \[MIS: 65535\] \[init TSN: \d+\] $/,
  )
  expect(sctp[1]).toMatch(/^sctp \(1\) \[INIT ACK\] .*\[OS: 10\] \[MIS: 10\]/)
  expect(sctp.slice(2)).toEqual(['sctp (1) [COOKIE ECHO] ', 'sctp (1) [COOKIE ACK] '])
  expect(new Set(checks)).toEqual(new Set([0x48674bc7]))
})

/** CRC-32C over a packet with its own check sum at the end gives always the same number. */
function cyclicCheck(packet: Uint8Array): number {
  const whole = [...packet.subarray(0, 8), 0, 0, 0, 0, ...packet.subarray(12)]
  let check = 0xffffffff
  const add = (byte: number) => {
    check ^= byte
    for (let bit = 0; bit < 8; bit++) check = check & 1 ? (check >>> 1) ^ 0x82f63b78 : check >>> 1
  }
  for (const byte of [...whole, ...packet.subarray(8, 12)]) add(byte)
  return ~check >>> 0
}

test('a packet that is no chunk of ours is left alone', () => {
  const { world, one, two } = boxes()
  two.sockets.sctp.listen({ port: 80, onAssociation: () => {} })
  const { outcome } = connect(one, '10.244.2.2', 80)
  world.advance(100)
  const forged: SctpPacket = {
    kind: 'sctp',
    sourcePort: 80,
    destinationPort: outcome.open!.local.port,
    verificationTag: 1,
    chunks: [{ type: 'SHUTDOWN ACK' }],
  }
  outcome.open!.receive(forged)
  expect(outcome.open!.state).toBe('ESTABLISHED')
})
