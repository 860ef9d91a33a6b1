import { expect, test } from 'vitest'
import type { Node } from '../../../src/simulator/cluster/kinds/node.ts'
import type { Pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { rejectionOf } from '../../../src/simulator/cluster/kubelet/admission.ts'

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node1', uid: 'n', resourceVersion: '1', creationTimestamp: '', labels: { disk: 'ssd' } },
  spec: { taints: [{ key: 'broken', effect: 'NoExecute' }] },
  status: { allocatable: { cpu: '1', memory: '1Gi', pods: '3' } },
} as Node

const tolerations = [{ operator: 'Exists' }]

function podWith(spec: object, name = 'p'): Pod {
  const metadata = { name, uid: name, namespace: 'default', resourceVersion: '1', creationTimestamp: '' }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [], tolerations, ...spec }, status: {} } as Pod
}

const asking = (cpu: string) => ({ containers: [{ name: 'c', resources: { requests: { cpu } } }] })
const serving = (hostPort: number) => ({ containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort }] }] })

test.each([
  [
    'too much',
    asking('2'),
    [],
    "OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu, requested: 2000, used: 0, capacity: 1000",
  ],
  [
    'too much beside others',
    asking('600m'),
    [asking('500m')],
    "OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 500, capacity: 1000",
  ],
  [
    'one pod too many',
    {},
    [{}, {}, {}],
    "OutOfpods: Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
  ],
  [
    'another node',
    { nodeSelector: { disk: 'hdd' } },
    [],
    "NodeAffinity: Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  [
    'a port that is taken',
    serving(80),
    [serving(80)],
    "NodePorts: Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  ],
  [
    'what the node repels',
    { tolerations: [] },
    [],
    'TaintToleration: Pod was rejected: Predicate TaintToleration failed: node(s) had untolerated taint(s)',
  ],
  [
    'an unsafe setting',
    { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
    [],
    'SysctlForbidden: Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
  ],
])('a pod that asks for %s fails', (_, spec, others, expected) => {
  const running = others.map((other, i) => podWith(other, `other-${i}`))
  const { reason, message } = rejectionOf(podWith(spec), node, running) ?? {}
  expect(`${reason}: ${message}`).toBe(expected)
})

test('what fits runs', () => {
  expect(rejectionOf(podWith(asking('500m')), node, [podWith(serving(80), 'other')])).toBeUndefined()
})
