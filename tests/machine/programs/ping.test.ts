import { expect, test } from 'vitest'
import { ping } from '#simulator/machine/programs/ping.ts'
import { NetLab, namedLab } from './netLab.ts'

const masked = (text: string) => text.replace(/\d+\.\d{3}/g, 'N')

test('a neighbour answers', async () => {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  lab.machine('two', '10.0.0.2')
  const run = await lab.run(one, ping, '-c', '2', '10.0.0.2')
  expect(masked(run.transcript)).toBe(`PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=N ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=N ms

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1000ms
rtt min/avg/max/mdev = N/N/N/N ms
`)
})

test('a name is shown in full, and the answering address gets its name back', async () => {
  const { lab, one } = await namedLab()
  const run = await lab.run(one, ping, '-c', '1', 'web')
  expect(masked(run.stdout)).toBe(`PING web.default.svc.cluster.local (10.0.0.2) 56(84) bytes of data.
64 bytes from web.default.svc.cluster.local (10.0.0.2): icmp_seq=1 ttl=64 time=N ms

--- web.default.svc.cluster.local ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = N/N/N/N ms
`)
})

test('without an answer it waits as long as -W says and fails', async () => {
  const lab = new NetLab()
  const run = await lab.run(lab.machine('one', '10.0.0.1'), ping, '-c', '1', '-W', '1', '10.0.0.9')
  expect(run.transcript).toBe(`PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.

--- 10.0.0.9 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time 0ms

? 1
`)
  expect(run.endedAt - run.startedAt).toBe(1001)
})

test('what is too long to be sent is told at once, and no answer is waited for', async () => {
  const { lab, one } = await namedLab()
  const run = await lab.run(one, ping, '-c', '1', '-M', 'do', '-s', '1473', '10.0.0.2')
  expect(run.transcript).toContain('! ping: local error: message too long, mtu=1500\n')
  expect(run.stdout).toContain('1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms')
  expect(run.endedAt - run.startedAt).toBeLessThanOrEqual(1002)
})

test('a machine that is not there is reported after three questions', async () => {
  const lab = new NetLab()
  const run = await lab.run(lab.machine('one', '10.0.0.1'), ping, '-c', '1', '10.0.0.9')
  expect(run.stdout).toContain('From 10.0.0.1 icmp_seq=1 Destination Host Unreachable\n')
  expect(run.stdout).toContain('1 packets transmitted, 0 received, +1 errors, 100% packet loss')
})

test.each([
  [['nope'], '! ping: nope: Name or service not known\n? 2\n'],
  [['10.9.9.9'], '! ping: connect: Network is unreachable\n? 2\n'],
  [[], '! ping: usage error: Destination address required\n? 1\n'],
  [['-c', 'x', '10.0.0.2'], "! ping: invalid argument: 'x'\n? 1\n"],
  [['-f', '10.0.0.2'], '! ping: option -f is not simulated here\n? 1\n'],
])('it refuses %j', async (words, transcript) => {
  const { lab, one } = await namedLab()
  expect((await lab.run(one, ping, ...words)).transcript).toBe(transcript)
})

test('Ctrl-C shows the statistics', async () => {
  const { lab, one } = await namedLab()
  const run = lab.start(one, ping, '10.0.0.2')
  await lab.advance(2500)
  run.process.kill('SIGINT')
  await lab.advance(1)
  expect(run.stdout).toContain('3 packets transmitted, 3 received, 0% packet loss, time 2000ms')
  expect(run.status).toBe(0)
})

test('BusyBox counts from zero and keeps the name as typed', async () => {
  const { lab, busybox } = await namedLab()
  const run = await lab.run(busybox, ping, '-c', '2', 'web')
  expect(masked(run.transcript)).toBe(`PING web (10.0.0.2): 56 data bytes
64 bytes from 10.0.0.2: seq=0 ttl=64 time=N ms
64 bytes from 10.0.0.2: seq=1 ttl=64 time=N ms

--- web ping statistics ---
2 packets transmitted, 2 packets received, 0% packet loss
round-trip min/avg/max = N/N/N ms
`)
  expect((await lab.run(busybox, ping, 'nope')).transcript).toBe("! ping: bad address 'nope'\n? 1\n")
})
