import { expect, test } from 'vitest'
import { formatIpv4 } from '#simulator/network/address.ts'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import { ip, request, serve, twoNodes } from './world.ts'

function lines(namespace: NetworkNamespace): string[] {
  return namespace.sockets.list().map(({ protocol, state, local, remote }) => {
    const print = ({ address, port }: typeof local) => `${formatIpv4(address)}:${port}`
    return `${protocol} ${state} ${print(local)} ${print(remote)}`
  })
}

test('a port is taken by one listener for all addresses, or by one for each', () => {
  const { machine } = twoNodes().left
  const listen = (address: string, port = 80) =>
    machine.sockets.listenTcp({ address: ip(address), port, onConnection: () => {} })
  const all = listen('0.0.0.0')
  expect(() => listen('127.0.0.1')).toThrow('EADDRINUSE')
  all.close()
  listen('127.0.0.1')
  listen('192.168.64.11')
  expect(() => listen('0.0.0.0')).toThrow('EADDRINUSE')
  expect(() => listen('10.9.9.9', 81)).toThrow('EADDRNOTAVAIL')
})

test('low ports are for root', () => {
  const { machine } = twoNodes().left
  const owner = { pid: 7, program: 'web', user: 1000 }
  expect(() => machine.sockets.listenTcp({ port: 80, owner, onConnection: () => {} })).toThrow('EACCES')
  machine.sysctl.set('net.ipv4.ip_unprivileged_port_start', '0')
  expect(machine.sockets.listenTcp({ port: 80, owner, onConnection: () => {} }).local.port).toBe(80)
})

test('who is bound to an address hears only what comes for it', () => {
  const { world, left } = twoNodes()
  left.machine.sockets.listenTcp({ address: ip('127.0.0.1'), port: 80, onConnection: connection => connection.close() })
  const outcomes = [request(left.machine, '127.0.0.1', 80), request(left.machine, '192.168.64.11', 80)]
  world.advance(100)
  expect(outcomes.map(each => each.answer)).toEqual(['', 'ECONNREFUSED'])
})

test('sockets are listed with their states', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  one.sockets.bindUdp({ port: 53, onDatagram: () => {} })
  one.sockets.openIcmp({ id: 9, onReply: () => {} })
  one.sockets.connectTcp({
    address: ip('10.244.2.2'),
    port: 8080,
    localPort: 1234,
    onOpen: () => {},
    onError: () => {},
  })
  expect(lines(one)).toEqual([
    'tcp SYN-SENT 10.244.1.2:1234 10.244.2.2:8080',
    'udp UNCONN 0.0.0.0:53 0.0.0.0:0',
    'icmp UNCONN 0.0.0.0:9 0.0.0.0:0',
  ])
  world.advance(10)
  expect(lines(one)[0]).toBe('tcp ESTAB 10.244.1.2:1234 10.244.2.2:8080')
  expect(lines(two)).toEqual(['tcp LISTEN 0.0.0.0:8080 0.0.0.0:0', 'tcp ESTAB 10.244.2.2:8080 10.244.1.2:1234'])
})

test('a port that is given must be free; the others are chosen from the local range', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  const connect = (localPort?: number) =>
    one.sockets.connectTcp({
      address: ip('10.244.1.1'),
      port: 9,
      ...(localPort !== undefined && { localPort }),
      onOpen: () => {},
      onError: () => {},
    })
  connect(5000)
  expect(() => connect(5000)).toThrow('EADDRINUSE')
  const { port } = connect().local
  expect(port).toBeGreaterThanOrEqual(32768)
  expect(port).toBeLessThanOrEqual(60999)
  world.advance(100)
  expect(connect(5000).local.port).toBe(5000)
})

test('without a way to the address a connection fails at once: the network is unreachable', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  one.routes.remove({ destination: { address: 0, length: 0 } })
  const outcome = request(one, '10.9.9.9', 80)
  world.advance(0)
  expect(outcome.answer).toBe('ENETUNREACH')
  const socket = one.sockets.bindUdp({ port: 0, onDatagram: () => {} })
  expect(() => socket.sendTo(new Uint8Array(1), ip('10.9.9.9'), 53)).toThrow('ENETUNREACH')
})

test('datagrams carry both addresses, and answers come from the one that was asked', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  const heard: string[] = []
  const server = two.sockets.bindUdp({
    port: 7,
    onDatagram: ({ bytes, source, destination }) => {
      heard.push(`${formatIpv4(destination.address)} ${bytes.length}`)
      server.sendTo(bytes, source.address, source.port)
    },
  })
  const client = one.sockets.bindUdp({
    port: 0,
    onDatagram: ({ bytes, source, ttl }) =>
      heard.push(`${formatIpv4(source.address)}:${source.port} ${bytes.length} ttl ${ttl}`),
  })
  client.sendTo(new Uint8Array(12), ip('10.244.2.2'), 7)
  world.advance(100)
  expect(heard).toEqual(['10.244.2.2 12', '10.244.2.2:7 12 ttl 62'])
})

test('a box bound to an interface uses only routes by it', () => {
  const { world, left } = twoNodes()
  const socket = left.machine.sockets.openIcmp({ onReply: () => {}, interface: 'br0' })
  expect(() => socket.sendEcho({ destination: ip('192.168.64.12'), sequence: 1 })).toThrow('ENETUNREACH')
  world.advance(10)
})

test('a namespace that is taken down leaves its peers to their timers', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  two.remove()
  const outcome = request(one, '10.244.2.2', 8080)
  world.advance(10_000)
  expect(outcome.answer).toBe('EHOSTUNREACH')
  expect(world.network.namespaces.includes(two)).toBe(false)
  expect(right.machine.interface('veth1')).toBeUndefined()
})
