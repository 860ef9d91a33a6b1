import { expect, test } from 'vitest'
import { deployment } from '../../../src/simulator/cluster/kinds/deployment.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { type Pod, pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { priorityClass } from '../../../src/simulator/cluster/kinds/priorityClass.ts'
import { startPlane, type TestPlane } from '../controllers/controlPlane.ts'

const image = 'nginx'

function start(): TestPlane {
  const plane = startPlane(['control-plane', 'node1', 'node2'])
  const taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }
  plane.client.patch(node, 'control-plane', undefined, { spec: { taints: [taint] } })
  return plane
}

function add(
  plane: TestPlane,
  name: string,
  spec: Partial<Pod['spec']> = {},
  labels: Record<string, string> = {},
): void {
  plane.client.create(pod, {
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'c', image }], ...spec },
  })
  plane.pass(100)
}

const nodeOf = (plane: TestPlane, name: string) => plane.client.get(pod, name, 'default')!.spec.nodeName
const requests = (cpu: string, memory = '1Mi') => ({
  containers: [{ name: 'c', image, resources: { requests: { cpu, memory } } }],
})
const unhelpful =
  'no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.'

test('a pod is assigned to a node that takes it', () => {
  const plane = start()
  add(plane, 'a', { nodeSelector: { 'kubernetes.io/hostname': 'node2' } })
  expect(nodeOf(plane, 'a')).toBe('node2')
  expect(plane.eventsOf('a')).toEqual(['Scheduled: Successfully assigned default/a to node2'])
})

test.each<[string, Partial<Pod['spec']>, string]>([
  [
    'too much processor',
    requests('64'),
    `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. ${unhelpful}`,
  ],
  [
    'too much memory',
    requests('1m', '512Gi'),
    `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient memory. ${unhelpful}`,
  ],
  [
    'a label that no node has',
    { nodeSelector: { disk: 'ssd' } },
    `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector. ${unhelpful}`,
  ],
  [
    'a claim that is not there',
    { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'absent' } }] },
    '0/3 nodes are available: persistentvolumeclaim "absent" not found. not found',
  ],
])('%s leaves a pod pending and says why', (_, spec, message) => {
  const plane = start()
  add(plane, 'a', spec)
  expect(nodeOf(plane, 'a')).toBeUndefined()
  expect(plane.eventsOf('a')).toEqual([`FailedScheduling: ${message}`])
  expect(plane.client.get(pod, 'a', 'default')!.status.conditions).toMatchObject([
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
  ])
})

test('host ports are taken once on a node, and nobody is evicted for them', () => {
  const plane = start()
  const spec = {
    nodeSelector: { 'kubernetes.io/hostname': 'node2' },
    containers: [{ name: 'c', image, ports: [{ containerPort: 80, hostPort: 9080 }] }],
  }
  add(plane, 'a', spec)
  add(plane, 'b', spec)
  expect(plane.eventsOf('b')).toEqual([
    "FailedScheduling: 0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
  ])
})

test('a cordoned node takes no new pods until it is uncordoned', () => {
  const plane = start()
  plane.client.patch(node, 'node2', undefined, { spec: { unschedulable: true } })
  plane.pass(100)
  add(plane, 'a', { nodeSelector: { 'kubernetes.io/hostname': 'node2' } })
  expect(plane.eventsOf('a')[0]).toContain('1 node(s) were unschedulable')
  plane.client.patch(node, 'node2', undefined, { spec: { unschedulable: null } })
  plane.pass(2000)
  expect(nodeOf(plane, 'a')).toBe('node2')
})

test('a pending pod is tried again when another one makes room', () => {
  const plane = start()
  add(plane, 'a', requests('1500m'))
  add(plane, 'b', requests('1500m'))
  add(plane, 'c', requests('1500m'))
  expect(nodeOf(plane, 'c')).toBeUndefined()
  plane.client.delete(pod, 'a', 'default', { gracePeriodSeconds: 0 })
  plane.pass(2000)
  expect(nodeOf(plane, 'c')).toBeDefined()
})

test('taints keep pods away that do not tolerate them', () => {
  const plane = start()
  plane.client.patch(node, 'node2', undefined, {
    spec: { taints: [{ key: 'team', value: 'blue', effect: 'NoSchedule' }] },
  })
  const nodeSelector = { 'kubernetes.io/hostname': 'node2' }
  add(plane, 'plain', { nodeSelector })
  add(plane, 'tolerant', {
    nodeSelector,
    tolerations: [{ key: 'team', operator: 'Equal', value: 'blue', effect: 'NoSchedule' }],
  })
  expect(nodeOf(plane, 'plain')).toBeUndefined()
  expect(nodeOf(plane, 'tolerant')).toBe('node2')
})

test('pods of a Deployment spread over the nodes', () => {
  const plane = start()
  const labels = { app: 'web' }
  plane.client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 6,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image }] } },
    },
  })
  plane.settle(1000)
  const counts = plane.client.list(pod).map(({ spec }) => spec.nodeName)
  expect(counts.filter(name => name === 'node1')).toHaveLength(3)
})

test('anti-affinity allows one pod to a node, affinity follows another pod', () => {
  const plane = start()
  const term = (app: string) => ({ labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' })
  const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('db')] } } }
  for (const name of ['a', 'b', 'c']) add(plane, name, apart, { app: 'db' })
  expect(new Set([nodeOf(plane, 'a'), nodeOf(plane, 'b')])).toEqual(new Set(['node1', 'node2']))
  expect(plane.eventsOf('c')[0]).toContain("2 node(s) didn't match pod anti-affinity rules")
  const near = { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('cache')] } } }
  add(plane, 'lonely', near)
  expect(plane.eventsOf('lonely')[0]).toContain("2 node(s) didn't match pod affinity rules")
  add(plane, 'cache', {}, { app: 'cache' })
  plane.pass(2000)
  expect(nodeOf(plane, 'lonely')).toBe(nodeOf(plane, 'cache'))
})

test('hard topology spread keeps the skew', () => {
  const plane = start()
  const spread = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'x' } },
      },
    ],
  }
  plane.client.patch(node, 'node2', undefined, { spec: { unschedulable: true } })
  plane.pass(100)
  add(plane, 'a', spread, { app: 'x' })
  add(plane, 'b', spread, { app: 'x' })
  expect(nodeOf(plane, 'a')).toBe('node1')
  expect(plane.eventsOf('b')[0]).toContain("1 node(s) didn't match pod topology spread constraints")
})

test('a more important pod evicts a less important one', () => {
  const plane = start()
  plane.client.create(priorityClass, { metadata: { name: 'high' }, value: 1000 })
  for (const name of ['a', 'b']) add(plane, name, requests('1500m'))
  add(plane, 'vip', { ...requests('1500m'), priorityClassName: 'high', priority: 1000 })
  expect(plane.eventsOf('vip')).toEqual([
    'FailedScheduling: 0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.',
  ])
  const victim = plane.client.list(pod).find(({ metadata }) => metadata.deletionTimestamp)!
  const { uid } = plane.client.get(pod, 'vip', 'default')!.metadata
  expect(plane.eventsOf(victim.metadata.name)).toContain(
    `Preempted: Preempted by pod ${uid} on node ${victim.spec.nodeName}`,
  )
  plane.settle(3000)
  expect(nodeOf(plane, 'vip')).toBe(victim.spec.nodeName)
})

test('a pod that asks for another scheduler, or has gates, is left alone', () => {
  const plane = start()
  add(plane, 'a', { schedulerName: 'other' })
  add(plane, 'b', { schedulingGates: [{ name: 'wait' }] } as Partial<Pod['spec']>)
  plane.pass(1000)
  expect([nodeOf(plane, 'a'), nodeOf(plane, 'b')]).toEqual([undefined, undefined])
})
