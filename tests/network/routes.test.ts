import { expect, test } from 'vitest'
import { formatRoute, type Route, RouteTable } from '#simulator/network/routes.ts'
import { ip, prefix, twoNodes } from './world.ts'

function route(destination: string, rest: Partial<Route> = {}): Route {
  return {
    kind: 'unicast',
    destination: prefix(destination),
    interface: 'eth0',
    scope: 'global',
    protocol: 'boot',
    table: 'main',
    ...rest,
  }
}

test('the longest prefix wins, then the smallest metric', () => {
  const table = new RouteTable()
  table.add(route('0.0.0.0/0', { gateway: ip('192.168.64.1') }))
  table.add(route('10.0.0.0/8', { interface: 'wide' }))
  table.add(route('10.244.1.0/24', { interface: 'slow', metric: 200 }))
  table.add(route('10.244.1.0/24', { interface: 'fast', metric: 100 }))
  table.add(route('10.244.1.7/32', { interface: 'exact' }))
  const by = (address: string) => table.lookup(ip(address))?.interface
  expect(['10.244.1.7', '10.244.1.8', '10.9.9.9', '203.0.113.1', '200.0.0.1'].map(by)).toEqual([
    'exact',
    'fast',
    'wide',
    'eth0',
    'eth0',
  ])
})

test('table local comes before table main', () => {
  const table = new RouteTable()
  table.add(route('10.0.0.1/32', { interface: 'main' }))
  table.add(route('10.0.0.0/8', { kind: 'local', table: 'local', interface: 'lo' }))
  expect(table.lookup(ip('10.0.0.1'))?.kind).toBe('local')
})

test('a second route to the same prefix with the same metric is refused; replacing takes its place', () => {
  const table = new RouteTable()
  expect(table.add(route('10.0.0.0/8'))).toBe(true)
  expect(table.add(route('10.0.0.0/8', { interface: 'eth1' }))).toBe(false)
  table.replace(route('10.0.0.0/8', { interface: 'eth1' }))
  expect(table.list().map(each => each.interface)).toEqual(['eth1'])
})

test('a route is removed by what is known of it', () => {
  const table = new RouteTable()
  table.add(route('10.0.0.0/8', { gateway: ip('192.168.64.9') }))
  expect(table.remove({ destination: prefix('10.0.0.0/8'), gateway: ip('192.168.64.8') })).toBeUndefined()
  expect(table.remove({ destination: prefix('10.0.0.0/8') })?.interface).toBe('eth0')
  expect(table.list()).toEqual([])
})

test.each([
  ['default via 192.168.64.1 dev eth0 ', route('0.0.0.0/0', { gateway: ip('192.168.64.1') })],
  [
    '10.244.0.0/24 via 10.244.0.0 dev vx0 onlink ',
    route('10.244.0.0/24', { gateway: ip('10.244.0.0'), interface: 'vx0', isOnlink: true }),
  ],
  [
    '10.244.1.0/24 dev br0 proto kernel scope link src 10.244.1.1 ',
    route('10.244.1.0/24', { interface: 'br0', protocol: 'kernel', scope: 'link', source: ip('10.244.1.1') }),
  ],
  ['10.244.1.7 dev veth1 scope link ', route('10.244.1.7/32', { interface: 'veth1', scope: 'link' })],
  [
    'blackhole 10.244.1.64/26 proto bird ',
    { ...route('10.244.1.64/26'), kind: 'blackhole', interface: undefined, protocol: 'bird' },
  ],
  ['default via 10.0.0.1 dev eth0 metric 100 ', route('0.0.0.0/0', { gateway: ip('10.0.0.1'), metric: 100 })],
] as [string, Route][])('%j', (text, given) => {
  expect(formatRoute(given)).toBe(text)
})

test('a machine lists its routes as ip route does', () => {
  const { left } = twoNodes()
  expect(left.machine.routes.list().map(each => formatRoute(each))).toEqual([
    'default via 192.168.64.1 dev eth0 ',
    '10.244.1.0/24 dev br0 proto kernel scope link src 10.244.1.1 ',
    '10.244.2.0/24 via 10.244.2.0 dev vx0 onlink ',
    '192.168.64.0/24 dev eth0 proto kernel scope link src 192.168.64.11 ',
  ])
  expect(left.machine.routes.list('local').map(each => formatRoute(each))).toEqual([
    'local 10.244.1.0 dev vx0 proto kernel scope host src 10.244.1.0 ',
    'local 10.244.1.1 dev br0 proto kernel scope host src 10.244.1.1 ',
    'broadcast 10.244.1.255 dev br0 proto kernel scope link src 10.244.1.1 ',
    'local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1 ',
    'local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 ',
    'broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1 ',
    'local 192.168.64.11 dev eth0 proto kernel scope host src 192.168.64.11 ',
    'broadcast 192.168.64.255 dev eth0 proto kernel scope link src 192.168.64.11 ',
  ])
})

test.each([
  ['10.244.2.31', '10.244.2.0', 'vx0', '10.244.1.0'],
  ['10.244.1.39', '10.244.1.39', 'br0', '10.244.1.1'],
  ['192.168.64.12', '192.168.64.12', 'eth0', '192.168.64.11'],
  ['203.0.113.10', '192.168.64.1', 'eth0', '192.168.64.11'],
  ['10.244.1.1', '10.244.1.1', 'lo', '10.244.1.1'],
  ['127.0.0.1', '127.0.0.1', 'lo', '127.0.0.1'],
])('the way to %s: next hop %s by %s from %s', (destination, nextHop, device, source) => {
  const answer = twoNodes().left.machine.routeTo(ip(destination))!
  expect([answer.nextHop, answer.interface?.name, answer.source]).toEqual([ip(nextHop), device, ip(source)])
})

test.each([
  [{ gateway: ip('172.16.0.1') }, 'Error: Nexthop has invalid gateway.'],
  [{ gateway: ip('192.168.64.11') }, 'Error: Nexthop has invalid gateway.'],
  [{ gateway: ip('192.168.64.11'), interface: 'eth0', isOnlink: true }, 'Error: Nexthop has invalid gateway.'],
  [{ interface: 'nope' }, 'Cannot find device "nope"'],
  [{ gateway: ip('192.168.64.12'), source: ip('1.2.3.4') }, 'Error: Invalid prefsrc address.'],
])('a route by %j is refused: %s', (options, message) => {
  expect(() => twoNodes().left.machine.addRoute(prefix('10.9.0.0/16'), options)).toThrow(message)
})

test('a route to the same place twice: File exists', () => {
  const { machine } = twoNodes().left
  machine.addRoute(prefix('10.9.0.0/16'), { gateway: ip('192.168.64.12') })
  expect(() => machine.addRoute(prefix('10.9.0.0/16'), { gateway: ip('192.168.64.1') })).toThrow(
    'RTNETLINK answers: File exists',
  )
})

test.each([
  ['unreachable', 'EHOSTUNREACH'],
  ['prohibit', 'EACCES'],
  ['blackhole', 'EINVAL'],
] as const)('a socket that sends into an %s route gets %s', (kind, code) => {
  const { machine } = twoNodes().left
  machine.addRoute(prefix('10.9.0.0/16'), { kind })
  const socket = machine.sockets.openIcmp({ onReply: () => {}, address: ip('192.168.64.11') })
  expect(() => socket.sendEcho({ destination: ip('10.9.1.1'), sequence: 1 })).toThrow(code)
})
