import { expect, test } from 'vitest'
import { IptablesMode } from '../../../src/simulator/cluster/proxy/iptables.ts'
import type { Target } from '../../../src/simulator/cluster/proxy/mode.ts'
import { findReachable } from '../../../src/simulator/cluster/proxy/reachable.ts'
import type { Endpoint } from '../../../src/simulator/cluster/proxy/servicePort.ts'
import { request, serve, twoNodes } from '../../network/world.ts'
import { endpoint, web } from './ports.ts'

const settings = { clusterCidr: '10.244.0.0/16', nodeAddress: '192.168.64.11', localhostNodePorts: true }

function prepare() {
  const { world, left, right } = twoNodes()
  const one = left.box('one')
  const two = right.box('two')
  serve(two, 8080)
  const mode = new IptablesMode(left.machine, settings)
  const target = (endpoints: readonly Endpoint[], changes: Partial<typeof web> = {}): Target => {
    const port = { ...web, ...changes }
    return { port, reachable: findReachable(port, endpoints, { nodeName: 'left', zone: undefined }) }
  }
  const ask = () => {
    const outcome = request(one, '10.96.7.7', 80)
    world.advance(2000)
    return outcome.answer
  }
  const nat = left.machine.netfilter.table('nat')
  const own = () => [...nat.chains.keys()].filter(name => /^KUBE-(SVC|SEP)-/.test(name))
  return { mode, target, ask, nat, own, left }
}

const far = endpoint('10.244.2.2')

test('a chain keeps its counters while its Service stays as it is', () => {
  const { mode, target, ask, nat, own } = prepare()
  mode.sync([target([far])])
  expect(ask()).toBe('two')
  const [service] = own()
  const counted = nat.chain(service!).rules.map(({ packets }) => packets)
  expect(counted).toContain(1)
  // Another object that says the same.
  mode.sync([target([far])])
  expect(nat.chain(service!).rules.map(({ packets }) => packets)).toEqual(counted)
})

test('chains of endpoints and Services that are gone go as well', () => {
  const { mode, target, own } = prepare()
  mode.sync([target([far, endpoint('10.244.2.3')])])
  expect(own()).toHaveLength(3)
  mode.sync([target([far])])
  expect(own()).toHaveLength(2)
  mode.sync([])
  expect(own()).toEqual([])
})

test('among thousands of Services a packet finds its own', () => {
  const { mode, target, ask, nat } = prepare()
  const others = Array.from({ length: 3000 }, (_, i) => {
    const clusterIp = `10.97.${i >> 8}.${i & 255}`
    return target([far], { name: `default/other-${i}:http`, clusterIp, suffix: `OTHER${String(i).padStart(11, '0')}` })
  })
  mode.sync([...others, target([far])])
  expect(ask()).toBe('two')
  const met = nat.chain('KUBE-SERVICES').rules.filter(({ packets }) => packets > 0)
  expect(met.filter(({ text }) => text.destination?.value.length === 32)).toHaveLength(1)
})
