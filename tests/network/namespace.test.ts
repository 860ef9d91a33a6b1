import { expect, test } from 'vitest'
import { Veth } from '#simulator/network/veth.ts'
import { balance, capture, ip, ping, prefix, request, serve, twoNodes, World } from './world.ts'

test('interfaces are numbered by namespace; a cable knows the number of its other end', () => {
  const { left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  const numbers = (namespace: typeof one) => namespace.interfaces.map(({ index, name }) => `${index}: ${name}`)
  expect(numbers(one)).toEqual(['1: lo', '2: eth0'])
  expect(numbers(left.machine)).toEqual(['1: lo', '2: eth0', '3: vx0', '4: br0', '5: veth1', '6: veth2'])
  const card = two.interface('eth0')
  expect(card instanceof Veth && card.peer.index).toBe(6)
})

test('one end of a cable goes with the other', () => {
  const { left } = twoNodes()
  const one = left.box('one')
  expect(one.removeInterface('eth0')).toBe(true)
  expect(left.machine.interface('veth1')).toBeUndefined()
  expect(left.bridge.ports).toEqual([])
  expect(one.routes.list()).toEqual([])
  expect(one.removeInterface('lo')).toBe(false)
})

test('an interface moves to another namespace without its addresses, and keeps its number if it can', () => {
  const { world, left } = twoNodes()
  const box = world.network.createNamespace('box', { machine: 'left' })
  const near = left.machine.addVeth('tmp0', left.machine, 'tmp1')
  near.peer.addAddress(prefix('10.244.1.50/24'))
  left.machine.moveInterface('tmp1', box, 'eth0')
  const moved = box.interface('eth0')!
  expect([moved.index, moved.isUp, moved.addresses]).toEqual([6, false, []])
  expect(left.machine.isLocal(ip('10.244.1.50'))).toBe(false)
  left.bridge.addPort(near)
  near.up()
  moved.addAddress(prefix('10.244.1.50/24'))
  moved.up()
  const outcome = ping(box, '10.244.1.1')
  world.advance(10)
  expect(outcome.answer).toBe('reply')
})

test('routes come with an address and go with it, and with the interface', () => {
  const { left } = twoNodes()
  const { machine } = left
  const card = machine.interface('eth0')!
  const count = () => machine.routes.list().length
  const before = count()
  card.addAddress(prefix('172.20.0.1/16'))
  expect(card.addAddress(prefix('172.20.0.1/16'))).toBe(false)
  expect([count(), machine.isLocal(ip('172.20.0.1'))]).toEqual([before + 1, true])
  card.removeAddress(ip('172.20.0.1'))
  expect([count(), machine.isLocal(ip('172.20.0.1'))]).toEqual([before, false])
  card.down()
  expect(machine.routes.list().map(route => route.interface)).toEqual(['br0', 'vx0'])
  card.up()
  expect(machine.routes.list().map(route => route.interface)).toEqual(['br0', 'vx0', 'eth0'])
})

test('names are taken once, and have at most fifteen letters', () => {
  const { machine } = twoNodes().left
  expect(() => machine.addBridge('br0')).toThrow('File exists')
  expect(() => machine.addBridge('a-name-of-sixteen')).toThrow('not a valid ifname')
})

test('states and flags of interfaces are those that ip link prints', () => {
  const { left } = twoNodes()
  left.box('one')
  const { machine } = left
  const state = (name: string) => machine.interface(name)!.state
  expect(['lo', 'eth0', 'vx0', 'br0', 'veth1'].map(state)).toEqual(['UNKNOWN', 'UP', 'UNKNOWN', 'UP', 'UP'])
  expect(machine.interface('lo')!.flags).toEqual(['LOOPBACK', 'UP', 'LOWER_UP'])
  left.machine.interface('veth1')!.down()
  expect(state('br0')).toBe('DOWN')
})

test('a machine that does not forward keeps what is not for it to itself', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  left.machine.sysctl.set('net.ipv4.ip_forward', '0')
  const outcome = ping(one, '10.244.2.2')
  world.advance(100)
  expect(outcome.answer).toBe('')
  const { trace } = world.network
  expect(trace.flow(trace.flows().at(-1)!).at(-1)).toMatchObject({ decision: 'forwarding is off', machine: 'left' })
})

test('a router without a route says that the network is unreachable', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.machine.routes.remove({ destination: prefix('0.0.0.0/0') })
  const outcome = ping(one, '203.0.113.1')
  world.advance(100)
  expect(outcome.answer).toBe('ENETUNREACH from 10.244.1.1')
})

test.each([
  ['unreachable', 'EHOSTUNREACH from 10.244.1.1'],
  ['prohibit', 'EHOSTUNREACH from 10.244.1.1'],
  ['blackhole', ''],
] as const)('a router with an %s route answers %j', (kind, answer) => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.machine.addRoute(prefix('203.0.113.0/24'), { kind })
  const outcome = ping(one, '203.0.113.1')
  world.advance(100)
  expect(outcome.answer).toBe(answer)
})

test('packets with an address of this machine as their source are not believed', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  one.interface('eth0')!.addAddress(prefix('192.168.64.11/32'))
  right.box('two')
  const socket = one.sockets.openIcmp({ address: ip('192.168.64.11'), onReply: () => {} })
  const tunnel = capture(left.machine, 'vx0')
  socket.sendEcho({ destination: ip('10.244.2.2'), sequence: 1 })
  world.advance(100)
  expect(tunnel).toEqual([])
})

test('addresses of the host alone are never chosen as a source for others', () => {
  const { machine } = twoNodes().left
  expect(machine.sourceOn(machine.interface('lo')!, ip('10.96.0.1'))).toBe(ip('192.168.64.11'))
  expect(machine.sourceOn(machine.interface('br0')!, ip('10.244.1.7'))).toBe(ip('10.244.1.1'))
})

test('a packet to a group or to everyone on the link needs no question', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  const heard: number[] = []
  two.sockets.bindUdp({ port: 67, onDatagram: ({ bytes }) => heard.push(bytes.length) })
  const socket = one.sockets.bindUdp({ port: 68, interface: 'eth0', onDatagram: () => {} })
  const questions = capture(one, 'eth0', /who-has/)
  socket.sendTo(new Uint8Array(3), ip('255.255.255.255'), 67)
  world.advance(100)
  expect([heard, questions]).toEqual([[3], []])
})

test('the same seed and the same steps give the same snapshot; another step another one', () => {
  const run = (port: number) => {
    const { world, left, right } = twoNodes()
    const [one, two] = [left.box('one'), right.box('two')]
    serve(two, 8080)
    balance(left, ['10.244.2.2'])
    request(one, '10.96.0.10', port)
    world.advance(1_000)
    return JSON.stringify(world.network.snapshot())
  }
  expect(run(80)).toBe(run(80))
  expect(run(80)).not.toBe(run(81))
  expect(JSON.parse(run(80))).toHaveLength(6)
})

test('a loop of bridges does not stop the world', () => {
  const world = new World()
  const machine = world.machine('m', '192.168.64.9')
  const [a, b] = [machine.addBridge('a'), machine.addBridge('b')]
  for (const pair of ['x', 'y']) {
    const cable = machine.addVeth(`${pair}0`, machine, `${pair}1`)
    a.addPort(cable)
    b.addPort(cable.peer)
    cable.up()
    cable.peer.up()
  }
  a.addAddress(prefix('10.1.1.1/24'))
  a.up()
  b.up()
  ping(machine, '10.1.1.2')
  world.advance(2)
  expect(world.clock.now).toBe(2)
})
