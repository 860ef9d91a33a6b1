import { expect, test } from 'vitest'
import { curl } from '#simulator/machine/programs/curl.ts'
import { ping } from '#simulator/machine/programs/ping.ts'
import { tcpdump } from '#simulator/machine/programs/tcpdump.ts'
import { parseIpv4 } from '#simulator/network/address.ts'
import { NetLab, namedLab, webServer } from './netLab.ts'

async function capture(words: string[], action: (lab: Awaited<ReturnType<typeof namedLab>>) => Promise<unknown>) {
  const world = await namedLab()
  world.lab.start(world.two, webServer())
  await world.lab.advance(5)
  const run = world.lab.start(world.one, tcpdump, ...words)
  await world.lab.advance(5)
  await action(world)
  run.process.kill('SIGINT')
  await world.lab.advance(5)
  return run
}

const masked = (text: string) => text.replace(/\.\d{5} >/g, '.PORT >').replace(/\.\d{5}:/g, '.PORT:')

test('a connection, quietly', async () => {
  const run = await capture(['-nqt', 'port', '80'], ({ lab, one }) => lab.run(one, curl, '-s', '10.0.0.2'))
  expect(masked(run.stdout)).toBe(`IP 10.0.0.1.PORT > 10.0.0.2.80: tcp 0
IP 10.0.0.2.80 > 10.0.0.1.PORT: tcp 0
IP 10.0.0.1.PORT > 10.0.0.2.80: tcp 0
IP 10.0.0.1.PORT > 10.0.0.2.80: tcp 72
IP 10.0.0.2.80 > 10.0.0.1.PORT: tcp 0
IP 10.0.0.2.80 > 10.0.0.1.PORT: tcp 70
IP 10.0.0.1.PORT > 10.0.0.2.80: tcp 0
IP 10.0.0.1.PORT > 10.0.0.2.80: tcp 0
IP 10.0.0.2.80 > 10.0.0.1.PORT: tcp 0
IP 10.0.0.1.PORT > 10.0.0.2.80: tcp 0

`)
  expect(run.stderr).toBe(`tcpdump: verbose output suppressed, use -v[v]... for full protocol decode
listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
10 packets captured
10 packets received by filter
0 packets dropped by kernel
`)
})

test('flags, relative numbers and the first line of a request', async () => {
  const run = await capture(['-nt', 'tcp', 'and', 'dst', 'port', '80'], ({ lab, one }) =>
    lab.run(one, curl, '-s', '10.0.0.2/a'),
  )
  const lines = masked(run.stdout)
    .replace(/TS val \d+ ecr \d+/g, 'TS')
    .split('\n')
  expect(lines[0]).toMatch(
    /^IP 10\.0\.0\.1\.PORT > 10\.0\.0\.2\.80: Flags \[S\], seq \d+, win 64240, options \[mss 1460,sackOK,TS,nop,wscale 7\], length 0$/,
  )
  expect(lines[2]).toBe(
    'IP 10.0.0.1.PORT > 10.0.0.2.80: Flags [P.], seq 0:73, ack 1, win 502, options [nop,nop,TS], length 73: HTTP: GET /a HTTP/1.1',
  )
})

test('-c ends after so many packets, without an empty line', async () => {
  const run = await capture(['-nqt', '-c', '1', 'icmp'], ({ lab, one }) => lab.run(one, ping, '-c', '1', '10.0.0.2'))
  expect(run.stdout).toMatch(/^IP 10\.0\.0\.1 > 10\.0\.0\.2: ICMP echo request, id \d+, seq 1, length 64\n$/)
})

test('DNS questions and answers are read', async () => {
  const run = await capture(['-nt', 'udp', 'port', '53'], ({ lab, one }) => lab.run(one, ping, '-nc', '1', 'web'))
  expect(
    masked(run.stdout).replace(/: \d+/g, ': ID'),
  ).toBe(`IP 10.0.0.1.PORT > 10.0.0.3.53: ID+ A? web.default.svc.cluster.local. (47)
IP 10.0.0.1.PORT > 10.0.0.3.53: ID+ AAAA? web.default.svc.cluster.local. (47)
IP 10.0.0.3.53 > 10.0.0.1.PORT: ID*- 1/0/0 A 10.0.0.2 (63)
IP 10.0.0.3.53 > 10.0.0.1.PORT: ID*- 0/0/0 (47)

`)
})

test('-e shows Ethernet addresses, ARP its questions', async () => {
  const run = await capture(['-net', 'arp'], ({ lab, one }) => lab.run(one, ping, '-c', '1', '10.0.0.2'))
  expect(
    run.stdout.replace(/([\da-f]{2}:){5}[\da-f]{2}/g, 'MAC'),
  ).toBe(`MAC > MAC, ethertype ARP (0x0806), length 42: Request who-has 10.0.0.2 tell 10.0.0.1, length 28
MAC > MAC, ethertype ARP (0x0806), length 42: Reply 10.0.0.2 is-at MAC, length 28

`)
})

test('-i any names the interface and the direction', async () => {
  const run = await capture(['-nqt', '-i', 'any', 'icmp'], async ({ lab, one }) => {
    await lab.run(one, ping, '-c', '1', '10.0.0.2')
    await lab.run(one, ping, '-c', '1', '127.0.0.1')
  })
  expect(
    run.stdout.replace(/id \d+/g, 'id N'),
  ).toBe(`eth0  Out IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id N, seq 1, length 64
eth0  In  IP 10.0.0.2 > 10.0.0.1: ICMP echo reply, id N, seq 1, length 64
lo    In  IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id N, seq 1, length 64
lo    In  IP 127.0.0.1 > 127.0.0.1: ICMP echo reply, id N, seq 1, length 64

`)
})

test('-i any marks what comes in for the Ethernet address of someone else: a port of a bridge gets that', async () => {
  const run = await capture(['-nqt', '-i', 'any', 'icmp'], async ({ lab, one }) => {
    const port = one.network.interface('eth0')!
    const forget = port.capture((frame, direction) => {
      if (frame.payload.kind !== 'ipv4' || direction !== 'out') return
      forget()
      port.hear({ ...frame, destination: '02:00:00:00:00:99' }, 'in')
    })
    await lab.run(one, ping, '-c', '1', '10.0.0.2')
  })
  expect(run.stdout).toMatch(/^eth0 {2}P {3}IP 10\.0\.0\.1 > 10\.0\.0\.2: ICMP echo request/m)
})

test('without -n addresses and ports have names', async () => {
  const run = await capture(
    ['-qt', 'dst', 'host', 'web', 'and', 'tcp[tcpflags]', '&', 'tcp-syn', '!=', '0'],
    ({ lab, one }) => lab.run(one, curl, '-s', '10.0.0.2'),
  )
  expect(masked(run.stdout)).toBe('IP 10.0.0.1.PORT > web.default.svc.cluster.local.http: tcp 0\n\n')
})

test('output that is not for a terminal is held back until it is much, or -l is given', async () => {
  const world = await namedLab()
  const held = world.lab.start(world.one, tcpdump, '-nqt', 'icmp')
  const live = world.lab.start(world.one, tcpdump, '-nqtl', 'icmp')
  await world.lab.advance(5)
  await world.lab.run(world.one, ping, '-c', '1', '10.0.0.2')
  expect(held.stdout).toBe('')
  expect(live.stdout.split('\n')).toHaveLength(3)
})

test.each([
  [['foo', 'bar'], "! tcpdump: can't parse filter expression: syntax error\n? 1\n"],
  [['host', 'nope'], "! tcpdump: unknown host 'nope'\n? 1\n"],
  [['-i', 'eth9'], '! tcpdump: eth9: No such device exists\n! (No such device exists)\n? 1\n'],
  [['-w', 'file'], '! tcpdump: option -w is not simulated here\n? 1\n'],
])('it refuses %j', async (words, transcript) => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, tcpdump, ...words)).transcript).toBe(transcript)
})

test('-D lists the interfaces', async () => {
  const lab = new NetLab()
  const run = await lab.run(lab.machine('one', '10.0.0.1'), tcpdump, '-D')
  expect(run.stdout).toBe(
    '1.eth0 [Up, Running, Connected]\n2.any (Pseudo-device that captures on all interfaces) [Up, Running]\n3.lo [Up, Running, Loopback]\n',
  )
})

test('of the pieces of a packet only the first has ports and types, and tells its own length', async () => {
  const run = await capture(['-nt', 'icmp', 'and', 'src', '10.0.0.1'], ({ lab, one }) =>
    lab.run(one, ping, '-c', '1', '-s', '3000', '10.0.0.2'),
  )
  expect(run.stdout.replace(/id \d+/, 'id N')).toBe(`IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id N, seq 1, length 1480
IP 10.0.0.1 > 10.0.0.2: ip-proto-1
IP 10.0.0.1 > 10.0.0.2: ip-proto-1

`)
})

test('a datagram in pieces is longer than its first piece', async () => {
  const run = await capture(['-nt', '-c', '1', 'udp'], async ({ lab, one }) => {
    const socket = one.network.sockets.bindUdp({ port: 5000, onDatagram: () => {} })
    socket.sendTo(new Uint8Array(2000), parseIpv4('10.0.0.2')!, 6000)
    await lab.advance(5)
  })
  expect(run.stdout).toBe('IP 10.0.0.1.5000 > 10.0.0.2.6000: UDP, bad length 2000 > 1472\n')
})

test('a packet in a packet, on the wire and on the tunnel that it came by', async () => {
  const run = await capture(['-nt', '-i', 'any', 'proto', '4', 'or', 'icmp'], async ({ lab, one, two }) => {
    for (const [machine, local, inner] of [
      [one, '10.0.0.1', '10.9.0.1'],
      [two, '10.0.0.2', '10.9.0.2'],
    ] as const) {
      const tunnel = machine.network.addIpip('tunl0', parseIpv4(local)!)
      tunnel.addAddress({ address: parseIpv4(inner)!, length: 32 })
      tunnel.up()
    }
    const way = { gateway: parseIpv4('10.0.0.2')!, interface: 'tunl0', isOnlink: true }
    one.network.addRoute({ address: parseIpv4('10.9.0.2')!, length: 32 }, way)
    const back = { gateway: parseIpv4('10.0.0.1')!, interface: 'tunl0', isOnlink: true }
    two.network.addRoute({ address: parseIpv4('10.9.0.1')!, length: 32 }, back)
    await lab.run(one, ping, '-c', '1', '10.9.0.2')
  })
  expect(
    run.stdout.replace(/id \d+/g, 'id N'),
  ).toBe(`tunl0 Out IP 10.9.0.1 > 10.9.0.2: ICMP echo request, id N, seq 1, length 64
eth0  Out IP 10.0.0.1 > 10.0.0.2: IP 10.9.0.1 > 10.9.0.2: ICMP echo request, id N, seq 1, length 64 (ipip-proto-4)
eth0  In  IP 10.0.0.2 > 10.0.0.1: IP 10.9.0.2 > 10.9.0.1: ICMP echo reply, id N, seq 1, length 64 (ipip-proto-4)
tunl0 In  IP 10.9.0.2 > 10.9.0.1: ICMP echo reply, id N, seq 1, length 64

`)
})

test('a tunnel has no Ethernet headers', async () => {
  const { lab, one } = await namedLab()
  one.network.addIpip('tunl0', parseIpv4('10.0.0.1')!).up()
  const run = lab.start(one, tcpdump, '-n', '-i', 'tunl0')
  await lab.advance(5)
  expect(run.stderr).toContain('listening on tunl0, link-type RAW (Raw IP), snapshot length 262144 bytes\n')
})
