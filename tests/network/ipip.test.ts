import { expect, test } from 'vitest'
import { capture, ip, ping, prefix, twoNodes } from './world.ts'

test('packets travel inside packets to the next hop of their route', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  for (const [node, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const address = ip(`192.168.64.${node.number + 10}`)
    const tunnel = node.machine.addIpip('tunl0', address)
    tunnel.addAddress(prefix(`10.244.${node.number}.64/32`))
    tunnel.up()
    node.machine.routes.remove({ destination: prefix(`10.244.${other.number}.0/24`) })
    node.machine.addRoute(prefix(`10.244.${other.number}.0/24`), {
      gateway: ip(`192.168.64.${other.number + 10}`),
      interface: 'tunl0',
      isOnlink: true,
    })
  }
  const lan = capture(left.machine, 'eth0')
  const tunnel = capture(right.machine, 'tunl0')
  const outcome = ping(one, '10.244.2.2', { id: 5 })
  world.advance(100)
  expect(outcome).toEqual({ answer: 'reply', ttl: 62 })
  expect(lan).toEqual(
    ['IP 192.168.64.11 > 192.168.64.12: ipv4 104', 'IP 192.168.64.12 > 192.168.64.11: ipv4 104'].map(line =>
      line.replace('104', '84'),
    ),
  )
  expect(tunnel).toEqual([
    'IP 10.244.1.2 > 10.244.2.2: ICMP echo request, id 5, seq 1, length 64',
    'IP 10.244.2.2 > 10.244.1.2: ICMP echo reply, id 5, seq 1, length 64',
  ])
})

test('a machine without the tunnel says that it does not know the protocol', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  left.machine.addIpip('tunl0', ip('192.168.64.11')).up()
  left.machine.addRoute(prefix('10.9.0.0/16'), { gateway: ip('192.168.64.12'), interface: 'tunl0', isOnlink: true })
  const errors = capture(right.machine, 'eth0', /unreachable/)
  ping(one, '10.9.0.1')
  world.advance(100)
  expect(errors).toHaveLength(1)
})
