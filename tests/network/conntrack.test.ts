import { expect, test } from 'vitest'
import { formatConnection } from '#simulator/network/conntrack.ts'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import { balance, ip, ping, request, serve, twoNodes } from './world.ts'

/** What `conntrack -L` would print, without the port that chance chose. */
function listing(machine: NetworkNamespace): string[] {
  return machine.connections.list().map(connection => formatConnection(connection, machine.clock.now))
}

test('a request through translation leaves an entry in TIME_WAIT with both views of the connection', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  balance(right, ['10.244.2.2'])
  request(one, '10.96.0.10', 80, 41005)
  world.advance(2_500)
  expect(listing(left.machine).filter(line => line.startsWith('tcp'))).toEqual([
    'tcp      6 117 TIME_WAIT src=10.244.1.2 dst=10.96.0.10 sport=41005 dport=80 src=10.244.2.2 dst=10.244.1.2 sport=8080 dport=41005 [ASSURED] mark=0 use=1',
  ])
  expect(listing(right.machine).filter(line => line.startsWith('tcp'))).toEqual([
    'tcp      6 117 TIME_WAIT src=10.244.1.2 dst=10.244.2.2 sport=41005 dport=8080 src=10.244.2.2 dst=10.244.1.2 sport=8080 dport=41005 [ASSURED] mark=0 use=1',
  ])
  world.advance(120_000)
  expect(listing(left.machine)).toEqual([])
})

test('an open connection stays for days; one without an answer is marked', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  balance(left, ['10.244.2.2'])
  two.sockets.listenTcp({ port: 8080, onConnection: () => {} })
  one.sockets.connectTcp({
    address: ip('10.244.2.2'),
    port: 8080,
    localPort: 5000,
    onOpen: () => {},
    onError: () => {},
  })
  request(one, '203.0.113.9', 81, 5001)
  world.advance(500)
  expect(listing(left.machine).filter(line => line.startsWith('tcp'))).toEqual([
    'tcp      6 431999 ESTABLISHED src=10.244.1.2 dst=10.244.2.2 sport=5000 dport=8080 src=10.244.2.2 dst=10.244.1.2 sport=8080 dport=5000 [ASSURED] mark=0 use=1',
    'tcp      6 119 SYN_SENT src=10.244.1.2 dst=203.0.113.9 sport=5001 dport=81 [UNREPLIED] src=203.0.113.9 dst=10.244.1.2 sport=81 dport=5001 mark=0 use=1',
  ])
})

test('a refused connection leaves nothing', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  balance(left, ['10.244.2.2'])
  const outcome = request(one, '10.96.0.10', 80)
  world.advance(100)
  expect(outcome.answer).toBe('ECONNREFUSED')
  expect(listing(left.machine).filter(line => line.startsWith('tcp'))).toEqual([])
})

test('echo requests and datagrams are connections too', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  balance(left, ['10.244.2.2'])
  ping(one, '10.244.2.2', { id: 77 })
  const server = two.sockets.bindUdp({
    port: 53,
    onDatagram: ({ source }) => server.sendTo(new Uint8Array(1), source.address, source.port),
  })
  const client = one.sockets.bindUdp({ port: 4000, onDatagram: () => {} })
  client.sendTo(new Uint8Array(1), ip('10.244.2.2'), 53)
  world.advance(500)
  const inner = () => listing(left.machine).filter(line => line.includes('src=10.244.1.2'))
  expect(inner()).toEqual([
    'icmp     1 29 src=10.244.1.2 dst=10.244.2.2 type=8 code=0 id=77 src=10.244.2.2 dst=10.244.1.2 type=0 code=0 id=77 mark=0 use=1',
    'udp      17 29 src=10.244.1.2 dst=10.244.2.2 sport=4000 dport=53 src=10.244.2.2 dst=10.244.1.2 sport=53 dport=4000 mark=0 use=1',
  ])
  world.advance(2_000)
  client.sendTo(new Uint8Array(1), ip('10.244.2.2'), 53)
  world.advance(500)
  expect(inner()[1]).toMatch(/^udp {6}17 119 .*\[ASSURED\]/)
})

test.each([
  ['the same server', ['10.244.1.3'], 1],
  ['two servers by turns', ['10.244.1.3', '10.244.1.4'], 2],
])('two questions that leave at once for %s are both answered', (_, backends, entries) => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  const servers = [left.box('a'), left.box('b')].map(box => {
    const socket = box.sockets.bindUdp({
      port: 53,
      onDatagram: ({ bytes, source }) => socket.sendTo(bytes, source.address, source.port),
    })
    return socket
  })
  const [first, second = first] = backends
  left.machine.netfilter.restore(
    [
      '*nat',
      `-A PREROUTING -p udp -d 10.96.0.10 -m statistic --mode nth --every 2 -j DNAT --to-destination ${first}:53`,
      `-A PREROUTING -p udp -d 10.96.0.10 -j DNAT --to-destination ${second}:53`,
      'COMMIT',
      '',
    ].join('\n'),
  )
  const answers: string[] = []
  const client = one.sockets.bindUdp({ port: 4000, onDatagram: ({ bytes }) => answers.push(String(bytes[0])) })
  client.sendTo(Uint8Array.of(1), ip('10.96.0.10'), 53)
  client.sendTo(Uint8Array.of(28), ip('10.96.0.10'), 53)
  world.advance(100)
  expect(answers.sort()).toEqual(['1', '28'])
  expect(left.machine.connections.list()).toHaveLength(entries)
  expect(servers).toHaveLength(2)
  world.advance(31_000)
  client.sendTo(Uint8Array.of(9), ip('10.96.0.10'), 53)
  world.advance(100)
  expect(answers).toHaveLength(3)
})

test('both directions are established once there was an answer', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  left.machine.netfilter.restore('*filter\n-A FORWARD -m conntrack --ctstate NEW\n-A FORWARD\nCOMMIT\n')
  request(one, '10.244.2.2', 8080)
  world.advance(100)
  const [begun, all] = left.machine.netfilter.table('filter').chain('FORWARD').rules
  expect([begun!.packets, all!.packets]).toEqual([1, 10])
})

test('a new handshake from the same port begins the connection anew', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  request(one, '10.96.0.10', 80, 41005)
  world.advance(100)
  left.machine.netfilter.restore(
    '*nat\n:SEP-0 - [0:0]\n-A SEP-0 -p tcp -j DNAT --to-destination 10.244.2.3:8080\nCOMMIT\n',
    {
      noFlush: true,
    },
  )
  serve(right.box('three'), 8080)
  world.advance(61_000)
  const again = request(one, '10.96.0.10', 80, 41005)
  world.advance(100)
  expect(again.answer).toBe('three')
})

test('what is forgotten by hand is decided again', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  balance(left, ['10.244.2.2'])
  ping(one, '10.244.2.2')
  world.advance(10)
  const [entry] = left.machine.connections.list()
  left.machine.connections.remove(entry!)
  expect(left.machine.connections.find(entry!.reply)).toBeUndefined()
  left.machine.connections.flush()
  expect(listing(left.machine)).toEqual([])
})

test('without rules that ask for it nothing is tracked', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  ping(one, '10.244.2.2')
  world.advance(10)
  expect([listing(left.machine), listing(one)]).toEqual([[], []])
})

test('the timeout of open connections is a kernel setting', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  left.machine.sysctl.set('net.netfilter.nf_conntrack_tcp_timeout_established', '86400')
  balance(left, ['10.244.2.2'])
  two.sockets.listenTcp({ port: 8080, onConnection: () => {} })
  one.sockets.connectTcp({ address: ip('10.244.2.2'), port: 8080, onOpen: () => {}, onError: () => {} })
  world.advance(500)
  expect(listing(left.machine)[0]).toMatch(/^tcp {6}6 86399 ESTABLISHED/)
})
