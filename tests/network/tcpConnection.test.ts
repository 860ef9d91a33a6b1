import { expect, test } from 'vitest'
import type { NetworkNamespace } from '#simulator/network/namespace.ts'
import type { SocketErrorCode } from '#simulator/network/socketError.ts'
import type { TcpConnection } from '#simulator/network/tcpConnection.ts'
import { print } from './print.ts'
import { capture, ip, request, serve, twoNodes } from './world.ts'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const bytes = (words: string) => new TextEncoder().encode(words)

/** Two boxes on two machines, and a connection between them; `server` is there once the handshake is done. */
function connected(): ReturnType<typeof twoNodes> & {
  one: NetworkNamespace
  two: NetworkNamespace
  client: TcpConnection
  server: TcpConnection
} {
  const setting = twoNodes()
  const [one, two] = [setting.left.box('one'), setting.right.box('two')]
  const accepted: TcpConnection[] = []
  two.sockets.listenTcp({ port: 8080, onConnection: connection => accepted.push(connection) })
  const client = one.sockets.connectTcp({
    address: ip('10.244.2.2'),
    port: 8080,
    localPort: 40000,
    onOpen: () => {},
    onError: () => {},
  })
  setting.world.advance(10)
  return { ...setting, one, two, client, server: accepted[0]! }
}

test('callbacks come later, never from within the call', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  const heard: string[] = []
  one.sockets.connectTcp({
    address: ip('127.0.0.1'),
    port: 1,
    onOpen: () => heard.push('open'),
    onError: code => heard.push(code),
  })
  expect(heard).toEqual([])
  world.advance(0)
  expect(heard).toEqual(['ECONNREFUSED'])
})

test('once the way turns out to be narrower, everything on its way is sent again at once, in shorter segments', () => {
  const { world, left, client, server } = connected()
  left.tunnel.mtu = 1000
  let received = 0
  server.onData = data => {
    received += data.length
  }
  client.send(new Uint8Array(60_000))
  world.advance(100)
  expect(received).toBe(60_000)
})

test('data arrive whole and in order, in segments that fit the way', () => {
  const { world, client, server, one } = connected()
  const sizes: number[] = []
  one.interface('eth0')!.capture((frame, direction) => {
    const length = /\[[P.]+\] (\d+)$/.exec(print(frame))
    if (direction === 'out' && length && length[1] !== '0') sizes.push(Number(length[1]))
  })
  const big = Uint8Array.from({ length: 5000 }, (_, i) => i % 251)
  const received: number[] = []
  server.onData = data => received.push(...data)
  client.send(big)
  world.advance(100)
  expect(received).toEqual([...big])
  expect(sizes).toEqual([1398, 1398, 1398, 806])
})

test('a million bytes pass without waiting for a timer', () => {
  const { world, client, server } = connected()
  let received = 0
  server.onData = data => {
    received += data.length
  }
  client.send(new Uint8Array(1_000_000))
  world.advance(1)
  expect(received).toBe(1_000_000)
})

test('data wait for a program that listens late', () => {
  const { world, client, server } = connected()
  client.send(bytes('hello '))
  client.send(bytes('world'))
  world.advance(100)
  expect(server.unread).toBe(11)
  let heard = ''
  server.onData = data => {
    heard += text(data)
  }
  expect([heard, server.unread]).toEqual(['hello world', 0])
})

test('a program that does not read shuts the window; the rest comes when it reads again', () => {
  const { world, client, server } = connected()
  let received = 0
  server.onData = data => {
    received += data.length
  }
  server.pause()
  client.send(new Uint8Array(200_000))
  world.advance(1_000)
  expect(server.unread).toBeGreaterThan(60_000)
  expect(server.unread).toBeLessThan(66_000)
  expect(client.unacknowledged).toBe(200_000 - server.unread)
  server.resume()
  world.advance(1_000)
  expect([received, client.unacknowledged]).toEqual([200_000, 0])
})

test('a window that opened while nobody could hear it is found by asking', () => {
  const { world, client, server } = connected()
  let received = 0
  server.onData = data => {
    received += data.length
  }
  server.pause()
  client.send(new Uint8Array(100_000))
  world.advance(1_000)
  const cable = world.lan.interface('right')!
  cable.down()
  server.resume()
  world.advance(10)
  cable.up()
  world.advance(120_000)
  expect(received).toBe(100_000)
})

test('a new handshake may come from the port of a connection that waits out its minute', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  request(one, '10.244.2.2', 8080, 5000)
  world.advance(100)
  expect(two.sockets.list().map(({ state }) => state)).toEqual(['LISTEN', 'TIME-WAIT'])
  const again = request(one, '10.244.2.2', 8080, 5000)
  world.advance(100)
  expect(again.answer).toBe('two')
})

test('each side closes for itself; who closed first waits a minute', () => {
  const { world, client, server } = connected()
  const heard: string[] = []
  server.onEnd = () => heard.push('server: end')
  server.onClose = error => heard.push(`server: closed ${error}`)
  client.onEnd = () => heard.push('client: end')
  client.onClose = error => heard.push(`client: closed ${error}`)
  client.end()
  world.advance(50)
  expect([client.state, server.state]).toEqual(['FIN_WAIT2', 'CLOSE_WAIT'])
  expect(() => client.send(bytes('x'))).toThrow('EPIPE')
  server.send(bytes('goodbye'))
  server.close()
  world.advance(50)
  expect([client.state, server.state]).toEqual(['TIME_WAIT', 'CLOSED'])
  expect(heard).toEqual(['server: end', 'client: closed undefined', 'client: end', 'server: closed undefined'])
  world.advance(60_000)
  expect(client.state).toBe('CLOSED')
})

test('a FIN that is not answered in kind is acknowledged after 40 ms', () => {
  const { world, client, one } = connected()
  const wire = capture(one, 'eth0')
  client.end()
  world.advance(39)
  expect(wire).toEqual(['IP 10.244.1.2.40000 > 10.244.2.2.8080: [F.] 0'])
  world.advance(2)
  expect(wire).toHaveLength(2)
})

test('who gives a socket up with data unread resets the connection', () => {
  const { world, client, server } = connected()
  let error: SocketErrorCode | undefined
  client.onClose = code => {
    error = code
  }
  client.send(bytes('nobody reads this'))
  world.advance(10)
  server.close()
  world.advance(10)
  expect([error, client.state]).toEqual(['ECONNRESET', 'CLOSED'])
})

test('data for a socket that was given up are answered with a reset', () => {
  const { world, client, server } = connected()
  const errors: unknown[] = []
  server.onClose = code => errors.push(code)
  client.close()
  world.advance(100)
  server.send(bytes('too late'))
  world.advance(100)
  expect(errors).toEqual(['EPIPE'])
})

test('lost segments are sent again', () => {
  const { world, client, server, right } = connected()
  right.machine.netfilter.restore(
    '*filter\n-A FORWARD -p tcp -m statistic --mode random --probability 0.2 -j DROP\nCOMMIT\n',
  )
  let received = ''
  server.onData = data => {
    received += text(data)
  }
  const words = Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join('')
  client.send(bytes(words))
  world.advance(600_000)
  expect(received).toBe(words)
})

test('an open connection that hears nothing gives up after fifteen repetitions', () => {
  const { world, client, right, one } = connected()
  const errors: unknown[] = []
  client.onClose = code => errors.push(code)
  right.machine.interface('br0')!.down()
  const wire = capture(one, 'eth0', /\[P\.\]/)
  client.send(bytes('x'))
  world.advance(920_000)
  expect(errors).toEqual([])
  world.advance(20_000)
  expect(errors).toEqual(['ETIMEDOUT'])
  expect(wire).toHaveLength(16)
})

test('an ICMP error ends a handshake and leaves an open connection alone', () => {
  const { world, client, one, right } = connected()
  const reject = '*filter\n-A FORWARD -d 10.244.2.2 -j REJECT --reject-with icmp-host-unreachable\nCOMMIT\n'
  right.machine.netfilter.restore(reject)
  client.send(bytes('x'))
  const attempt = request(one, '10.244.2.2', 9)
  world.advance(1_000)
  expect([client.state, attempt.answer]).toEqual(['ESTABLISHED', 'EHOSTUNREACH'])
})

test('abort resets at once', () => {
  const { world, client, server, one } = connected()
  const wire = capture(one, 'eth0', /\[R/)
  let error: SocketErrorCode | undefined
  server.onClose = code => {
    error = code
  }
  client.abort()
  world.advance(10)
  expect([client.state, error, wire.length]).toEqual(['CLOSED', 'ECONNRESET', 1])
})

test('both ends of a connection within one machine speak over lo', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  serve(one, 8080)
  const wire = capture(one, 'lo')
  const [own, local] = [request(one, '10.244.1.2', 8080), request(one, '127.0.0.1', 8080)]
  world.advance(100)
  expect([own.answer, local.answer]).toEqual(['one', 'one'])
  expect(wire.length).toBeGreaterThan(18)
})

test('a segment for a connection that nobody knows is reset', () => {
  const { world, client, two, server } = connected()
  two.sockets.forget(server)
  let error: SocketErrorCode | undefined
  client.onClose = code => {
    error = code
  }
  client.send(bytes('x'))
  world.advance(10)
  expect(error).toBe('ECONNRESET')
})
