import { expect, test } from 'vitest'
import { bridge } from '#simulator/machine/programs/bridge.ts'
import { ip } from '#simulator/machine/programs/ip.ts'
import { ping } from '#simulator/machine/programs/ping.ts'
import { NetLab } from './netLab.ts'

const macs = (text: string) =>
  text.replace(/([\da-f]{2}:){5}[\da-f]{2}/g, mac => (/^(00|01|ff):/.test(mac) ? mac : 'MAC'))

function world() {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  const two = lab.machine('two', '10.0.0.2')
  const run = async (line: string) => (await lab.run(one, ip, ...line.split(' '))).transcript
  return { lab, one, two, run }
}

test('interfaces with their addresses', async () => {
  const { run } = world()
  expect(
    macs(await run('addr')),
  ).toBe(`1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default 
    link/ether MAC brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0
       valid_lft forever preferred_lft forever
`)
  expect(await run('-o -4 a show eth0')).toBe(
    '2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever preferred_lft forever\n',
  )
  expect(await run('-br -4 a')).toBe(
    'lo               UNKNOWN        127.0.0.1/8 \neth0@if3         UP             10.0.0.1/24 \n',
  )
  expect(macs(await run('-br link'))).toBe(
    'lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP> \neth0@if3         UP             MAC <BROADCAST,MULTICAST,UP,LOWER_UP> \n',
  )
})

test('counters come in columns that fit', async () => {
  const { run } = world()
  expect((await run('-s link show lo')).split('\n').slice(2)).toEqual([
    '    RX:  bytes packets errors dropped  missed   mcast           ',
    '             0       0      0       0       0       0 ',
    '    TX:  bytes packets errors dropped carrier collsns           ',
    '             0       0      0       0       0       0 ',
    '',
  ])
})

test('routes are added, asked for and removed', async () => {
  const { run } = world()
  expect(await run('route add 10.6.0.0/16 via 10.0.0.2')).toBe('')
  expect(await run('route add default via 10.0.0.2')).toBe('')
  expect(await run('r')).toBe(
    'default via 10.0.0.2 dev eth0 \n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 \n10.6.0.0/16 via 10.0.0.2 dev eth0 \n',
  )
  expect(await run('route show dev eth0')).toBe(
    'default via 10.0.0.2 \n10.0.0.0/24 proto kernel scope link src 10.0.0.1 \n10.6.0.0/16 via 10.0.0.2 \n',
  )
  expect(await run('route get 10.6.1.1')).toBe('10.6.1.1 via 10.0.0.2 dev eth0 src 10.0.0.1 uid 0 \n    cache \n')
  expect(await run('route get 10.0.0.1')).toBe('local 10.0.0.1 dev lo src 10.0.0.1 uid 0 \n    cache <local> \n')
  expect(await run('route del 10.6.0.0/16')).toBe('')
  expect(await run('route list 10.6.0.0/16')).toBe('')
})

test('neighbours appear when they are talked to', async () => {
  const { lab, one, run } = world()
  await lab.run(one, ping, '-c', '1', '10.0.0.2')
  expect(macs(await run('neigh'))).toBe('10.0.0.2 dev eth0 lladdr MAC REACHABLE \n')
  expect(macs(await run('neigh show dev eth0'))).toBe('10.0.0.2 lladdr MAC REACHABLE \n')
  await run('neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev eth0')
  expect(await run('neigh show 10.0.0.7')).toBe('10.0.0.7 dev eth0 lladdr 02:00:00:00:00:07 PERMANENT \n')
  await run('neigh flush all')
  expect(await run('neigh')).toBe('')
})

test('a neighbour that does not answer any more is shown without its old Ethernet address', async () => {
  const { lab, one, two, run } = world()
  await lab.run(one, ping, '-c', '1', '10.0.0.2')
  await lab.run(two, ip, 'link', 'set', 'eth0', 'down')
  await lab.run(one, ping, '-c', '60', '-W', '1', '10.0.0.2')
  expect(await run('neigh')).toBe('10.0.0.2 dev eth0 INCOMPLETE \n')
  await lab.advance(10_000)
  expect(await run('neigh')).toBe('10.0.0.2 dev eth0 FAILED \n')
})

test('a bridge with a cable into another namespace carries a ping', async () => {
  const { lab, one, run } = world()
  for (const line of [
    'link add br1 type bridge',
    'addr add 10.5.0.1/24 dev br1',
    'link set br1 up',
    'netns add blue',
    'link add veth0 type veth peer name eth0 netns blue',
    'link set veth0 master br1 up',
    '-n blue addr add 10.5.0.2/24 dev eth0',
    '-n blue link set eth0 up',
  ])
    expect(await run(line)).toBe('')
  expect((await lab.run(one, ping, '-c', '1', '-W', '1', '10.5.0.2')).status).toBe(0)
  expect(await run('netns')).toBe('blue (id: 1)\n')
  expect((await lab.run(one, bridge, 'link')).stdout).toBe(
    '4: veth0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br1 state forwarding priority 32 cost 2 \n',
  )
  expect(macs((await lab.run(one, bridge, 'fdb', 'show', 'dev', 'veth0')).stdout)).toBe(
    'MAC vlan 1 master br1 permanent\nMAC master br1 permanent\nMAC master br1 \n01:00:5e:00:00:01 self permanent\n',
  )
})

test('a tunnel shows what it knows', async () => {
  const { lab, one, run } = world()
  await run('link add vx0 type vxlan id 1 dev eth0 local 10.0.0.1 dstport 8472 nolearning')
  await lab.run(one, bridge, 'fdb', 'append', '02:00:00:00:00:09', 'dev', 'vx0', 'dst', '10.0.0.2')
  expect((await lab.run(one, bridge, 'fdb', 'show', 'dev', 'vx0')).stdout).toBe(
    '02:00:00:00:00:09 dst 10.0.0.2 self permanent\n',
  )
  expect(await run('-d link show vx0')).toContain(
    '    vxlan id 1 local 10.0.0.1 dev eth0 srcport 0 0 dstport 8472 nolearning ttl auto ageing 300 ',
  )
})

test.each([
  ['link show eth9', '! Device "eth9" does not exist.\n? 1\n'],
  ['link set eth9 up', '! Cannot find device "eth9"\n? 1\n'],
  ['foo', '! Object "foo" is unknown, try "ip help".\n? 1\n'],
  ['route foo', '! Command "foo" is unknown, try "ip route help".\n? 255\n'],
  ['route add 10.0.0.0/24 dev eth0', '! RTNETLINK answers: File exists\n? 2\n'],
  ['route del 10.8.0.0/16', '! RTNETLINK answers: No such process\n? 2\n'],
  ['route add 10.8.0.0/16 via 10.99.0.1', '! Error: Nexthop has invalid gateway.\n? 2\n'],
  ['route get 10.99.0.1', '! RTNETLINK answers: Network is unreachable\n? 2\n'],
  ['addr add 10.0.0.1/24 dev eth0', '! RTNETLINK answers: File exists\n? 2\n'],
  ['addr del 10.0.0.9/24 dev eth0', '! RTNETLINK answers: Cannot assign requested address\n? 2\n'],
  ['addr add x dev eth0', '! Error: any valid prefix is expected rather than "x".\n? 1\n'],
  ['netns exec red true', '! Cannot open network namespace "red": No such file or directory\n? 255\n'],
  ['-j addr', '! ip: option -j is not simulated here\n? 1\n'],
  ['xfrm state', '! ip: "ip xfrm" is not simulated here\n? 1\n'],
])('ip %s', async (line, transcript) => {
  expect(await world().run(line)).toBe(transcript)
})

test('BusyBox leaves out what it does not know', async () => {
  const lab = new NetLab()
  const run = await lab.run(lab.machine('one', '10.0.0.1', 'busybox'), ip, 'route')
  expect(run.stdout).toBe('10.0.0.0/24 dev eth0 scope link  src 10.0.0.1 \n')
})

test('an interface may share the cable of another one', async () => {
  const lab = new NetLab()
  const one = lab.machine('one', '10.0.0.1')
  const run = async (...words: string[]) => (await lab.run(one, ip, ...words)).transcript
  expect(await run('link', 'add', 'net1', 'link', 'eth0', 'type', 'macvlan', 'mode', 'bridge')).toBe('')
  expect(await run('link', 'add', 'link', 'eth0', 'name', 'net2', 'type', 'ipvlan', 'mode', 'l2')).toBe('')
  expect(await run('-br', 'link')).toMatch(/net1@eth0 [\s\S]*net2@eth0 /)
  expect(await run('link', 'show', 'net1')).toMatch(/net1@eth0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN/)
  expect(await run('link', 'add', 'net3', 'type', 'macvlan')).toBe('! RTNETLINK answers: Invalid argument\n? 2\n')
  expect(await run('link', 'add', 'net3', 'link', 'eth0', 'type', 'macvlan', 'mode', 'private')).toBe(
    '! ip: macvlan mode private is not simulated here\n? 1\n',
  )
})
