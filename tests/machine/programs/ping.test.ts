import { expect, test } from 'vitest'
import { ping } from '#simulator/machine/programs/ping.ts'
import { NetLab } from './netLab.ts'

test('a neighbour answers', async () => {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  lab.machine('two', '10.0.0.2')
  const run = await lab.run(one, ping, '-c', '2', '10.0.0.2')
  expect(run.transcript.replace(/\d+\.\d{3}/g, 'N')).toBe(
    `PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=N ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=N ms

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1000ms
rtt min/avg/max/mdev = N/N/N/N ms
`,
  )
})
