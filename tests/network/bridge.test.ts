import { expect, test } from 'vitest'
import { capture, ping, request, serve, twoNodes } from './world.ts'

test('a bridge floods what it does not know, learns, and then uses one port', () => {
  const { world, left } = twoNodes()
  const [one] = [left.box('one'), left.box('two'), left.box('three')]
  const third = capture(left.machine, 'veth3', /./)
  ping(one, '10.244.1.3')
  world.advance(10)
  expect(third).toEqual(['ARP who-has 10.244.1.3 tell 10.244.1.2'])
  expect(left.bridge.forwardingEntries().filter(entry => !entry.isPermanent)).toMatchObject([
    { mac: one.interface('eth0')!.mac, port: { name: 'veth1' } },
    { port: { name: 'veth2' } },
  ])
})

test('what was learned is forgotten after five minutes, or when the port leaves', () => {
  const { world, left } = twoNodes()
  const [one] = [left.box('one'), left.box('two')]
  ping(one, '10.244.1.3')
  world.advance(10)
  const learned = () => left.bridge.forwardingEntries().filter(entry => !entry.isPermanent).length
  left.machine.removeInterface('veth2')
  expect(learned()).toBe(1)
  world.advance(300_000)
  expect(learned()).toBe(0)
})

test('a port with hairpin sends a broadcast back to where it came from', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  const seen = capture(one, 'eth0', /who-has/)
  ping(one, '10.244.1.99')
  world.advance(10)
  expect(seen).toHaveLength(2)
  left.machine.interface('veth1')!.port.hairpin = false
  seen.length = 0
  world.advance(1_000)
  expect(seen).toHaveLength(1)
})

test('a bridge itself sees what only passes when somebody listens at it, and not when at all interfaces', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.box('two')
  ping(one, '10.244.1.3')
  world.advance(10)
  const seen: string[] = []
  left.machine.captureAny(({ name }, { payload }) => payload.kind === 'ipv4' && seen.push(name))
  ping(one, '10.244.1.3')
  world.advance(10)
  expect(seen).toEqual(['veth1', 'veth2', 'veth2', 'veth1'])
  const passing = capture(left.machine, 'br0', /echo request/)
  ping(one, '10.244.1.3')
  world.advance(10)
  expect(passing).toHaveLength(1)
})

test('isolated ports do not speak with each other, but with the bridge', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.box('two')
  for (const name of ['veth1', 'veth2']) left.machine.interface(name)!.port.isolated = true
  const [neighbour, gateway] = [ping(one, '10.244.1.3'), ping(one, '10.244.1.1')]
  world.advance(4_000)
  expect([neighbour.answer, gateway.answer]).toEqual(['EHOSTUNREACH from 10.244.1.2', 'reply'])
})

test('bridged packets meet FORWARD with the bridge on both sides and the ports as physical devices', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  serve(two, 8080)
  left.machine.netfilter.restore(
    [
      '*filter',
      '-A FORWARD -i br0 -o br0 -m physdev --physdev-in veth1 --physdev-out veth2 --physdev-is-bridged -j DROP',
      'COMMIT',
      '',
    ].join('\n'),
  )
  const outcome = request(one, '10.244.1.3', 8080)
  world.advance(2_000)
  expect(outcome.answer).toBe('')
  left.machine.sysctl.set('net.bridge.bridge-nf-call-iptables', '0')
  world.advance(2_000)
  expect(outcome.answer).toBe('two')
})

test('a bridge without running ports has no carrier', () => {
  const { left } = twoNodes()
  expect([left.bridge.state, left.bridge.flags]).toEqual(['DOWN', ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP']])
  left.box('one')
  expect([left.bridge.state, left.bridge.flags]).toEqual(['UP', ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP']])
})

test('a bridge that shows packets to iptables puts pieces together first, and cuts them again', () => {
  const { world, left, right } = twoNodes()
  const [one] = [left.box('one'), left.box('two')]
  right.box('three')
  for (const { machine } of [left, right]) {
    machine.sysctl.set('net.bridge.bridge-nf-call-iptables', '1')
    machine.netfilter.restore('*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n')
  }
  const near = ping(one, '10.244.1.3', { size: 3000 })
  const far = ping(one, '10.244.2.2', { size: 3000 })
  const wire = capture(left.machine, 'veth2', /fragment/)
  world.advance(100)
  expect([near.answer, far.answer]).toEqual(['reply', 'reply'])
  expect(wire).toEqual([
    'IP 10.244.1.2 > 10.244.1.3: fragment 1424',
    'IP 10.244.1.2 > 10.244.1.3: fragment 1424',
    'IP 10.244.1.2 > 10.244.1.3: fragment 160',
    'IP 10.244.1.3 > 10.244.1.2: fragment 1424',
    'IP 10.244.1.3 > 10.244.1.2: fragment 1424',
    'IP 10.244.1.3 > 10.244.1.2: fragment 160',
  ])
})
