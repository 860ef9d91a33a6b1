import { expect, test } from 'vitest'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import { ip, prefix, World } from './world.ts'

function box(world: World, machine: NetworkNamespace, name: string, address: string, kind: 'macvlan' | 'ipvlan') {
  const network = world.network.createNamespace(name, { machine: machine.machine })
  const card = machine.interface('eth0')!
  const device = kind === 'macvlan' ? network.addMacvlan('net1', card) : network.addIpvlan('net1', card)
  device.addAddress(prefix(`${address}/24`), { broadcast: ip('192.168.64.255') })
  device.up()
  return network
}

/** Whether an echo request is answered. */
function pings(world: World, from: NetworkNamespace, to: string): boolean {
  let isAnswered = false
  const socket = from.sockets.openIcmp({
    onReply: () => {
      isAnswered = true
    },
  })
  socket.sendEcho({ destination: ip(to), sequence: 1 })
  world.advance(3000)
  socket.close()
  return isAnswered
}

test.each(['macvlan', 'ipvlan'] as const)(
  '%s interfaces hear each other and the LAN, but not their own machine',
  kind => {
    const world = new World()
    const one = world.machine('one', '192.168.64.11')
    const two = world.machine('two', '192.168.64.12')
    const left = box(world, one, 'left', '192.168.64.201', kind)
    box(world, one, 'right', '192.168.64.202', kind)
    box(world, two, 'far', '192.168.64.203', kind)
    expect(pings(world, left, '192.168.64.202')).toBe(true)
    expect(pings(world, left, '192.168.64.203')).toBe(true)
    expect(pings(world, left, '192.168.64.12')).toBe(true)
    expect(pings(world, two, '192.168.64.201')).toBe(true)
    expect(pings(world, left, '192.168.64.11')).toBe(false)
    expect(pings(world, one, '192.168.64.201')).toBe(false)
  },
)

test('they go down with the cable and are forgotten when they are removed', () => {
  const world = new World()
  const one = world.machine('one', '192.168.64.11')
  const two = world.machine('two', '192.168.64.12')
  const left = box(world, one, 'left', '192.168.64.201', 'macvlan')
  one.interface('eth0')!.down()
  expect(left.interface('net1')!.hasCarrier).toBe(false)
  expect(pings(world, two, '192.168.64.201')).toBe(false)
  one.interface('eth0')!.up()
  expect(pings(world, two, '192.168.64.201')).toBe(true)
  left.removeInterface('net1')
  expect(one.interface('eth0')!.uppers).toEqual([])
})
