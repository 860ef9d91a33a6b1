import { beforeAll, describe, expect, test } from 'vitest'
import { installFlannel } from '../../../src/simulator/cluster/cni/flannel/manifest.ts'
import type { ClusterDefinition } from '../../../src/simulator/cluster/definition.ts'
import { event } from '../../../src/simulator/cluster/kinds/event.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { formatIpv4 } from '../../../src/simulator/network/address.ts'
import { saveTable } from '../../../src/simulator/network/netfilter/format.ts'
import { formatRoute } from '../../../src/simulator/network/routes.ts'
import type { Vxlan } from '../../../src/simulator/network/vxlan.ts'
import { TestCluster } from '../fixture.ts'

let lab: TestCluster

async function boot(cni: ClusterDefinition['cni']): Promise<void> {
  lab = await TestCluster.boot({ cni })
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
}

function networkOf(machine: string) {
  return lab.cluster.machines.get(machine)!.network
}

function routesOf(machine: string): string[] {
  return networkOf(machine)
    .routes.list()
    .map(route => formatRoute(route).trim())
}

const address = (name: string) => lab.pod(name).status.podIP

describe('flannel with a tunnel', () => {
  beforeAll(() => boot({ plugin: 'flannel' }))

  test('each node reaches the ranges of the others through flannel.1', () => {
    expect(routesOf('node1')).toEqual([
      'default via 192.168.64.1 dev eth0',
      '10.244.0.0/24 via 10.244.0.0 dev flannel.1 onlink',
      '10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1',
      '10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
      '192.168.64.0/24 dev eth0 proto kernel scope link src 192.168.64.11',
    ])
  })

  test('interfaces come in the order of a real node', () => {
    expect(
      networkOf('node1')
        .interfaces.map(({ index, name, mtu }) => [index, name, mtu])
        .slice(0, 4),
    ).toEqual([
      [1, 'lo', 65536],
      [2, 'eth0', 1500],
      [3, 'flannel.1', 1450],
      [4, 'cni0', 1450],
    ])
  })

  test('for each other node there is a neighbour and a forwarding entry', () => {
    const network = networkOf('node1')
    const neighbours = network.neighbours
      .list()
      .filter(each => each.interface === 'flannel.1')
      .sort((one, other) => one.address - other.address)
    expect(neighbours.map(({ address, state }) => [formatIpv4(address), state])).toEqual([
      ['10.244.0.0', 'PERMANENT'],
      ['10.244.2.0', 'PERMANENT'],
    ])
    const entries = [...(network.interface('flannel.1') as Vxlan).forwardingEntries()].sort(
      (one, other) => one.destination - other.destination,
    )
    expect(entries.map(({ destination }) => formatIpv4(destination))).toEqual(['192.168.64.10', '192.168.64.12'])
    expect(entries.map(({ mac }) => mac)).toEqual(neighbours.map(({ mac }) => mac))
  })

  test('the range of the node is written down for the plugin', () => {
    expect(lab.cluster.machines.get('node1')!.files.readText('/run/flannel/subnet.env')).toBe(
      'FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.1.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n',
    )
  })

  test('the node says how it can be reached', () => {
    const { annotations } = lab.client.get(node, 'node1')!.metadata
    expect(annotations).toMatchObject({
      'flannel.alpha.coreos.com/backend-type': 'vxlan',
      'flannel.alpha.coreos.com/public-ip': '192.168.64.11',
    })
    const mac = networkOf('node1').interface('flannel.1')!.mac
    expect(annotations!['flannel.alpha.coreos.com/backend-data']).toBe(`{"VNI":1,"VtepMAC":"${mac}"}`)
  })

  test('addresses are handed out one after the other and not reused at once', async () => {
    expect([address('left'), address('left-too'), address('right')].sort()).toEqual([
      '10.244.1.2',
      '10.244.1.3',
      '10.244.2.2',
    ])
  })

  test('pods reach each other on one node and across nodes', async () => {
    const pingFrom = (from: string, to: string) => lab.exec(from, ['ping', '-c', '1', address(to)!])
    expect((await pingFrom('left', 'left-too')).output).toMatch(/ttl=64/)
    expect((await pingFrom('left', 'right')).output).toMatch(/ttl=62/)
  })

  test('a pod that is gone leaves neither cable nor address behind', async () => {
    const before = networkOf('node1').interfaces.length
    lab.createPod('brief', { nodeName: 'node1', containers: [{ name: 'c', image: 'nginx:1.27' }] })
    await lab.advance(3)
    expect(networkOf('node1').interfaces.length).toBe(before + 1)
    const given = address('brief')!
    lab.client.delete(pod, 'brief', 'default')
    await lab.advance(4)
    expect(networkOf('node1').interfaces.length).toBe(before)
    expect(lab.cluster.machines.get('node1')!.files.exists(`/var/lib/cni/networks/cbr0/${given}`)).toBe(false)
  })

  test('a host port leads to its pod by rules of the portmap plugin', async () => {
    lab.createPod('web', {
      nodeName: 'node2',
      containers: [{ name: 'c', image: 'nginx:1.27', ports: [{ containerPort: 80, hostPort: 9080 }] }],
    })
    await lab.advance(4)
    expect((await lab.run('lab', 'curl -s -o /dev/null -w "%{http_code}" http://192.168.64.12:9080')).output).toBe(
      '200',
    )
    expect((await lab.run('lab', 'curl -sS -m 2 http://192.168.64.11:9080')).output).toMatch(
      /^curl: \(7\) Failed to connect/,
    )
    const rules = saveTable(networkOf('node2').netfilter.table('nat'))
      .split('\n')
      .filter(line => line.includes('dport 9080'))
    expect(rules.map(rule => rule.replace(/CNI-DN-\w+/, 'CNI-DN'))).toEqual([
      '-A CNI-DN -s 10.244.2.0/24 -p tcp -m tcp --dport 9080 -j CNI-HOSTPORT-SETMARK',
      '-A CNI-DN -s 127.0.0.1/32 -p tcp -m tcp --dport 9080 -j CNI-HOSTPORT-SETMARK',
      `-A CNI-DN -p tcp -m tcp --dport 9080 -j DNAT --to-destination ${address('web')}:80`,
    ])
  })
})

describe('flannel without a tunnel', () => {
  beforeAll(() => boot({ plugin: 'flannel', backend: 'host-gw' }))

  test('the other nodes are the gateways to their ranges', () => {
    expect(routesOf('node1')).toEqual([
      'default via 192.168.64.1 dev eth0',
      '10.244.0.0/24 via 192.168.64.10 dev eth0',
      '10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1',
      '10.244.2.0/24 via 192.168.64.12 dev eth0',
      '192.168.64.0/24 dev eth0 proto kernel scope link src 192.168.64.11',
    ])
  })

  test('packets keep their full size', async () => {
    expect((await lab.exec('left', ['ip', 'link', 'show', 'eth0'])).output).toMatch(/ mtu 1500 /)
    expect((await lab.exec('left', ['ping', '-c', '1', address('right')!])).status).toBe(0)
  })
})

describe('a bridge on every node and nothing between them', () => {
  beforeAll(() => boot({ plugin: 'bridge', subnet: '10.244.88.0/24' }))

  test('pods of different nodes get the same addresses', () => {
    expect(address('left')).toBe('10.244.88.2')
    expect(address('right')).toBe('10.244.88.2')
  })

  test('there is no way from node to node', () => {
    expect(routesOf('node2')).toEqual([
      'default via 192.168.64.1 dev eth0',
      '10.244.88.0/24 dev br0 proto kernel scope link src 10.244.88.1',
      '192.168.64.0/24 dev eth0 proto kernel scope link src 192.168.64.12',
    ])
  })
})

describe('a node without a network plugin', () => {
  beforeAll(() => boot({ plugin: 'none', on: 'node2' }))

  test('the node is not ready and says why', () => {
    const ready = lab.client.get(node, 'node2')!.status.conditions!.find(each => each.type === 'Ready')
    expect(ready).toMatchObject({
      status: 'False',
      reason: 'KubeletNotReady',
      message:
        'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    })
    expect(lab.client.get(node, 'node1')!.status.conditions!.find(each => each.type === 'Ready')?.status).toBe('True')
  })

  test('its pods wait for a network', () => {
    expect(lab.pod('right').status).toMatchObject({ phase: 'Pending' })
    expect(lab.pod('right').status.podIP).toBeUndefined()
    const reasons = lab.client
      .list(event, { namespace: 'default' })
      .filter(each => each.involvedObject.name === 'right')
      .map(each => each.reason)
    expect(reasons).toContain('NetworkNotReady')
    expect(lab.pod('left').status.phase).toBe('Running')
  })
})

describe('a cluster without a network plugin', () => {
  const nodeNames = ['control-plane', 'node1', 'node2']
  const isReady = (name: string) =>
    lab.client.get(node, name)!.status.conditions!.find(each => each.type === 'Ready')?.status === 'True'

  beforeAll(async () => {
    lab = await TestCluster.boot({ cni: { plugin: 'none' } })
  })

  test('no node is ready', () => {
    expect(nodeNames.filter(isReady)).toEqual([])
  })

  test('installing flannel makes them ready and gives pods addresses', async () => {
    installFlannel(lab.client, 'vxlan', '10.244.0.0/16')
    lab.createPod('right', { nodeName: 'node2', image: 'busybox:1.36', command: ['sleep', '1d'] })
    await lab.advance(60)
    expect(nodeNames.filter(isReady)).toEqual(nodeNames)
    expect(address('right')).toBe('10.244.2.2')
  })

  test('a node whose configuration goes is not ready any more; pods that run keep their network', async () => {
    const { files } = lab.cluster.machines.get('node2')!
    const path = '/etc/cni/net.d/10-flannel.conflist'
    const text = files.readText(path)
    files.remove(path)
    await lab.advance(15)
    expect(nodeNames.filter(isReady)).toEqual(['control-plane', 'node1'])
    expect((await lab.run('node1', `ping -c 1 ${address('right')}`)).output).toMatch(/ttl=63/)
    files.writeText(path, text)
    await lab.advance(15)
    expect(nodeNames.filter(isReady)).toEqual(nodeNames)
  })
})
