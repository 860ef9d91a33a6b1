import { expect, test } from 'vitest'
import { print } from './print.ts'
import { balance, capture, ip, ping, prefix, request, serve, twoNodes } from './world.ts'

const openings = /\[S\.?\]/

test('boxes on one bridge speak directly: the bridge shows the frames, the tunnel does not', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  serve(two, 8080)
  const bridge = capture(left.machine, 'br0', /./)
  const tunnel = capture(left.machine, 'vx0', /./)
  const outcome = request(one, '10.244.1.3', 8080, 40001)
  world.advance(1000)
  expect(outcome.answer).toBe('two')
  expect(tunnel).toEqual([])
  expect(bridge.map(line => line.replace(/is-at .*/, 'is-at MAC'))).toEqual([
    'ARP who-has 10.244.1.3 tell 10.244.1.2',
    'ARP 10.244.1.3 is-at MAC',
    'IP 10.244.1.2.40001 > 10.244.1.3.8080: [S] 0',
    'IP 10.244.1.3.8080 > 10.244.1.2.40001: [S.] 0',
    'IP 10.244.1.2.40001 > 10.244.1.3.8080: [.] 0',
    'IP 10.244.1.2.40001 > 10.244.1.3.8080: [P.] 5',
    'IP 10.244.1.3.8080 > 10.244.1.2.40001: [.] 0',
    'IP 10.244.1.3.8080 > 10.244.1.2.40001: [P.] 3',
    'IP 10.244.1.3.8080 > 10.244.1.2.40001: [F.] 0',
    'IP 10.244.1.2.40001 > 10.244.1.3.8080: [.] 0',
    'IP 10.244.1.2.40001 > 10.244.1.3.8080: [F.] 0',
    'IP 10.244.1.3.8080 > 10.244.1.2.40001: [.] 0',
  ])
})

test('boxes on two machines speak through the tunnel, wrapped in UDP on the LAN', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  const lines = [left.bridge, left.tunnel, left.machine.interface('eth0')!].map(device =>
    capture(left.machine, device.name),
  )
  const far = [capture(right.machine, 'vx0', openings), capture(right.machine, 'br0', openings)]
  const outcome = request(one, '10.244.2.2', 8080, 40002)
  world.advance(1000)
  expect(outcome.answer).toBe('two')
  const handshake = ['IP 10.244.1.2.40002 > 10.244.2.2.8080: [S] 0', 'IP 10.244.2.2.8080 > 10.244.1.2.40002: [S.] 0']
  expect(lines[0]!.slice(0, 2)).toEqual(handshake)
  expect(lines[1]!.slice(0, 2)).toEqual(handshake)
  expect(far).toEqual([handshake, handshake])
  expect(lines[2]!.slice(0, 2).map(line => line.replace(/\.\d+ >/, '.PORT >'))).toEqual([
    'IP 192.168.64.11.PORT > 192.168.64.12.8472: UDP, length 82',
    'IP 192.168.64.12.PORT > 192.168.64.11.8472: UDP, length 82',
  ])
})

test('a balanced address is already replaced where the bridge shows the question, and back where it shows the answer', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  const bridge = capture(left.machine, 'br0', openings)
  const cable = capture(left.machine, 'veth1', openings)
  const tunnel = capture(left.machine, 'vx0', openings)
  const outcome = request(one, '10.96.0.10', 80, 41001)
  world.advance(1000)
  expect(outcome.answer).toBe('two')
  expect(cable).toEqual(['IP 10.244.1.2.41001 > 10.96.0.10.80: [S] 0', 'IP 10.96.0.10.80 > 10.244.1.2.41001: [S.] 0'])
  expect(bridge).toEqual([
    'IP 10.244.1.2.41001 > 10.244.2.2.8080: [S] 0',
    'IP 10.96.0.10.80 > 10.244.1.2.41001: [S.] 0',
  ])
  expect(tunnel).toEqual([
    'IP 10.244.1.2.41001 > 10.244.2.2.8080: [S] 0',
    'IP 10.244.2.2.8080 > 10.244.1.2.41001: [S.] 0',
  ])
})

test('without bridge-nf the bridge shows the balanced address, and an answer from the same bridge comes from a stranger', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.1.3'])
  left.machine.sysctl.set('net.bridge.bridge-nf-call-iptables', '0')
  const bridge = capture(left.machine, 'br0', /\[[SR]/)
  const outcome = request(one, '10.96.0.10', 80, 41001)
  world.advance(500)
  expect(outcome.answer).toBe('')
  expect(bridge).toEqual([
    'IP 10.244.1.2.41001 > 10.96.0.10.80: [S] 0',
    'IP 10.244.1.2.41001 > 10.244.1.3.8080: [S] 0',
    'IP 10.244.1.3.8080 > 10.244.1.2.41001: [S.] 0',
    'IP 10.244.1.2.41001 > 10.244.1.3.8080: [R] 0',
  ])
})

test('with bridge-nf the same answer passes netfilter on the bridge and is put right', () => {
  const { world, left } = twoNodes()
  const [one, two] = [left.box('one'), left.box('two')]
  serve(two, 8080)
  balance(left, ['10.244.1.3'])
  const outcome = request(one, '10.96.0.10', 80)
  world.advance(500)
  expect(outcome.answer).toBe('two')
})

test('a box that reaches itself by a balanced address comes back by the port it left by, masqueraded', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  serve(one, 8080)
  balance(left, ['10.244.1.2'])
  const bridge = capture(left.machine, 'br0', openings)
  const cable = capture(left.machine, 'veth1', openings)
  const outcome = request(one, '10.96.0.10', 80, 41009)
  world.advance(500)
  expect(outcome.answer).toBe('one')
  // The neighbour is not confirmed yet, so each frame is handed to the bridge device as well (br_nf_dev_xmit).
  expect(bridge).toEqual([
    'IP 10.244.1.2.41009 > 10.244.1.2.8080: [S] 0',
    'IP 10.244.1.2.41009 > 10.244.1.2.8080: [S] 0',
    'IP 10.244.1.2.8080 > 10.244.1.2.41009: [S.] 0',
    'IP 10.244.1.2.8080 > 10.244.1.2.41009: [S.] 0',
  ])
  expect(cable.map(line => line.replace(/10\.244\.1\.1\.\d+/, '10.244.1.1.PORT'))).toEqual([
    'IP 10.244.1.2.41009 > 10.96.0.10.80: [S] 0',
    'IP 10.244.1.1.PORT > 10.244.1.2.8080: [S] 0',
    'IP 10.244.1.2.8080 > 10.244.1.1.PORT: [S.] 0',
    'IP 10.96.0.10.80 > 10.244.1.2.41009: [S.] 0',
  ])
})

test('once the neighbour is confirmed the bridge redirects by itself, and each frame is seen once', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  serve(one, 8080)
  balance(left, ['10.244.1.2'])
  ping(left.machine, '10.244.1.2')
  world.advance(10)
  const bridge = capture(left.machine, 'br0', openings)
  request(one, '10.96.0.10', 80, 41009)
  world.advance(500)
  expect(bridge).toHaveLength(2)
})

test('a packet that is translated and then rejected is reported with the address that its sender knows', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  balance(left, ['10.244.2.2'])
  left.machine.netfilter.restore('*filter\n-A FORWARD -d 10.244.2.2/32 -j REJECT\nCOMMIT\n')
  const cable = capture(one, 'eth0')
  const outcome = request(one, '10.96.0.10', 80, 41006)
  world.advance(500)
  expect(outcome.answer).toBe('ECONNREFUSED')
  expect(cable[1]).toBe('IP 10.96.0.10 > 10.244.1.2: ICMP 10.96.0.10 tcp port 80 unreachable, length 68')
})

test('without hairpin a frame never leaves by the port it came in by', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.machine.interface('veth1')!.port.hairpin = false
  serve(one, 8080)
  balance(left, ['10.244.1.2'])
  const outcome = request(one, '10.96.0.10', 80)
  world.advance(2500)
  expect(outcome.answer).toBe('')
})

test('REJECT answers from the address of the bridge with the whole first segment inside', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.machine.netfilter.restore(
    '*filter\n-A FORWARD -d 10.96.0.99/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n',
  )
  const bridge = capture(left.machine, 'br0')
  const outcome = request(one, '10.96.0.99', 80, 41006)
  world.advance(500)
  expect(outcome).toMatchObject({ answer: 'ECONNREFUSED', endedAt: 0 })
  expect(bridge).toEqual([
    'IP 10.244.1.2.41006 > 10.96.0.99.80: [S] 0',
    'IP 10.244.1.1 > 10.244.1.2: ICMP 10.96.0.99 tcp port 80 unreachable, length 68',
  ])
})

test('REJECT with tcp-reset breaks the handshake off', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.machine.netfilter.restore('*filter\n-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\nCOMMIT\n')
  const bridge = capture(left.machine, 'br0')
  const outcome = request(one, '10.244.2.9', 80, 41006)
  world.advance(500)
  expect(outcome.answer).toBe('ECONNREFUSED')
  expect(bridge).toEqual(['IP 10.244.1.2.41006 > 10.244.2.9.80: [S] 0', 'IP 10.244.2.9.80 > 10.244.1.2.41006: [R.] 0'])
})

test('a port that nobody listens on refuses; DROP lets the caller wait', () => {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  const refused = request(one, '10.244.2.2', 9999)
  world.advance(100)
  expect(refused.answer).toBe('ECONNREFUSED')
  two.netfilter.restore('*filter\n:INPUT DROP [0:0]\nCOMMIT\n')
  const tries = capture(one, 'eth0', /\[S\]/)
  const dropped = request(one, '10.244.2.2', 9999)
  const { now } = world.clock
  world.advance(126_000)
  expect(dropped.answer).toBe('')
  expect(tries).toHaveLength(7)
  world.advance(2000)
  expect(dropped).toMatchObject({ answer: 'ETIMEDOUT', endedAt: now + 127_000 })
})

test('each router on the way tells when the time to live runs out', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  const answers = [1, 2, 3].map(ttl => ping(one, '10.244.2.2', { ttl }))
  world.advance(100)
  expect(answers.map(each => each.answer)).toEqual([
    'EHOSTUNREACH from 10.244.1.1',
    'EHOSTUNREACH from 10.244.2.0',
    'reply',
  ])
  expect(answers[2]!.ttl).toBe(62)
})

test('an ICMP error about a translated packet is translated back, inside and outside', () => {
  const { world, workstation, left } = twoNodes()
  const one = left.box('one')
  left.machine.netfilter.restore('*nat\n-A POSTROUTING -o eth0 -j MASQUERADE --random-fully\nCOMMIT\n')
  const cable = capture(one, 'eth0')
  const lan = capture(left.machine, 'eth0')
  const socket = one.sockets.bindUdp({
    port: 5000,
    onDatagram: () => {},
    onError: fault => errors.push(fault.code),
  })
  const errors: string[] = []
  socket.sendTo(new Uint8Array(10), ip('192.168.64.1'), 9)
  world.advance(100)
  expect(workstation.isLocal(ip('192.168.64.1'))).toBe(true)
  expect(errors).toEqual(['ECONNREFUSED'])
  expect(cable).toEqual([
    'IP 10.244.1.2.5000 > 192.168.64.1.9: UDP, length 10',
    'IP 192.168.64.1 > 10.244.1.2: ICMP 192.168.64.1 udp port 9 unreachable, length 46',
  ])
  expect(lan[0]).toMatch(/^IP 192\.168\.64\.11\.\d+ > 192\.168\.64\.1\.9: UDP, length 10$/)
  expect(lan[0]).not.toContain('.5000 ')
  expect(lan[1]).toBe('IP 192.168.64.1 > 192.168.64.11: ICMP 192.168.64.1 udp port 9 unreachable, length 46')
})

test('MASQUERADE --random-fully gives an echo request another id on the LAN and its own one back', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  left.machine.netfilter.restore(
    '*nat\n-A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE --random-fully\nCOMMIT\n',
  )
  const bridge = capture(left.machine, 'br0')
  const lan = capture(left.machine, 'eth0')
  const outcome = ping(one, '192.168.64.1', { id: 79 })
  world.advance(100)
  expect(outcome.answer).toBe('reply')
  expect(bridge).toEqual([
    'IP 10.244.1.2 > 192.168.64.1: ICMP echo request, id 79, seq 1, length 64',
    'IP 192.168.64.1 > 10.244.1.2: ICMP echo reply, id 79, seq 1, length 64',
  ])
  const id = /id (\d+)/.exec(lan[0]!)![1]
  expect(id).not.toBe('79')
  expect(lan).toEqual([
    `IP 192.168.64.11 > 192.168.64.1: ICMP echo request, id ${id}, seq 1, length 64`,
    `IP 192.168.64.1 > 192.168.64.11: ICMP echo reply, id ${id}, seq 1, length 64`,
  ])
})

test('a machine reaches a balanced address itself, masqueraded behind its tunnel', () => {
  const { world, left, right } = twoNodes()
  const two = right.box('two')
  serve(two, 8080)
  balance(left, ['10.244.2.2'])
  const tunnel = capture(left.machine, 'vx0', openings)
  const outcome = request(left.machine, '10.96.0.10', 80)
  world.advance(100)
  expect(outcome.answer).toBe('two')
  expect(tunnel[0]).toMatch(/^IP 10\.244\.1\.0\.\d+ > 10\.244\.2\.2\.8080: \[S\] 0$/)
})

test('a port on 127.0.0.1 leads to a box only when loopback addresses may leave', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  serve(one, 8080)
  left.machine.netfilter.restore(
    [
      '*nat',
      '-A OUTPUT -m addrtype --dst-type LOCAL -p tcp -m tcp --dport 30081 -j DNAT --to-destination 10.244.1.2:8080',
      '-A POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE',
      'COMMIT',
      '',
    ].join('\n'),
  )
  const before = request(left.machine, '127.0.0.1', 30081)
  world.advance(500)
  expect(before.answer).toBe('')
  left.machine.sysctl.set('net.ipv4.conf.all.route_localnet', '1')
  const after = request(left.machine, '127.0.0.1', 30081)
  world.advance(500)
  expect(after.answer).toBe('one')
})

test('a packet that is too long for the way is cut when it may be, and refused with the size when not', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  const wire = capture(one, 'eth0')
  const long = ping(one, '10.244.2.2', { size: 3000 })
  world.advance(100)
  expect(long.answer).toBe('reply')
  expect(wire).toEqual([
    'IP 10.244.1.2 > 10.244.2.2: fragment 1424',
    'IP 10.244.1.2 > 10.244.2.2: fragment 1424',
    'IP 10.244.1.2 > 10.244.2.2: fragment 160',
    'IP 10.244.2.2 > 10.244.1.2: fragment 1424',
    'IP 10.244.2.2 > 10.244.1.2: fragment 1424',
    'IP 10.244.2.2 > 10.244.1.2: fragment 160',
  ])
  right.machine.interface('br0')!.mtu = 1000
  const errors: string[] = []
  const socket = one.sockets.openIcmp({
    onReply: () => errors.push('reply'),
    onError: ({ code, message }) => errors.push(`${code} mtu ${message.mtu}`),
  })
  socket.sendEcho({ destination: ip('10.244.2.2'), sequence: 1, size: 1200, dontFragment: true })
  world.advance(100)
  expect(errors).toEqual(['EMSGSIZE mtu 1000'])
  expect(() => socket.sendEcho({ destination: ip('10.244.2.2'), sequence: 2, size: 1200, dontFragment: true })).toThrow(
    'EMSGSIZE',
  )
})

test('nobody answers for an address on the link: after three questions the sender hears that the host is unreachable', () => {
  const { world, left } = twoNodes()
  const one = left.box('one')
  const questions: string[] = []
  one.interface('eth0')!.capture((frame, direction) => {
    if (direction === 'out') questions.push(print(frame))
  })
  const outcome = ping(one, '10.244.1.77')
  const attempt = request(one, '10.244.1.78', 80)
  world.advance(2_900)
  expect([outcome.answer, attempt.answer]).toEqual(['', ''])
  world.advance(200)
  expect(outcome.answer).toBe('EHOSTUNREACH from 10.244.1.2')
  expect(attempt).toMatchObject({ answer: 'EHOSTUNREACH', endedAt: 3_000 })
  expect(questions).toHaveLength(6)
})

test('a neighbour that a router cannot find is reported to the sender by the router', () => {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  right.box('two')
  const outcome = ping(one, '10.244.2.77')
  world.advance(3_500)
  expect(outcome.answer).toBe('EHOSTUNREACH from 10.244.2.0')
})

test('two machines may use the same range on their bridges: each box finds the neighbour on its own', () => {
  const { world, left, right } = twoNodes()
  for (const node of [left, right]) node.bridge.addAddress(prefix('10.9.0.1/24'))
  const boxes = [left, right].flatMap(node => {
    const [client, server] = [node.box(`${node.machine.machine} client`), node.box(`${node.machine.machine} server`)]
    client.interface('eth0')!.addAddress(prefix('10.9.0.2/24'))
    server.interface('eth0')!.addAddress(prefix('10.9.0.3/24'))
    serve(server, 8080)
    return [client]
  })
  const outcomes = boxes.map(client => request(client, '10.9.0.3', 8080))
  world.advance(100)
  expect(outcomes.map(each => each.answer)).toEqual(['left server', 'right server'])
})
