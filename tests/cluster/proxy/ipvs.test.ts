import { expect, test } from 'vitest'
import { IpvsMode } from '../../../src/simulator/cluster/proxy/ipvs.ts'
import { findReachable } from '../../../src/simulator/cluster/proxy/reachable.ts'
import type { Endpoint, ServicePort } from '../../../src/simulator/cluster/proxy/servicePort.ts'
import { formatConnection } from '../../../src/simulator/network/conntrack.ts'
import type { NetworkNamespace } from '../../../src/simulator/network/namespace.ts'
import { capture, ip, ping, request, serve, twoNodes } from '../../network/world.ts'
import { endpoint, web } from './ports.ts'

const settings = {
  clusterCidr: '10.244.0.0/16',
  nodeAddress: '192.168.64.11',
  localhostNodePorts: true,
  scheduler: 'rr',
  strictArp: false,
} as const

/** Two nodes with a box each, which serve; the left node balances. */
function prepare(port: Partial<ServicePort>, endpoints: readonly Endpoint[]) {
  const { world, workstation, left, right } = twoNodes()
  const one = left.box('one')
  const two = right.box('two')
  for (const box of [one, two]) serve(box, 8080)
  const full = { ...web, ...port }
  const mode = new IpvsMode(left.machine, settings, world.clock)
  const sync = (those: readonly Endpoint[]) =>
    mode.sync([{ port: full, reachable: findReachable(full, those, { nodeName: 'left', zone: undefined }) }])
  sync(endpoints)
  const ask = (from: NetworkNamespace, address: string, number: number) => {
    const outcome = request(from, address, number)
    world.advance(2000)
    return outcome.answer
  }
  return { ask, sync, left, right, one, two, workstation, world }
}

const far = endpoint('10.244.2.2')
const near = endpoint('10.244.1.2', { isLocal: true })

test('connections to a Service address go to its endpoints in turn', () => {
  const { ask, one } = prepare({}, [far, near])
  expect(Array.from({ length: 4 }, () => ask(one, '10.96.7.7', 80))).toEqual(['one', 'two', 'one', 'two'].toReversed())
})

test('a pod keeps its address on the way, a node is hidden behind the one of its interface', () => {
  const { ask, left, one, two } = prepare({}, [far])
  const seen = capture(two, 'eth0', /\[S\]/)
  expect(ask(one, '10.96.7.7', 80)).toBe('two')
  expect(ask(left.machine, '10.96.7.7', 80)).toBe('two')
  expect(seen[0]).toContain('10.244.1.2.')
  expect(seen[1]).toContain('10.244.1.0.')
})

test('a pod that reaches itself by its Service is masqueraded', () => {
  const { ask, one } = prepare({}, [near])
  const seen = capture(one, 'eth0', / > 10\.244\.1\.2\.8080: .*\[S\]/)
  expect(ask(one, '10.96.7.7', 80)).toBe('one')
  expect(seen[0]).toContain('10.244.1.1.')
})

test('the connection table knows the endpoint from the first packet on', () => {
  const { ask, left, one, world } = prepare({}, [far])
  ask(one, '10.96.7.7', 80)
  const lines = left.machine.connections.list().map(each => formatConnection(each, world.clock.now))
  expect(lines.find(line => line.includes('dst=10.96.7.7'))).toMatch(
    /src=10\.244\.1\.2 dst=10\.96\.7\.7 sport=(\d+) dport=80 src=10\.244\.2\.2 dst=10\.244\.1\.2 sport=8080 dport=\1 \[ASSURED\]/,
  )
})

test('a Service without endpoints refuses, and so do other ports and echo requests', () => {
  const { ask, one } = prepare({}, [])
  expect(ask(one, '10.96.7.7', 80)).toBe('ECONNREFUSED')
  const other = prepare({}, [far])
  expect(other.ask(other.one, '10.96.7.7', 81)).toBe('ECONNREFUSED')
  const echo = ping(other.one, '10.96.7.7')
  other.world.advance(100)
  expect(echo.answer).toContain(' from 10.96.7.7')
})

test('a node port serves callers from outside, under an address of the node', () => {
  const { ask, two, workstation } = prepare({ nodePort: 30080 }, [far])
  const seen = capture(two, 'eth0', /\[S\]/)
  expect(ask(workstation, '192.168.64.11', 30080)).toBe('two')
  expect(seen[0]).toContain('10.244.1.0.')
  const local = prepare({ nodePort: 30080, isExternalLocal: true }, [near])
  const heard = capture(local.one, 'eth0', /\[S\]/)
  expect(local.ask(local.workstation, '192.168.64.11', 30080)).toBe('one')
  expect(heard[0]).toContain('192.168.64.1.')
})

test('a client stays with its endpoint while the affinity lasts', () => {
  const { ask, one, world } = prepare({ affinitySeconds: 60 }, [far, near])
  const answers = Array.from({ length: 6 }, () => ask(one, '10.96.7.7', 80))
  expect(new Set(answers).size).toBe(1)
  world.advance(61_000)
  expect(ask(one, '10.96.7.7', 80)).not.toBe(answers[0])
})

test('an endpoint that goes keeps its connections, gets no new ones and leaves when they are over', () => {
  const { ask, sync, left, one, world } = prepare({}, [far])
  const service = left.machine.ipvs.services[0]!
  ask(one, '10.96.7.7', 80)
  expect(service.destinations[0]).toMatchObject({ weight: 1, inactive: 1 })
  sync([near])
  expect(service.destinations.map(({ text, weight }) => [text, weight])).toEqual([
    ['10.244.2.2:8080', 0],
    ['10.244.1.2:8080', 1],
  ])
  expect(ask(one, '10.96.7.7', 80)).toBe('one')
  world.advance(240_000)
  expect(service.destinations.map(({ text }) => text)).toEqual(['10.244.1.2:8080'])
})

test('a load balancer address serves callers from its source ranges alone', () => {
  const port = { nodePort: 30080, loadBalancerIps: ['192.168.64.11'], sourceRanges: ['10.244.0.0/16'] }
  const { ask, one, workstation } = prepare(port, [far])
  expect(ask(one, '192.168.64.11', 80)).toBe('two')
  expect(ask(workstation, '192.168.64.11', 80)).toBe('')
})

test('the dummy interface stays down and holds the addresses of Services', () => {
  const { left, sync } = prepare({ externalIps: ['203.0.113.7'] }, [far])
  const device = left.machine.interface('kube-ipvs0')!
  expect(device.isUp).toBe(false)
  expect(device.addresses.map(({ address }) => address)).toEqual([ip('10.96.7.7'), ip('203.0.113.7')])
  expect(left.machine.routes.lookup(ip('10.96.7.7'))).toMatchObject({ kind: 'local', interface: 'kube-ipvs0' })
  sync([far])
  expect(left.machine.netfilter.sets.get('KUBE-IPVS-IPS')!.members).toEqual(['10.96.7.7', '203.0.113.7'])
})

test('with strict ARP only the interface that holds an address answers for it', () => {
  const { ask, left, workstation, world } = prepare({ externalIps: ['192.168.64.99'] }, [far])
  expect(ask(workstation, '192.168.64.99', 80)).toBe('two')
  left.machine.sysctl.set('net.ipv4.conf.all.arp_ignore', '1')
  workstation.neighbours.flush()
  world.advance(1000)
  expect(ask(workstation, '192.168.64.99', 80)).toBe('')
})

test('the sets are those of kube-proxy, and few rules ask them', () => {
  const { left } = prepare({ nodePort: 30080, loadBalancerIps: ['192.168.64.200'] }, [near])
  const members = (name: string) => left.machine.netfilter.sets.get(name)!.members
  expect(members('KUBE-CLUSTER-IP')).toEqual(['10.96.7.7,tcp:80'])
  expect(members('KUBE-LOOP-BACK')).toEqual(['10.244.1.2,tcp:8080,10.244.1.2'])
  expect(members('KUBE-NODE-PORT-TCP')).toEqual(['30080'])
  expect(members('KUBE-LOAD-BALANCER')).toEqual(['192.168.64.200,tcp:80'])
  const nat = left.machine.netfilter.save({ table: 'nat' })
  expect(nat).toContain(
    '-A KUBE-POSTROUTING -m comment --comment "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose" -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE',
  )
  expect(nat).not.toMatch(/KUBE-(SVC|SEP)-/)
})
