import { expect, test } from 'vitest'
import type { DrawnLab, DrawnService, Ground, GroundPod } from '../../src/cli/property/drawnLab.ts'
import { networkOf, tryLab } from '../../src/cli/property/run.ts'
import { Stage } from '../../src/cli/property/stage.ts'

// What the property test found, one by one, in the smallest labs that show it.

function pod(name: string, node: string): GroundPod {
  return { namespace: 'red', name, node, web: 80, isReady: true, isOnHostNetwork: false }
}

function ground(changes: Partial<Ground>): Ground {
  const pods = [pod('p0', 'node1'), pod('p1', 'node2'), pod('p2', 'node2')]
  const nodes = ['control-plane', 'node1', 'node2']
  return { plugin: 'flannel', backend: 'vxlan', proxy: 'iptables', nodes, pods, seed: 1, ...changes }
}

function lab(changes: Partial<DrawnLab>): DrawnLab {
  const pods = { 'red/p0': { a: 'y' }, 'red/p1': { a: 'x' }, 'red/p2': { a: 'x' } }
  const common = {
    seed: 1,
    namespaces: { red: {}, blue: {} },
    services: [],
    policies: [],
    fault: undefined,
    packets: [],
  }
  return { ...common, pods, ...changes }
}

function service(changes: Partial<DrawnService>): DrawnService {
  const port = { name: 'port-0', port: 80, protocol: 'TCP', targetPort: 80, nodePort: undefined } as const
  const policies = { isInternalLocal: false, isExternalLocal: false, isSticky: false, publishesNotReady: false }
  return {
    namespace: 'red',
    name: 's0',
    type: 'ClusterIP',
    selector: { a: 'x' },
    ports: [port],
    ...policies,
    ...changes,
  }
}

const onNodes = {
  type: 'NodePort',
  ports: [{ name: 'port-0', port: 80, protocol: 'TCP', targetPort: 80, nodePort: 30000 }],
} as const

const client = { kind: 'pod', name: 'red/p0' } as const

test('kube-proxy in ipvs mode: an internal policy Local finds nobody on a node without endpoints', async () => {
  const place = ground({ proxy: 'ipvs' })
  const packets = [{ from: client, to: { kind: 'service', service: 'red/s0', port: 80 }, protocol: 'tcp' } as const]
  const drawn = lab({ services: [service({ ...onNodes, isInternalLocal: true })], packets })
  expect(await tryLab(await Stage.boot(place), drawn, networkOf(place))).toEqual([])
})

test('kube-proxy in nftables mode: affinity holds although the Service has chains for two policies', async () => {
  const place = ground({ proxy: 'nftables' })
  const sticky = service({ ...onNodes, isExternalLocal: true, isSticky: true })
  const ask = { from: client, to: { kind: 'service', service: 'red/s0', port: 80 }, protocol: 'tcp' } as const
  const pods = { 'red/p0': { a: 'x' }, 'red/p1': { a: 'x' }, 'red/p2': { a: 'x' } }
  const drawn = lab({ pods, services: [sticky], packets: Array.from({ length: 8 }, () => ask) })
  expect(await tryLab(await Stage.boot(place), drawn, networkOf(place))).toEqual([])
})

test('a server on the network of its node answers datagrams from the address of its route', async () => {
  const place = ground({ pods: [pod('p0', 'node1'), { ...pod('p1', 'node1'), web: 8080, isOnHostNetwork: true }] })
  const stage = await Stage.boot(place)
  const to = { kind: 'pod', pod: 'red/p1', port: 81 } as const
  const drawn = lab({ pods: { 'red/p0': {}, 'red/p1': {} }, packets: [{ from: client, to, protocol: 'udp' }] })
  await stage.set(drawn)
  const [sent] = await stage.send(drawn.packets)
  const sources = sent!.records.flatMap(({ kind, before }) =>
    kind === 'send' && before.kind === 'ipv4' ? [before.source] : [],
  )
  const bridge = stage.bench.cluster.nodes.get('node1')!.network.interface('cni0')!
  expect(sent!.end).toBe('answered')
  expect(sources[1]).toBe(bridge.addresses[0]!.address)
})

test('kube-proxy in nftables mode: a repeated packet is led to where the first one was', async () => {
  const place = ground({ proxy: 'nftables', pods: [pod('p0', 'node1'), pod('p1', 'node2'), pod('p2', 'node1')] })
  const ask = { from: client, to: { kind: 'service', service: 'red/s0', port: 80 }, protocol: 'tcp' } as const
  const stage = await Stage.boot(place)
  const drawn = lab({ services: [service({})], packets: Array.from({ length: 8 }, () => ask) })
  await stage.set({ ...drawn, fault: { kind: 'forwardingOff', node: 'node2' } })
  for (const { records } of await stage.send(drawn.packets)) {
    const led = records.filter(({ kind, decision }) => kind === 'rewrite' && decision === 'DNAT')
    expect(new Set(led.map(({ after }) => after.kind === 'ipv4' && after.destination)).size).toBe(1)
  }
})
