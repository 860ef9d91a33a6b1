import { expect, test } from 'vitest'
import { IptablesMode } from '../../../src/simulator/cluster/proxy/iptables.ts'
import { IpvsMode } from '../../../src/simulator/cluster/proxy/ipvs.ts'
import { removeIptablesRules, removeIpvs, removeNftables } from '../../../src/simulator/cluster/proxy/leftovers.ts'
import { NftablesMode } from '../../../src/simulator/cluster/proxy/nftables.ts'
import { findReachable } from '../../../src/simulator/cluster/proxy/reachable.ts'
import { World } from '../../network/world.ts'
import { endpoint, web } from './ports.ts'

const settings = { clusterCidr: '10.244.0.0/16', nodeAddress: '192.168.64.11', localhostNodePorts: false }
const targets = [
  { port: web, reachable: findReachable(web, [endpoint('10.244.2.2')], { nodeName: 'node1', zone: undefined }) },
]

test('a proxy of another mode removes the rules of mode iptables and no others', () => {
  const node = new World().machine('node1', '192.168.64.11')
  node.netfilter.restore('*nat\n:OTHERS - [0:0]\n-A POSTROUTING -j OTHERS\nCOMMIT\n')
  new IptablesMode(node, settings).sync(targets)
  expect(node.netfilter.save()).toContain('-j KUBE-SVC-')
  removeIptablesRules(node)
  expect(node.netfilter.save().match(/KUBE-[A-Z-]+/g)).toEqual(['KUBE-MARK-MASQ', 'KUBE-MARK-MASQ'])
  expect(node.netfilter.save({ table: 'nat' })).toContain('-A POSTROUTING -j OTHERS')
})

test('a proxy that starts again removes the chains of Services that are gone', () => {
  const node = new World().machine('node1', '192.168.64.11')
  new IptablesMode(node, settings).sync(targets)
  new IptablesMode(node, settings).sync([])
  expect(node.netfilter.save()).not.toMatch(/KUBE-(SVC|SEP)-/)
})

test('a proxy of another mode removes the tables of mode nftables', () => {
  const node = new World().machine('node1', '192.168.64.11')
  new NftablesMode(node, settings, ['10.96.0.0/12']).sync(targets)
  expect([...node.netfilter.nftables.keys()]).toEqual(['ip kube-proxy', 'ip6 kube-proxy'])
  removeNftables(node)
  expect(node.netfilter.nftables.size).toBe(0)
})

test('a proxy in mode nftables removes what mode ipvs has left', () => {
  const world = new World()
  const node = world.machine('node1', '192.168.64.11')
  new IpvsMode(node, { ...settings, scheduler: 'rr', strictArp: false }, world.clock).sync(targets)
  expect(node.ipvs.services).toHaveLength(1)
  removeIptablesRules(node)
  removeIpvs(node)
  expect(node.ipvs.services).toEqual([])
  expect(node.interface('kube-ipvs0')).toBeUndefined()
  expect(node.netfilter.sets.size).toBe(0)
  expect(node.netfilter.save().match(/KUBE-(?!FIREWALL)[A-Z-]+/g)).toEqual(['KUBE-MARK-MASQ', 'KUBE-MARK-MASQ'])
})
