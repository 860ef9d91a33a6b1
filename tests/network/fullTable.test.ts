import { expect, test } from 'vitest'
import { KernelLog } from '#simulator/network/kernelLog.ts'
import { ip, World } from './world.ts'

/** A machine that tracks connections and has room for so many. */
function machine(world: World, room: number) {
  const one = world.machine('one', '192.168.64.11')
  one.netfilter.restore('*filter\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n')
  one.sysctl.set('net.netfilter.nf_conntrack_max', String(room))
  return one
}

test('a full connection table lets known connections through and refuses new ones', () => {
  const world = new World()
  const one = machine(world, 1)
  const two = world.machine('two', '192.168.64.12')
  const replies: number[] = []
  const first = two.sockets.openIcmp({ onReply: ({ message }) => void replies.push(message.sequence) })
  const second = two.sockets.openIcmp({ onReply: () => void replies.push(-1) })
  first.sendEcho({ destination: ip('192.168.64.11'), sequence: 1 })
  world.advance(100)
  second.sendEcho({ destination: ip('192.168.64.11'), sequence: 1 })
  first.sendEcho({ destination: ip('192.168.64.11'), sequence: 2 })
  world.advance(100)
  expect(replies).toEqual([1, 2])
  expect(world.network.kernelLog('one').messages.map(({ text }) => text)).toEqual([
    'nf_conntrack: nf_conntrack: table full, dropping packet',
  ])
  // Once the first connection has timed out there is room again.
  world.advance(60_000)
  second.sendEcho({ destination: ip('192.168.64.11'), sequence: 2 })
  world.advance(100)
  expect(replies).toEqual([1, 2, -1])
  expect(one.connections.list()).toHaveLength(1)
})

test('what the machine itself begins is refused with EPERM', () => {
  const world = new World()
  const one = machine(world, 1)
  world.machine('two', '192.168.64.12')
  const echo = () =>
    one.sockets.openIcmp({ onReply: () => {} }).sendEcho({ destination: ip('192.168.64.12'), sequence: 1 })
  echo()
  world.advance(100)
  expect(echo).toThrow('EPERM')
})

test('a room of 0 is no limit', () => {
  const world = new World()
  const one = machine(world, 0)
  world.machine('two', '192.168.64.12')
  one.sockets.openIcmp({ onReply: () => {} }).sendEcho({ destination: ip('192.168.64.12'), sequence: 1 })
  world.advance(100)
  expect(one.connections.list()).toHaveLength(1)
})

test('of many warnings the kernel prints ten in five seconds, and then how many there were', () => {
  const world = new World()
  const log = new KernelLog(world.clock)
  for (let i = 0; i < 25; i++) log.warnOfPacket('full')
  expect(log.messages).toHaveLength(10)
  world.advance(5_000)
  log.warnOfPacket('full')
  expect(log.messages.slice(10).map(({ text }) => text)).toEqual(['net_ratelimit: 15 callbacks suppressed', 'full'])
})
