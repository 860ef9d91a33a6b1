import { beforeAll, describe, expect, test } from 'vitest'
import { daemonSet } from '../../../../src/simulator/cluster/kinds/daemonSet.ts'
import { event } from '../../../../src/simulator/cluster/kinds/event.ts'
import { node } from '../../../../src/simulator/cluster/kinds/node.ts'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { formatIpv4 } from '../../../../src/simulator/network/address.ts'
import { formatRoute } from '../../../../src/simulator/network/routes.ts'
import type { Vxlan } from '../../../../src/simulator/network/vxlan.ts'
import { TestCluster } from '../../fixture.ts'

let lab: TestCluster

async function boot(backend?: string, subnet?: string): Promise<void> {
  lab = await TestCluster.boot({
    cni: { plugin: 'calico', ...(backend && { backend }), ...(subnet && { subnet }) },
  })
  for (const [name, nodeName] of [
    ['left', 'node1'],
    ['left-too', 'node1'],
    ['right', 'node2'],
  ] as const)
    createPod(name, nodeName)
  await lab.advance(6)
}

function createPod(name: string, nodeName: string, annotations: Record<string, string> = {}): void {
  lab.client.create(pod, {
    metadata: { name, namespace: 'default', annotations },
    spec: {
      nodeName,
      containers: [{ name: 'c', image: 'nicolaka/netshoot:v0.13', command: ['sleep', 'infinity'] }],
    } as never,
  })
}

function networkOf(machine: string) {
  return lab.cluster.machines.get(machine)!.network
}

/** Routes of a machine, with `cali…` for the interface of a pod. */
function routesOf(machine: string): string[] {
  return networkOf(machine)
    .routes.list()
    .map(route =>
      formatRoute(route)
        .trim()
        .replace(/cali[\da-f]{11}/, 'cali…'),
    )
}

const address = (name: string) => lab.pod(name).status.podIP!
const ping = (from: string, to: string) => lab.exec(from, ['ping', '-c', '1', '-W', '1', to])

describe('with IP-in-IP', () => {
  beforeAll(() => boot())

  test('a node leads packets of other nodes’ blocks through tunl0, and drops those for its own that nobody has', () => {
    expect(routesOf('node1')).toEqual([
      'default via 192.168.64.1 dev eth0',
      '10.244.121.64/26 via 192.168.64.10 dev tunl0 proto bird onlink',
      '10.244.179.64/26 via 192.168.64.12 dev tunl0 proto bird onlink',
      'blackhole 10.244.179.128/26 proto bird',
      '10.244.179.129 dev cali… scope link',
      '10.244.179.130 dev cali… scope link',
      '192.168.64.0/24 dev eth0 proto kernel scope link src 192.168.64.11',
    ])
  })

  test('a pod has one address and a gateway that nobody has, for which the node answers', async () => {
    const inside = await lab.exec('left', ['sh', '-c', 'ip route; ip -o -4 addr show eth0; ip link show eth0'])
    expect(inside.output).toMatch(/^default via 169.254.1.1 dev eth0 \n169.254.1.1 dev eth0 scope link \n/)
    expect(inside.output).toContain(`inet ${address('left')}/32 scope global eth0`)
    expect(inside.output).toContain('mtu 1480')
    await ping('left', address('right'))
    expect((await lab.exec('left', ['ip', 'neigh'])).output).toBe(
      '169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee REACHABLE \n',
    )
  })

  test('pods reach each other with one router between them on a node, and two across nodes', async () => {
    expect((await ping('left', address('left-too'))).output).toMatch(/ttl=63/)
    expect((await ping('left', address('right'))).output).toMatch(/ttl=62/)
  })

  test('on the wire the packet lies in another one', async () => {
    const seen: string[] = []
    const stop = networkOf('node2')
      .interface('eth0')!
      .capture(({ payload }) => {
        if (payload.kind === 'ipv4' && payload.body.kind === 'ipv4')
          seen.push([payload.source, payload.destination, payload.body.destination].map(formatIpv4).join(' '))
      })
    await ping('left', address('right'))
    stop()
    expect(seen[0]).toBe(`192.168.64.11 192.168.64.12 ${address('right')}`)
  })

  test('packets of pods to the outside bear the node’s address', async () => {
    const seen = new Set<string>()
    const stop = networkOf('lab')
      .interface('eth0')!
      .capture(({ payload }, direction) => {
        if (payload.kind === 'ipv4' && payload.protocol === 'icmp' && direction === 'in')
          seen.add(formatIpv4(payload.source))
      })
    await ping('left', '192.168.64.1')
    stop()
    expect([...seen]).toEqual(['192.168.64.11'])
  })

  test('a node that speaks to a pod elsewhere does so with the address of its tunnel', async () => {
    expect((await lab.run('node1', `ping -c 1 -W 1 ${address('right')}`)).status).toBe(0)
    const tunnel = networkOf('node1').interface('tunl0')!
    expect(tunnel.counters.sentPackets).toBeGreaterThan(0)
    expect(tunnel.addresses.map(each => formatIpv4(each.address))).toEqual(['10.244.179.128'])
  })

  test('the node says where it is, and that its network is up', () => {
    const { metadata, status } = lab.client.get(node, 'node1')!
    expect(metadata.annotations).toMatchObject({
      'projectcalico.org/IPv4Address': '192.168.64.11/24',
      'projectcalico.org/IPv4IPIPTunnelAddr': '10.244.179.128',
    })
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'NetworkUnavailable', status: 'False', reason: 'CalicoIsUp' }),
    )
  })

  test('the plugin writes the address of a pod down where felix reads it', () => {
    expect(lab.pod('left').metadata.annotations).toMatchObject({
      'cni.projectcalico.org/podIP': `${address('left')}/32`,
    })
  })

  test('the configuration names the node', async () => {
    const { output } = await lab.run('node1', 'sudo cat /etc/cni/net.d/10-calico.conflist')
    expect(JSON.parse(output).plugins[0]).toMatchObject({
      type: 'calico',
      nodename: 'node1',
      ipam: { type: 'calico-ipam' },
      kubernetes: { kubeconfig: '/etc/cni/net.d/calico-kubeconfig' },
    })
  })

  test('a pod that is gone leaves neither cable nor route nor setting behind', async () => {
    const before = routesOf('node1')
    const settings = networkOf('node1').sysctl.size
    createPod('brief', 'node1')
    await lab.advance(4)
    expect(routesOf('node1')).toHaveLength(before.length + 1)
    lab.client.delete(pod, 'brief', 'default')
    // A shell-less sleep does not hear SIGTERM: it ends when its 30 seconds of grace do.
    await lab.advance(35)
    expect(routesOf('node1')).toEqual(before)
    expect(networkOf('node1').sysctl.size).toBe(settings)
  })

  test('an address out of another node’s block gets a route of its own', async () => {
    createPod('guest', 'node1', { 'cni.projectcalico.org/ipAddrs': '["10.244.179.90"]' })
    await lab.advance(6)
    expect(address('guest')).toBe('10.244.179.90')
    expect(routesOf('control-plane')).toContain('10.244.179.90 via 192.168.64.11 dev tunl0 proto bird onlink')
    expect((await ping('right', '10.244.179.90')).status).toBe(0)
  })

  test.each([
    ['["10.244.179.90"]', 'Failed to assign IPv4 address 10.244.179.90: resource already exists'],
    ['["192.0.2.1"]', 'The provided IP address is not in a configured pool'],
  ])('the address %s cannot be had', async (asked, message) => {
    const name = `asks-${asked.length}-${asked.includes('192') ? 'outside' : 'taken'}`
    createPod(name, 'node2', { 'cni.projectcalico.org/ipAddrs': asked })
    await lab.advance(4)
    expect(lab.eventsOf(name).join('\n')).toContain(`plugin type="calico" failed (add): ${message}`)
    lab.client.delete(pod, name, 'default', { gracePeriodSeconds: 0 })
    await lab.advance(4)
  })

  test('without protocol 4 nothing crosses, while pods of one node go on', async () => {
    networkOf('node2').netfilter.restore('*filter\n-I INPUT 1 -p 4 -j DROP\nCOMMIT\n', { noFlush: true })
    expect((await ping('left', address('right'))).status).not.toBe(0)
    expect((await ping('left', address('left-too'))).status).toBe(0)
    await lab.run('node2', 'sudo iptables -D INPUT 1')
    expect((await ping('left', address('right'))).status).toBe(0)
  })

  test('without its daemon a node keeps its packets flowing; with it gone for good new pods wait', async () => {
    const elsewhere = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: ['node2'] }
    const required = { nodeSelectorTerms: [{ matchExpressions: [elsewhere] }] }
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } }
    lab.client.patch(daemonSet, 'calico-node', 'kube-system', { spec: { template: { spec: { affinity } } } })
    await lab.advance(60)
    expect((await ping('left', address('right'))).status).toBe(0)
    await lab.run('node2', 'sudo rm /var/lib/calico/nodename')
    createPod('late', 'node2')
    await lab.advance(5)
    expect(lab.client.list(event).map(({ message }) => message)).toContainEqual(
      expect.stringContaining(
        'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/',
      ),
    )
  })
})

describe('with VXLAN', () => {
  beforeAll(() => boot('vxlan'))

  test('felix leads packets to the tunnels of the other nodes', async () => {
    expect(routesOf('node1').slice(1, 4)).toEqual([
      '10.244.121.64/26 via 10.244.121.64 dev vxlan.calico proto 80 onlink',
      '10.244.179.64/26 via 10.244.179.64 dev vxlan.calico proto 80 onlink',
      'blackhole 10.244.179.128/26 proto 80',
    ])
    const device = networkOf('node1').interface('vxlan.calico') as Vxlan
    expect([device.id, device.udpPort, device.mtu]).toEqual([4096, 4789, 1450])
    expect(
      device
        .forwardingEntries()
        .map(({ destination }) => formatIpv4(destination))
        .sort(),
    ).toEqual(['192.168.64.10', '192.168.64.12'])
    expect((await ping('left', address('right'))).output).toMatch(/ttl=62/)
  })
})

describe('without a tunnel', () => {
  beforeAll(() => boot('none'))

  test('the other node itself is the gateway, and packets keep their size', async () => {
    expect(routesOf('node1').slice(1, 3)).toEqual([
      '10.244.121.64/26 via 192.168.64.10 dev eth0 proto bird',
      '10.244.179.64/26 via 192.168.64.12 dev eth0 proto bird',
    ])
    expect(networkOf('node1').interface('tunl0')).toBeUndefined()
    expect((await lab.exec('left', ['ip', 'link', 'show', 'eth0'])).output).toContain('mtu 1500')
    expect((await ping('left', address('right'))).output).toMatch(/ttl=62/)
  })
})

describe('with a range of its own', () => {
  beforeAll(() => boot(undefined, '10.9.0.0/24'))

  test('pods get addresses out of it, and kube-proxy, which knows another one, takes them for strangers', async () => {
    expect(address('left')).toMatch(/^10\.9\.0\./)
    expect((await ping('left', address('right'))).status).toBe(0)
    expect((await lab.run('node1', 'sudo iptables-save -t nat')).output).toContain('! -s 10.244.0.0/16')
  })
})
