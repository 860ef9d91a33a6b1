import { beforeAll, expect, test } from 'vitest'
import { node } from '#simulator/cluster/kinds/node.ts'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

beforeAll(async () => {
  lab = await TestCluster.boot({ cni: { plugin: 'kubenet' } })
  for (const [name, nodeName] of [
    ['left', 'node1'],
    ['left-too', 'node1'],
    ['right', 'node2'],
  ] as const)
    lab.createPod(name, {
      nodeName,
      containers: [{ name: 'c', image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] }],
    })
  await lab.advance(6)
})

const on = async (machine: string, command: string) => (await lab.run(machine, command)).output.trimEnd()
const address = (name: string) => lab.pod(name).status.podIP!

test('a node has a bridge of its own range and a plain route to every other node', async () => {
  expect(await on('node1', 'ip route')).toBe(
    [
      'default via 192.168.64.1 dev eth0 ',
      '10.244.0.0/24 via 192.168.64.10 dev eth0 ',
      '10.244.1.0/24 dev cbr0 proto kernel scope link src 10.244.1.1 ',
      '10.244.2.0/24 via 192.168.64.12 dev eth0 ',
      '192.168.64.0/24 dev eth0 proto kernel scope link src 192.168.64.11',
    ].join('\n'),
  )
})

test('packets between nodes are not wrapped: pods keep 1500 bytes and their addresses', async () => {
  const { output } = await lab.exec('left', ['ping', '-c', '1', '-M', 'do', '-s', '1472', address('right')])
  expect(output).toContain('ttl=62')
  const seen = on('node2', `timeout 3 tcpdump -nni eth0 -c 1 icmp 2> /dev/null`)
  lab.exec('left', ['sh', '-c', `sleep 1; ping -c 1 ${address('right')}`])
  expect(await seen).toContain(`${address('left')} > ${address('right')}: ICMP echo request`)
})

test('outside of 10.0.0.0/8 pods appear under the address of their node', async () => {
  expect(await on('node1', 'iptables -t nat -S POSTROUTING | tail -1')).toBe(
    '-A POSTROUTING ! -d 10.0.0.0/8 -m comment --comment "kubenet: SNAT for outbound traffic from cluster" -m addrtype ! --dst-type LOCAL -j MASQUERADE',
  )
  const seen = on('lab', 'timeout 3 tcpdump -nni eth0 -c 1 icmp 2> /dev/null')
  lab.exec('left', ['sh', '-c', 'sleep 1; ping -c 1 192.168.64.1'])
  expect(await seen).toContain('192.168.64.11 > 192.168.64.1: ICMP echo request')
})

test('the node says that there is a route to it', () => {
  const conditions = lab.client.get(node, 'node1')!.status.conditions!
  expect(conditions.find(({ type }) => type === 'NetworkUnavailable')).toMatchObject({
    status: 'False',
    reason: 'RouteCreated',
    message: 'RouteController created a route',
  })
})

test('the route to a node that is deleted goes', async () => {
  lab.client.delete(node, 'node2')
  await lab.advance(1)
  expect(await on('node1', 'ip route')).not.toContain('10.244.2.0/24')
})
