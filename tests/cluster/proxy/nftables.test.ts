import { expect, test } from 'vitest'
import { NftablesMode } from '../../../src/simulator/cluster/proxy/nftables.ts'
import { findReachable } from '../../../src/simulator/cluster/proxy/reachable.ts'
import type { Endpoint, ServicePort } from '../../../src/simulator/cluster/proxy/servicePort.ts'
import { ping, request, serve, twoNodes } from '../../network/world.ts'
import { endpoint, web } from './ports.ts'

const settings = { clusterCidr: '10.244.0.0/16', nodeAddress: '192.168.64.11', localhostNodePorts: true }

/** Two nodes with a box each, which serve; the left node has the rules. */
function prepare(port: Partial<ServicePort>, endpoints: readonly Endpoint[]) {
  const { world, workstation, left, right } = twoNodes()
  const one = left.box('one')
  const two = right.box('two')
  for (const box of [one, two]) serve(box, 8080)
  const full = { ...web, ...port }
  const reachable = findReachable(full, endpoints, { nodeName: 'left', zone: undefined })
  const mode = new NftablesMode(left.machine, settings, ['10.96.0.0/12'])
  mode.sync([{ port: full, reachable }])
  const ask = (from: typeof one, address: string, number: number) => {
    const outcome = request(from, address, number)
    world.advance(2000)
    return outcome.answer
  }
  return { ask, left, one, workstation, world }
}

const far = endpoint('10.244.2.2')
const near = endpoint('10.244.1.2', { isLocal: true })
const ifNothing = 'ECONNREFUSED'

test('a Service address leads to an endpoint, and back to the caller itself', () => {
  const { ask, left, one } = prepare({}, [far])
  expect(ask(one, '10.96.7.7', 80)).toBe('two')
  expect(ask(left.machine, '10.96.7.7', 80)).toBe('two')
  const hairpin = prepare({}, [near])
  expect(hairpin.ask(hairpin.one, '10.96.7.7', 80)).toBe('one')
})

test('other ports of a Service address and echo requests are refused', () => {
  const { ask, one, world } = prepare({}, [far])
  expect(ask(one, '10.96.7.7', 81)).toBe(ifNothing)
  const echo = ping(one, '10.96.7.7')
  const unknown = ping(one, '10.96.200.200')
  world.advance(100)
  expect(echo.answer).toMatch(/ from 10\.244\.1\.1$/)
  expect(unknown.answer).toBe('')
})

test('a Service without endpoints is refused', () => {
  const { ask, one } = prepare({}, [])
  expect(ask(one, '10.96.7.7', 80)).toBe(ifNothing)
})

test('a node port is open on the address of the node, not on 127.0.0.1', () => {
  const { ask, left, workstation } = prepare({ nodePort: 30080 }, [far])
  expect(ask(workstation, '192.168.64.11', 30080)).toBe('two')
  expect(ask(left.machine, '127.0.0.1', 30080)).toBe(ifNothing)
})

test('a node port for local endpoints drops callers where there are none', () => {
  const { ask, workstation } = prepare({ nodePort: 30080, isExternalLocal: true }, [far])
  expect(ask(workstation, '192.168.64.11', 30080)).toBe('')
})

test('a caller stays with its endpoint while the affinity lasts', () => {
  const { ask, one } = prepare({ affinitySeconds: 10_800 }, [far, near])
  const answers = Array.from({ length: 8 }, () => ask(one, '10.96.7.7', 80))
  expect(new Set(answers).size).toBe(1)
})

test('a load balancer address serves callers from its source ranges alone', () => {
  const port = { nodePort: 30080, loadBalancerIps: ['192.168.64.11'], sourceRanges: ['10.244.0.0/16'] }
  const { ask, one, workstation } = prepare(port, [far])
  expect(ask(one, '192.168.64.11', 80)).toBe('two')
  expect(ask(workstation, '192.168.64.11', 80)).toBe('')
})

test('chains and maps have the names and words of the real table', () => {
  const { left } = prepare({ name: 'default/far-np:', nodePort: 30082 }, [far])
  const table = left.machine.netfilter.nftables.get('ip kube-proxy')!
  expect(table.chains.find(({ name }) => name.startsWith('external-'))).toMatchObject({
    name: 'external-WNIAC75S-default/far-np/tcp/',
    rules: [
      { text: 'meta mark set meta mark | 0x00004000 comment "masquerade"' },
      { text: 'goto service-WNIAC75S-default/far-np/tcp/' },
    ],
  })
  expect(table.sets.find(({ name }) => name === 'service-nodeports')?.elements).toEqual([
    'tcp . 30082 : goto external-WNIAC75S-default/far-np/tcp/',
  ])
})
