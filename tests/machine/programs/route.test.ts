import { expect, test } from 'vitest'
import { arp } from '#simulator/machine/programs/arp.ts'
import { ifconfig } from '#simulator/machine/programs/ifconfig.ts'
import { ip } from '#simulator/machine/programs/ip.ts'
import { mtr } from '#simulator/machine/programs/mtr.ts'
import { ping } from '#simulator/machine/programs/ping.ts'
import { route } from '#simulator/machine/programs/route.ts'
import { sysctl } from '#simulator/machine/programs/sysctl.ts'
import { tracepath } from '#simulator/machine/programs/tracepath.ts'
import { traceroute } from '#simulator/machine/programs/traceroute.ts'
import { NetLab } from './netLab.ts'

/** One machine behind a router: `one` reaches 10.7.0.2, an address of `far`, by way of `router`. */
async function routedLab() {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  const router = lab.machine('router', '10.0.0.2')
  for (const line of [
    'netns add far',
    'link add to-far type veth peer name eth0 netns far',
    'addr add 10.7.0.1/24 dev to-far',
    'link set to-far up',
    '-n far addr add 10.7.0.2/24 dev eth0',
    '-n far link set eth0 up',
    '-n far route add default via 10.7.0.1',
  ])
    expect((await lab.run(router, ip, ...line.split(' '))).transcript).toBe('')
  await lab.run(router, sysctl, '-w', 'net.ipv4.ip_forward=1')
  expect((await lab.run(one, route, 'add', '-net', '10.7.0.0/24', 'gw', '10.0.0.2')).transcript).toBe('')
  return { lab, one, router }
}

const times = (text: string) => text.replace(/\d+\.\d{3}( ?ms)/g, 'T$1')

test('traceroute names the routers in order', async () => {
  const { lab, one } = await routedLab()
  const run = await lab.run(one, traceroute, '-n', '10.7.0.2')
  expect(times(run.stdout)).toBe(`traceroute to 10.7.0.2 (10.7.0.2), 30 hops max, 60 byte packets
 1  10.0.0.2  T ms  T ms  T ms
 2  10.7.0.2  T ms  T ms  T ms
`)
  const icmp = await lab.run(one, traceroute, '-I', '-n', '-q', '1', '10.7.0.2')
  expect(times(icmp.stdout).split('\n').slice(1)).toEqual([' 1  10.0.0.2  T ms', ' 2  10.7.0.2  T ms', ''])
})

test('traceroute shows silence as stars', async () => {
  const { lab, one } = await routedLab()
  const run = await lab.run(one, traceroute, '-n', '-m', '2', '-w', '1', '10.0.0.9')
  expect(run.stdout.split('\n').slice(1)).toEqual([' 1  * * *', ' 2  * * *', ''])
})

test('tracepath finds the largest packet', async () => {
  const { lab, one } = await routedLab()
  expect(
    times((await lab.run(one, tracepath, '-n', '10.7.0.2')).stdout),
  ).toBe(` 1?: [LOCALHOST]                      pmtu 1500
 1:  10.0.0.2                                            Tms 
 2:  10.7.0.2                                            Tms reached
     Resume: pmtu 1500 hops 2 back 2 
`)
})

test('mtr counts losses', async () => {
  const { lab, one } = await routedLab()
  const run = await lab.run(one, mtr, '-rn', '-c', '2', '10.7.0.2')
  expect(run.stdout.replace(/( +\d\.\d){5}$/gm, ' T')).toBe(`Start: 2026-03-02T09:00:00+0000
HOST: one                         Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- 10.0.0.2                   0.0%     2 T
  2.|-- 10.7.0.2                   0.0%     2 T
`)
})

test('a packet that may live for one hop dies at the router', async () => {
  const { lab, one } = await routedLab()
  expect((await lab.run(one, ping, '-c', '1', '-t', '1', '10.7.0.2')).stdout).toContain(
    'From 10.0.0.2 icmp_seq=1 Time to live exceeded\n',
  )
})

test('route, arp and ifconfig tell the same in older words', async () => {
  const { lab, one } = await routedLab()
  await lab.run(one, ping, '-c', '1', '10.7.0.2')
  expect((await lab.run(one, route, '-n')).stdout).toBe(`Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 eth0
10.7.0.0        10.0.0.2        255.255.255.0   UG    0      0        0 eth0
`)
  expect((await lab.run(one, arp, '-n')).stdout).toMatch(
    /^Address {18}HWtype {2}HWaddress {11}Flags Mask {12}Iface\n10\.0\.0\.2 {17}ether {3}([\da-f]{2}:?){6} {3}C {21}eth0\n$/,
  )
  expect((await lab.run(one, ifconfig, 'eth0')).stdout.split('\n').slice(0, 2)).toEqual([
    'eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500',
    '        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255',
  ])
})

test('sysctl reads and writes settings of the network', async () => {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  expect((await lab.run(one, sysctl, '-n', 'net.ipv4.ip_forward')).stdout).toBe('0\n')
  expect((await lab.run(one, sysctl, 'net.ipv4.ip_forward=1')).stdout).toBe('net.ipv4.ip_forward = 1\n')
  expect((await lab.run(one, sysctl, 'net.foo')).transcript).toBe(
    '! sysctl: cannot stat /proc/sys/net/foo: No such file or directory\n? 1\n',
  )
})
