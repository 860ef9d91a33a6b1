import { expect, test } from 'vitest'
import { zeroMac } from '#simulator/network/address.ts'
import { capture, ip, ping, prefix, twoNodes, World } from './world.ts'

test('without a forwarding entry a tunnel drops', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  left.tunnel.removeForwarding(right.tunnel.mac)
  const lan = capture(left.machine, 'eth0')
  const outcome = ping(one, '10.244.2.2')
  world.advance(100)
  expect([outcome.answer, lan]).toEqual(['', []])
  const { trace } = world.network
  const flow = trace.latest(record => record.decision === 'no forwarding entry')!
  expect(trace.flow(flow).at(-1)).toMatchObject({ kind: 'drop', machine: 'left', interface: 'vx0' })
})

test('a tunnel takes only frames with its own number', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  right.machine.removeInterface('vx0')
  const other = right.machine.addVxlan('vx0', { id: 2, local: ip('192.168.64.12'), mac: right.tunnel.mac })
  other.addAddress(prefix('10.244.2.0/32'))
  other.up()
  const outcome = ping(one, '10.244.2.2')
  world.advance(100)
  // Nobody has the datagram's port open for this number, so the kernel says so.
  expect(outcome.answer).toBe('')
})

test('a tunnel with a default entry asks everybody and learns who answers', () => {
  const world = new World()
  const tunnels = [1, 2, 3].map(number => {
    const machine = world.machine(`m${number}`, `192.168.64.1${number}`)
    const tunnel = machine.addVxlan('vx0', { id: 7, local: ip(`192.168.64.1${number}`) })
    for (const other of [1, 2, 3]) if (other !== number) tunnel.addForwarding(zeroMac, ip(`192.168.64.1${other}`))
    tunnel.addAddress(prefix(`172.16.0.${number}/24`))
    tunnel.up()
    return { machine, tunnel }
  })
  const [one, two, three] = tunnels
  const seenByThree = capture(three!.machine, 'vx0', /./)
  const outcome = ping(one!.machine, '172.16.0.2')
  world.advance(100)
  expect(outcome.answer).toBe('reply')
  expect(seenByThree).toEqual(['ARP who-has 172.16.0.2 tell 172.16.0.1'])
  expect(one!.tunnel.forwardingEntries()).toContainEqual({
    mac: two!.tunnel.mac,
    destination: ip('192.168.64.12'),
    isPermanent: false,
  })
})
