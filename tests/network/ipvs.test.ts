import { expect, test } from 'vitest'
import { nextBalancedState } from '#simulator/network/ipvs/connection.ts'
import { Destination, type Scheduler, VirtualService } from '#simulator/network/ipvs/virtualService.ts'
import { tcpFlag } from '#simulator/network/packet.ts'
import { ip, ping, prefix, request, serve, twoNodes } from './world.ts'

const { syn, acknowledgement: ack, fin, reset } = tcpFlag

/** The left node balances 10.96.0.10:80 among the two boxes. */
function prepare(scheduler: Scheduler = 'rr', persistence?: number) {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  const two = right.box('two')
  serve(two, 8080)
  serve(one, 8080)
  const { machine } = left
  machine.sysctl.set('net.ipv4.vs.conntrack', '1')
  machine.sysctl.set('net.ipv4.vs.expire_nodest_conn', '1')
  machine.addDummy('vip').addAddress(prefix('10.96.0.10/32'))
  const service = new VirtualService('tcp', ip('10.96.0.10'), 80, scheduler, persistence)
  machine.ipvs.add(service)
  const [near, far] = [new Destination(ip('10.244.1.2'), 8080, 1), new Destination(ip('10.244.2.2'), 8080, 1)]
  service.add(near)
  service.add(far)
  const caller = left.box('caller')
  const ask = (port = 80) => {
    const outcome = request(caller, '10.96.0.10', port)
    world.advance(2000)
    return outcome.answer
  }
  return { world, machine, service, near, far, ask, caller, right }
}

test('in turn, as long as there is weight', () => {
  const { ask, service, near } = prepare()
  expect([ask(), ask(), ask()]).toEqual(['one', 'two', 'one'])
  service.setWeight(near, 0)
  expect([ask(), ask()]).toEqual(['two', 'two'])
})

test('by source, the same client meets the same destination', () => {
  const { ask } = prepare('sh')
  expect(new Set([ask(), ask(), ask(), ask()]).size).toBe(1)
})

test('the least busy destination comes first', () => {
  const { service, near, far } = prepare('lc')
  expect(service.choose(1)).toBe(near)
  near.connections.add({ isActive: true } as never)
  expect(service.choose(1)).toBe(far)
})

test('what it has counted, it tells', () => {
  const { ask, service, near, far } = prepare()
  ask()
  ask()
  expect(service.counters.connections).toBe(2)
  expect([near.counters.connections, far.counters.connections]).toEqual([1, 1])
  expect(service.counters.inPackets).toBe(near.counters.inPackets + far.counters.inPackets)
  expect(service.counters.outBytes).toBeGreaterThan(0)
})

test('a connection is over after its last packets, and forgotten later', () => {
  const { ask, machine, near, world } = prepare()
  ask()
  expect(machine.ipvs.connections()).toHaveLength(1)
  expect([near.active, near.inactive]).toEqual([0, 1])
  world.advance(121_000)
  expect(machine.ipvs.connections()).toEqual([])
  expect(near.inactive).toBe(0)
})

test('a client with persistence is kept until it has been silent for long enough', () => {
  const { ask, machine, world } = prepare('rr', 30)
  expect([ask(), ask()]).toEqual(['one', 'one'])
  expect(machine.ipvs.templates()).toHaveLength(1)
  world.advance(31_000)
  expect(ask()).toBe('two')
})

test('without a destination callers are refused; other packets are the machine’s own', () => {
  const { ask, service, near, far, caller, world } = prepare()
  service.remove(near)
  service.remove(far)
  expect(ask()).toBe('ECONNREFUSED')
  expect(ask(81)).toBe('ECONNREFUSED')
  const echo = ping(caller, '10.96.0.10')
  world.advance(100)
  expect(echo.answer).toBe('reply')
})

test('an error about a packet to a destination reaches the client in the words of its own packet', () => {
  const { ask, near, right, service } = prepare()
  service.remove(near)
  right.machine.netfilter.restore('*filter\n-A FORWARD -d 10.244.2.2 -p tcp -j REJECT\nCOMMIT\n')
  expect(ask()).toBe('ECONNREFUSED')
})

test('a connection whose destination has been removed ends with its next packet', () => {
  const { ask, service, near, machine, caller, world } = prepare()
  ask()
  const [connection] = machine.ipvs.connections()
  service.remove(near)
  request(caller, '10.96.0.10', 80, connection!.request.sourcePort)
  world.advance(10)
  expect(machine.ipvs.connections().filter(({ destination }) => destination === near)).toEqual([])
})

test.each([
  ['NONE', syn, 'in', 'SYN_RECV'],
  ['SYN_RECV', syn | ack, 'out', 'SYN_RECV'],
  ['SYN_RECV', ack, 'in', 'ESTABLISHED'],
  ['ESTABLISHED', fin | ack, 'in', 'CLOSE_WAIT'],
  ['ESTABLISHED', fin | ack, 'out', 'FIN_WAIT'],
  ['CLOSE_WAIT', fin | ack, 'out', 'TIME_WAIT'],
  ['FIN_WAIT', fin | ack, 'in', 'TIME_WAIT'],
  ['ESTABLISHED', reset, 'out', 'CLOSE'],
] as const)('from %s with flags %i %s to %s', (before, flags, direction, after) => {
  expect(nextBalancedState(before, { flags } as never, direction)).toBe(after)
})
