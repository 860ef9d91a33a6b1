import { expect, test } from 'vitest'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import { type PacketPath, pathOf } from '#simulator/packetPath.ts'
import { balance, ip, ping, request, serve, twoNodes, type World } from './network/world.ts'

/** The way of the latest flow that a network began. */
function lastPath(world: World, from: NetworkNamespace, isDetailed = false): PacketPath {
  const { trace } = world.network
  const flow = trace.latest(
    ({ kind, machine, networkNamespace }) =>
      kind === 'send' && machine === from.machine && networkNamespace === from.name,
  )!
  const placeOf = (machine: string, name: string) => ({ kind: name ? 'pod' : 'node', name: name || machine }) as const
  return pathOf(flow, trace.flow(flow), placeOf, { isDetailed })
}

const told = ({ stops }: PacketPath) => stops.map(({ way, place, kind }) => `${way} ${place.name} ${kind}`)

test('a translation names the rules that led to it, and only those', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  request(one, '10.96.0.10', 80)
  world.advance(500)
  const path = lastPath(world, one)
  expect(path).toMatchObject({ protocol: 'tcp', verdict: 'answered', to: '10.96.0.10:80' })
  const [there, back] = path.stops.filter(({ kind }) => kind === 'rewrite')
  expect(there).toMatchObject({
    way: 'there',
    decision: 'DNAT',
    by: '-A SEP-0 -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:8080',
    rules: [
      '-A PREROUTING -j SERVICES',
      '-A SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j SVC-WEB',
      '-A SVC-WEB -j SEP-0',
      '-A SEP-0 -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:8080',
    ],
  })
  expect(back).toMatchObject({ way: 'back', decision: 'as its connection', by: '', rules: [] })
})

test('there and back are the two packets of an exchange, repetitions aside', () => {
  const { world, left, right } = twoNodes()
  const [one] = [left.box('one'), right.box('two')]
  right.machine.netfilter.restore('*filter\n-A FORWARD -d 10.244.2.2/32 -j DROP\nCOMMIT\n')
  request(one, '10.244.2.2', 80)
  world.advance(4_000)
  const path = lastPath(world, one)
  expect(path.verdict).toBe('unanswered')
  expect(new Set(path.stops.map(({ way }) => way))).toEqual(new Set(['there']))
  expect(path.stops.filter(({ kind }) => kind === 'send')).toHaveLength(1)
  expect(path.stops.at(-1)).toMatchObject({ kind: 'drop', decision: 'DROP', by: '-A FORWARD -d 10.244.2.2/32 -j DROP' })
})

test('only those who ask for details hear of neighbours and of rules that let a packet pass', () => {
  const { world, left } = twoNodes()
  const [one] = [left.box('one'), left.box('two')]
  left.machine.netfilter.restore('*filter\n-A FORWARD -s 10.244.0.0/16 -j ACCEPT\nCOMMIT\n')
  left.machine.sysctl.set('net.bridge.bridge-nf-call-iptables', '1')
  ping(one, '10.244.1.3')
  world.advance(100)
  expect(told(lastPath(world, one))).not.toContain('there left rule')
  const details = lastPath(world, one, true)
  expect(told(details)).toEqual(
    expect.arrayContaining(['there one resolve', 'there two resolve', 'there left rule', 'back two send']),
  )
  expect(details.stops.find(({ kind }) => kind === 'rule')).toMatchObject({
    decision: 'filter ACCEPT',
    rules: ['-A FORWARD -s 10.244.0.0/16 -j ACCEPT'],
  })
  expect(details.stops.find(({ kind }) => kind === 'resolve')).toMatchObject({
    before: 'ARP who-has 10.244.1.3 tell 10.244.1.2',
  })
})

test('what comes first decides: an answer is not undone by what is turned away later', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  const listener = two.sockets.listenTcp({ port: 80, onConnection: () => {} })
  const connection = one.sockets.connectTcp({
    address: ip('10.244.1.3'),
    port: 80,
    onOpen: () => {},
    onError: () => {},
  })
  world.advance(100)
  listener.close()
  two.sockets.closeAll()
  connection.send(new Uint8Array(1))
  world.advance(100)
  expect(lastPath(world, one).verdict).toBe('answered')
  request(one, '10.244.1.3', 81)
  world.advance(100)
  expect(lastPath(world, one).verdict).toBe('rejected')
})

test('an address that nobody has gives no answer, whatever the sender is told', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  request(one, '10.244.1.99', 80)
  world.advance(10_000)
  const path = lastPath(world, one)
  expect(path.stops.some(({ before, after }) => `${before} ${after}`.includes('icmp'))).toBe(true)
  expect(path.verdict).toBe('unanswered')
})
