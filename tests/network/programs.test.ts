import { expect, test } from 'vitest'
import type { InterfaceProgram } from '#simulator/network/interfaceProgram.ts'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import { SocketBuffer } from '#simulator/network/socketBuffer.ts'
import type { SocketProgram } from '#simulator/network/socketProgram.ts'
import { capture, ip, prefix, request, serve, World } from './world.ts'

const openings = /\[S\.?\]/

function program(run: InterfaceProgram['run']): InterfaceProgram {
  return { name: 'test', run }
}

function pair() {
  const world = new World()
  return { world, one: world.machine('one', '192.168.64.11'), two: world.machine('two', '192.168.64.12') }
}

test('a program after the stack sees frames before the capture does, and may rewrite them', () => {
  const { world, one, two } = pair()
  two.interface('eth0')!.addAddress(prefix('192.168.64.99/24'))
  serve(two, 8080)
  one.interface('eth0')!.egress = program(frame => {
    const { payload } = frame
    if (payload.kind !== 'ipv4' || payload.destination !== ip('192.168.64.50')) return frame
    return { ...frame, payload: { ...payload, destination: ip('192.168.64.99') } }
  })
  one.neighbours.set('eth0', ip('192.168.64.50'), two.interface('eth0')!.mac)
  const lines = capture(one, 'eth0', openings)
  request(one, '192.168.64.50', 8080, 40001)
  world.advance(10)
  expect(lines[0]).toBe('IP 192.168.64.11.40001 > 192.168.64.99.8080: [S] 0')
})

test('a program before the stack sees frames after the capture, and may keep them', () => {
  const { world, one, two } = pair()
  serve(two, 8080)
  const lines = capture(two, 'eth0', openings)
  two.interface('eth0')!.ingress = program(frame => (frame.payload.kind === 'ipv4' ? undefined : frame))
  const outcome = request(one, '192.168.64.12', 8080, 40001)
  world.advance(500)
  expect(outcome.answer).toBe('')
  expect(lines).toEqual(['IP 192.168.64.11.40001 > 192.168.64.12.8080: [S] 0'])
})

test('a program may send a frame out by another interface, past the stack and its rules', () => {
  const { world, one, two } = pair()
  const box = world.network.createNamespace('box', { machine: 'two' })
  const cable = box.addVeth('eth0', two, 'veth1')
  cable.addAddress(prefix('192.168.64.20/32'))
  cable.up()
  cable.peer.up()
  box.addRoute(prefix('192.168.64.0/24'), { interface: 'eth0', scope: 'link' })
  const [far, lan] = [cable.peer, two.interface('eth0')!]
  lan.ingress = program(frame => {
    if (frame.payload.kind !== 'ipv4' || frame.payload.destination !== ip('192.168.64.20')) return frame
    far.transmit({ ...frame, source: far.mac, destination: cable.mac })
    return undefined
  })
  far.ingress = program(frame => {
    if (frame.payload.kind !== 'ipv4') return frame
    two.ipv4.redirect(new SocketBuffer(frame.payload))
    return undefined
  })
  far.namespace.sysctl.set('net.ipv4.conf.veth1.proxy_arp', '1')
  two.sysctl.set('net.ipv4.ip_forward', '1')
  one.neighbours.set('eth0', ip('192.168.64.20'), lan.mac)
  serve(box, 8080)
  const outcome = request(one, '192.168.64.20', 8080)
  world.advance(500)
  expect(outcome.answer).toBe('box')
  expect(two.connections.list()).toEqual([])
})

test('an interface with arp off asks nobody', () => {
  const { world, one } = pair()
  const card = one.interface('eth0')!
  card.isArpOff = true
  const lines = capture(one, 'eth0', /./)
  request(one, '192.168.64.12', 8080, 40001)
  world.advance(10)
  expect(lines).toEqual(['IP 192.168.64.11.40001 > 192.168.64.12.8080: [S] 0'])
  expect(card.flags).toContain('NOARP')
})

function balancer(answer: ReturnType<SocketProgram['redirect']>): SocketProgram {
  const isOurs = (address: number) => address === ip('10.96.0.10')
  return { name: 'test', redirect: (_protocol, { address }) => (isOurs(address) ? answer : undefined) }
}

test('a program at connect leads a socket elsewhere: packets never bear the address that was asked for', () => {
  const { world, one, two } = pair()
  serve(two, 8080)
  const destination = { address: ip('192.168.64.12'), port: 8080 }
  one.sockets.program = balancer({ destination, by: 'service map' })
  const lines = capture(one, 'eth0', openings)
  const connection = one.sockets.connectTcp({
    address: ip('10.96.0.10'),
    port: 80,
    localPort: 40001,
    onOpen: () => {},
    onError: () => {},
  })
  world.advance(10)
  expect(lines[0]).toBe('IP 192.168.64.11.40001 > 192.168.64.12.8080: [S] 0')
  expect(connection.remote).toEqual(destination)
  expect(connection.peer).toEqual({ address: ip('10.96.0.10'), port: 80 })
  const steps = world.network.trace.flow(connection.flow)
  expect(steps.find(({ kind }) => kind === 'rewrite')).toMatchObject({ decision: 'socket connect', by: 'service map' })
})

test('a program at connect may refuse', () => {
  const { world, one } = pair()
  one.sockets.program = balancer('EHOSTUNREACH')
  const lines = capture(one, 'eth0', /./)
  const errors: string[] = []
  const onError = (code: string) => errors.push(code)
  one.sockets.connectTcp({ address: ip('10.96.0.10'), port: 80, onOpen: () => {}, onError })
  world.advance(10)
  expect(errors).toEqual(['EHOSTUNREACH'])
  expect(lines).toEqual([])
  const socket = one.sockets.bindUdp({ port: 0, onDatagram: () => {} })
  expect(() => socket.sendTo(new Uint8Array(1), ip('10.96.0.10'), 53)).toThrow('EHOSTUNREACH')
})

test('answers over UDP come from the address that was asked, though another one sent them', () => {
  const { world, one, two } = pair()
  echo(two, 5353)
  one.sockets.program = balancer({ destination: { address: ip('192.168.64.12'), port: 5353 }, by: 'service map' })
  const sources: unknown[] = []
  const socket = one.sockets.bindUdp({ port: 40053, onDatagram: ({ source }) => sources.push(source) })
  const lines = capture(one, 'eth0', /IP/)
  socket.sendTo(new Uint8Array(3), ip('10.96.0.10'), 53)
  world.advance(10)
  expect(sources).toEqual([{ address: ip('10.96.0.10'), port: 53 }])
  expect(lines).toEqual([
    'IP 192.168.64.11.40053 > 192.168.64.12.5353: UDP, length 3',
    'IP 192.168.64.12.5353 > 192.168.64.11.40053: UDP, length 3',
  ])
})

function echo(namespace: NetworkNamespace, port: number): void {
  const socket = namespace.sockets.bindUdp({
    port,
    onDatagram: ({ bytes, source }) => socket.sendTo(bytes, source.address, source.port),
  })
}

test('an external tunnel sends each packet where its key says, and tells the key of what comes in', () => {
  const { world, one, two } = pair()
  const keys: unknown[] = []
  const tunnelOf = (machine: NetworkNamespace, local: string) => {
    const tunnel = machine.addVxlan('vx0', { id: 0, local: ip(local), isExternal: true, isLearning: false })
    tunnel.up()
    tunnel.ingress = program((_frame, buffer) => {
      keys.push(buffer?.tunnel)
      return undefined
    })
    return tunnel
  }
  const tunnel = tunnelOf(one, '192.168.64.11')
  tunnelOf(two, '192.168.64.12')
  const packets: SocketBuffer[] = []
  one.addDummy('dummy0').up()
  one.addRoute(prefix('10.0.0.0/8'), { interface: 'dummy0' })
  one.interface('dummy0')!.egress = program((frame, buffer) => {
    if (buffer && frame.payload.kind === 'ipv4') packets.push(buffer)
    return undefined
  })
  request(one, '10.0.0.1', 80)
  world.advance(1)
  const [buffer] = packets
  buffer!.tunnel = { id: 4711, remote: ip('192.168.64.12') }
  tunnel.transmit({ source: tunnel.mac, destination: tunnel.mac, payload: buffer!.packet }, buffer)
  world.advance(1)
  expect(keys).toEqual([{ id: 4711, remote: ip('192.168.64.11') }])
  buffer!.tunnel = undefined
  tunnel.transmit({ source: tunnel.mac, destination: tunnel.mac, payload: buffer!.packet }, buffer)
  expect(tunnel.counters.sentDropped).toBe(1)
})
