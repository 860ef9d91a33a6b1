import { expect, test } from 'vitest'
import { capture, ip, ping, request, serve, twoNodes } from './world.ts'

function stateOf(
  namespace: ReturnType<typeof twoNodes>['workstation'],
  device: string,
  address: string,
): string | undefined {
  return namespace.neighbours.get(device, ip(address))?.state
}

test('who asks knows the answer as reachable; who was asked uses the address of the asker on trust', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  ping(one, '10.244.1.3')
  world.advance(10)
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('REACHABLE')
  expect(stateOf(two, 'eth0', '10.244.1.2')).toBe('DELAY')
})

test('a reachable neighbour grows stale, is used on trust, and is asked again when it does not show up', () => {
  const { world, left } = twoNodes()
  const [one] = [left.box('one'), left.box('two')]
  ping(one, '10.244.1.3')
  world.advance(30_001)
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('STALE')
  const questions = capture(one, 'eth0', /who-has 10\.244\.1\.3/)
  const again = ping(one, '10.244.1.3')
  world.advance(10)
  expect(again.answer).toBe('reply')
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('DELAY')
  expect(questions).toEqual([])
  world.advance(5_000)
  expect(questions).toHaveLength(1)
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('REACHABLE')
})

test('a connection that makes progress confirms its neighbour without a question', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  serve(two, 8080)
  ping(one, '10.244.1.3')
  world.advance(30_001)
  const questions = capture(one, 'eth0', /who-has 10\.244\.1\.3/)
  request(one, '10.244.1.3', 8080)
  world.advance(6_000)
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('REACHABLE')
  expect(questions).toEqual([])
})

test('a neighbour that is gone fails after three questions to it alone', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  ping(one, '10.244.1.3')
  world.advance(30_001)
  two.interface('eth0')!.down()
  ping(one, '10.244.1.3')
  world.advance(5_000 + 2_900)
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('PROBE')
  world.advance(200)
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('FAILED')
})

test('while the question is open the neighbour is incomplete, and packets wait', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  const outcome = ping(one, '10.244.1.3')
  world.advance(500)
  expect(stateOf(one, 'eth0', '10.244.1.3')).toBe('INCOMPLETE')
  left.box('late')
  world.advance(1_000)
  expect(outcome.answer).toBe('reply')
})

test('of two machines with one address the first to answer is believed for a second', () => {
  const { world, left } = twoNodes()
  const [one, two, three] = [left.box('one'), left.box('two'), left.box('three')]
  for (const box of [two, three]) box.interface('eth0')!.addAddress({ address: ip('10.244.1.77'), length: 24 })
  const outcome = ping(one, '10.244.1.77')
  world.advance(10)
  expect(outcome.answer).toBe('reply')
  expect(one.neighbours.get('eth0', ip('10.244.1.77'))?.mac).toBe(two.interface('eth0')!.mac)
})

test('permanent entries stay when others are flushed, and go with their interface', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  ping(left.machine, '10.244.1.2')
  world.advance(10)
  expect(one.isLocal(ip('10.244.1.2'))).toBe(true)
  left.machine.neighbours.flush()
  expect(left.machine.neighbours.list()).toEqual([
    { address: ip('10.244.2.0'), interface: 'vx0', mac: right.tunnel.mac, state: 'PERMANENT' },
  ])
  left.machine.removeInterface('vx0')
  expect(left.machine.neighbours.list()).toEqual([])
})

test('an interface with proxy_arp answers for what is reached by another one', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  const asked = capture(one, 'eth0', /is-at/)
  one.addRoute({ address: ip('169.254.1.1'), length: 32 }, { interface: 'eth0' })
  ping(one, '169.254.1.1')
  world.advance(100)
  expect(asked).toEqual([])
  left.machine.sysctl.set('net.ipv4.conf.br0.proxy_arp', '1')
  world.advance(1_000)
  expect(asked).toEqual([`ARP 169.254.1.1 is-at ${left.bridge.mac}`])
})
