import { expect, test } from 'vitest'
import { withAddresses } from '../../../../src/cli/conformance/netpol/podAddresses.ts'
import type { PolicyPod } from '../../../../src/cli/conformance/netpol/policyCase.ts'
import type { NetworkPolicy, NetworkPolicyPeer } from '../../../../src/simulator/cluster/kinds/networkPolicy.ts'

const pods: readonly PolicyPod[] = [
  { namespace: 'x', name: 'a', labels: {}, ip: '10.244.1.10' },
  { namespace: 'x', name: 'b', labels: {}, ip: '10.244.2.10' },
  { namespace: '', name: 'far', labels: {}, ip: '203.0.113.10', external: true },
]

function translated(...from: NetworkPolicyPeer[]): readonly NetworkPolicyPeer[] {
  const policy: NetworkPolicy = {
    metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: {}, ingress: [{ from }] },
  } as never
  return withAddresses(policy, pods, ({ name }) => `10.9.9.${name.charCodeAt(0)}`).spec.ingress![0]!.from!
}

test('a range becomes the addresses that its pods have here', () => {
  expect(translated({ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.2.0/24'] } })).toEqual([
    { ipBlock: { cidr: '10.9.9.97/32' } },
  ])
})

test('a range that holds machines outside stays beside them', () => {
  const all = { ipBlock: { cidr: '0.0.0.0/0' } }
  expect(translated(all)).toEqual([all, { ipBlock: { cidr: '10.9.9.97/32' } }, { ipBlock: { cidr: '10.9.9.98/32' } }])
})

test('a range without anybody does not become everybody', () => {
  expect(translated({ ipBlock: { cidr: '192.0.2.0/24' } })).toEqual([{ ipBlock: { cidr: '198.51.100.1/32' } }])
})

test('selectors stay as they are', () => {
  const peer = { podSelector: { matchLabels: { app: 'web' } } }
  expect(translated(peer)).toEqual([peer])
})
