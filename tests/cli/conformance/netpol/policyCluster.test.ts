import { expect, test } from 'vitest'
import type { PolicyPod, Protocol, Verdict } from '../../../../src/cli/conformance/netpol/policyCase.ts'
import { PolicyCluster } from '../../../../src/cli/conformance/netpol/policyCluster.ts'
import { loadNetworkPlugins } from '../../../../src/simulator/cluster/cni/registry.ts'

const networkPlugins = await loadNetworkPlugins()

const containers = [
  { port: 80, protocol: 'TCP' as const },
  { port: 80, protocol: 'UDP' as const },
  { port: 80, protocol: 'SCTP' as const },
]
const a: PolicyPod = { namespace: 'x', name: 'a', labels: { pod: 'a' }, ip: '10.244.1.10', containers }
const b: PolicyPod = { namespace: 'x', name: 'b', labels: { pod: 'b' }, ip: '10.244.2.11', containers }
const far: PolicyPod = { namespace: '', name: 'far', labels: {}, ip: '203.0.113.10', external: true, containers }
const stage = { namespaces: { x: {} }, pods: [a, b, far], policies: [] }

const denyAll = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: x}
spec: {podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}`

function verdicts(to: string, allowed: boolean): Verdict[] {
  return ['x/b', 'ext/far'].flatMap(from =>
    (['TCP', 'UDP', 'SCTP'] as Protocol[]).map(protocol => ({ from, to, port: 80, protocol, allowed })),
  )
}

test.each(networkPlugins.filter(({ enforcesPolicies }) => enforcesPolicies).map(({ name }) => name))(
  'the judge sees what %s does, and a second look changes nothing',
  async name => {
    const cluster = await PolicyCluster.boot(networkPlugins.find(plugin => plugin.name === name)!)
    await cluster.set(stage)
    expect(await cluster.probe(verdicts('x/a', true))).toEqual([])
    expect(await cluster.probe(verdicts('x/a', false))).toHaveLength(6)
    await cluster.act([{ createPolicy: denyAll }], stage.pods)
    expect(await cluster.set({ ...stage, policies: [denyAll] })).toBe(0)
    expect(await cluster.probe(verdicts('x/a', false))).toEqual([])
    const [question] = verdicts('x/a', false)
    expect(await cluster.exec(question!)).toBe(false)
    await cluster.act([{ deletePolicy: 'x/deny' }], stage.pods)
    expect(await cluster.exec(question!)).toBe(true)
  },
  20_000,
)
