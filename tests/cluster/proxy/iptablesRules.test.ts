import { expect, test } from 'vitest'
import { chainSuffix } from '../../../src/simulator/cluster/proxy/chainNames.ts'
import { rulesFor } from '../../../src/simulator/cluster/proxy/iptablesRules.ts'
import { findReachable } from '../../../src/simulator/cluster/proxy/reachable.ts'
import type { Endpoint, ServicePort } from '../../../src/simulator/cluster/proxy/servicePort.ts'
import { endpoint, web } from './ports.ts'

const settings = { clusterCidr: '10.244.0.0/16', nodeAddress: '192.168.64.11', localhostNodePorts: true }
const place = { nodeName: 'node1', zone: 'a' }

const here = endpoint('10.244.1.5', { isLocal: true })
const there = endpoint('10.244.2.5')
const leaving = { isReady: false, isServing: true, isTerminating: true }

function rules(port: Partial<ServicePort>, endpoints: readonly Endpoint[]) {
  const full = { ...web, ...port }
  const { filter, nat, chains } = rulesFor(full, findReachable(full, endpoints, place), settings)
  return { filter, nat, chains: Object.fromEntries(chains) }
}

/** Addresses behind a policy's chain. */
function reached(port: Partial<ServicePort>, endpoints: readonly Endpoint[], policy: 'cluster' | 'local') {
  return findReachable({ ...web, ...port }, endpoints, place)[policy].map(({ address }) => address)
}

test('the chains of a port are named after a hash of its name', () => {
  expect(chainSuffix('default/echo:http', 'tcp')).toBe('ZJMBFACUQCTMIK2C')
  expect(chainSuffix('default/echo:http', 'tcp', '10.244.1.183:8080')).toBe('QICSUUXSXHPLDWT5')
})

test('every endpoint of a Service address has the same chance', () => {
  const suffix = web.suffix
  const { nat, chains } = rules({}, [here, there])
  const sep = (address: string) => `KUBE-SEP-${chainSuffix(web.name, 'tcp', `${address}:8080`)}`
  expect(nat).toEqual([
    `-A KUBE-SERVICES -m comment --comment "default/web:http cluster IP" -m tcp -p tcp -d 10.96.7.7 --dport 80 -j KUBE-SVC-${suffix}`,
  ])
  expect(chains[`KUBE-SVC-${suffix}`]).toEqual([
    `-A KUBE-SVC-${suffix} -m comment --comment "default/web:http cluster IP" -m tcp -p tcp -d 10.96.7.7 --dport 80 ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ`,
    `-A KUBE-SVC-${suffix} -m comment --comment "default/web:http -> 10.244.1.5:8080" -m statistic --mode random --probability 0.5000000000 -j ${sep('10.244.1.5')}`,
    `-A KUBE-SVC-${suffix} -m comment --comment "default/web:http -> 10.244.2.5:8080" -j ${sep('10.244.2.5')}`,
  ])
  expect(chains[sep('10.244.2.5')]).toEqual([
    `-A ${sep('10.244.2.5')} -m comment --comment "default/web:http" -s 10.244.2.5 -j KUBE-MARK-MASQ`,
    `-A ${sep('10.244.2.5')} -m comment --comment "default/web:http" -m tcp -p tcp -j DNAT --to-destination 10.244.2.5:8080`,
  ])
})

test('a Service without endpoints is refused', () => {
  const { filter, nat, chains } = rules({ nodePort: 30080 }, [])
  expect(filter.map(rule => rule.replace(/^.*--comment/, ''))).toEqual([
    ' "default/web:http has no endpoints" -m tcp -p tcp -d 10.96.7.7 --dport 80 -j REJECT',
    ' "default/web:http has no endpoints" -m addrtype --dst-type LOCAL -m tcp -p tcp --dport 30080 -j REJECT',
  ])
  expect([nat, chains]).toEqual([[], {}])
})

test('policy Local without an endpoint here drops, and leads pods to the others', () => {
  const { filter, chains } = rules({ nodePort: 30080, isExternalLocal: true }, [there])
  expect(filter).toEqual([
    '-A KUBE-EXTERNAL-SERVICES -m comment --comment "default/web:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp -p tcp --dport 30080 -j DROP',
  ])
  expect(chains[`KUBE-EXT-${web.suffix}`]).toHaveLength(3)
})

test('affinity asks first who the client was with', () => {
  const { chains } = rules({ affinitySeconds: 10_800 }, [here, there])
  const lines = chains[`KUBE-SVC-${web.suffix}`]!
  expect(lines.filter(line => line.includes('--rcheck --seconds 10800 --reap'))).toHaveLength(2)
  expect(lines[1]).toContain('--rcheck')
})

test('a node port is masqueraded, also on 127.0.0.1', () => {
  const { nat, chains } = rules({ nodePort: 30080 }, [here])
  expect(nat.slice(1)).toEqual([
    `-A KUBE-NODEPORTS -m comment --comment "default/web:http" -m tcp -p tcp -d 127.0.0.0/8 --dport 30080 -m nfacct --nfacct-name localhost_nps_accepted_pkts -j KUBE-EXT-${web.suffix}`,
    `-A KUBE-NODEPORTS -m comment --comment "default/web:http" -m tcp -p tcp --dport 30080 -j KUBE-EXT-${web.suffix}`,
  ])
  expect(chains[`KUBE-EXT-${web.suffix}`]![0]).toContain('-j KUBE-MARK-MASQ')
})

test('source ranges of a load balancer end in a firewall', () => {
  const { filter, nat, chains } = rules({ loadBalancerIps: ['1.2.3.4'], sourceRanges: ['203.0.113.0/25'] }, [here])
  expect(nat[1]).toContain(`-j KUBE-FW-${web.suffix}`)
  expect(filter[0]).toContain('-A KUBE-PROXY-FIREWALL')
  expect(chains[`KUBE-FW-${web.suffix}`]).toHaveLength(2)
})

test('endpoints that end still serve when no other is ready', () => {
  const ending = endpoint('10.244.1.6', { ...leaving, isLocal: true })
  expect(reached({}, [here, ending], 'cluster')).toEqual(['10.244.1.5'])
  expect(reached({}, [ending], 'cluster')).toEqual(['10.244.1.6'])
  expect(reached({ nodePort: 1, isExternalLocal: true }, [ending, there], 'local')).toEqual(['10.244.1.6'])
})

test('hints keep traffic near when every endpoint has one', () => {
  const near = endpoint('10.244.1.7', { zones: new Set(['a']) })
  const far = endpoint('10.244.2.7', { zones: new Set(['b']) })
  expect(reached({}, [near, far], 'cluster')).toEqual(['10.244.1.7'])
  expect(reached({}, [near, far, there], 'cluster')).toHaveLength(3)
})
