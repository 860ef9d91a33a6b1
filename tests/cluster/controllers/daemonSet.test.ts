import { expect, test } from 'vitest'
import { controllerRevision } from '../../../src/simulator/cluster/kinds/controllerRevision.ts'
import { type DaemonSet, daemonSet } from '../../../src/simulator/cluster/kinds/daemonSet.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

const selector = { matchLabels: { app: 'agent' } }

function templateOf(image: string, spec: object = {}): DaemonSet['spec']['template'] {
  return { metadata: { labels: selector.matchLabels }, spec: { containers: [{ name: 'c', image }], ...spec } }
}

function create(plane: TestPlane, spec: Partial<DaemonSet['spec']> = {}): void {
  plane.client.create(daemonSet, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: { selector, template: templateOf('nginx:1'), ...spec },
  })
}

function change(plane: TestPlane, spec: Partial<DaemonSet['spec']>): void {
  const found = plane.client.get(daemonSet, 'agent', 'default')!
  plane.client.update(daemonSet, { ...found, spec: { ...found.spec, ...spec } })
}

const nodesOf = (plane: TestPlane) =>
  plane.client
    .list(pod, { labels: { app: 'agent' } })
    .map(({ spec }) => spec.nodeName)
    .sort()

test('every node that the template tolerates gets one pod', () => {
  const plane = startPlane(['node1', 'node2', 'node3'])
  plane.client.patch(node, 'node3', undefined, {
    spec: { taints: [{ key: 'team', value: 'blue', effect: 'NoSchedule' }] },
  })
  create(plane)
  plane.settle()
  expect(nodesOf(plane)).toEqual(['node1', 'node2'])
  expect(plane.client.get(daemonSet, 'agent', 'default')!.status).toEqual({
    currentNumberScheduled: 2,
    desiredNumberScheduled: 2,
    numberAvailable: 2,
    numberMisscheduled: 0,
    numberReady: 2,
    observedGeneration: 1,
    updatedNumberScheduled: 2,
  })
})

test('pods follow the labels of nodes', () => {
  const plane = startPlane()
  create(plane, { template: templateOf('nginx:1', { nodeSelector: { disk: 'ssd' } }) })
  plane.settle()
  expect(nodesOf(plane)).toEqual([])
  plane.client.patch(node, 'node1', undefined, { metadata: { labels: { disk: 'ssd' } } })
  plane.settle()
  expect(nodesOf(plane)).toEqual(['node1'])
  plane.client.patch(node, 'node1', undefined, { metadata: { labels: { disk: null } } })
  plane.settle()
  expect(nodesOf(plane)).toEqual([])
})

test('a cordoned node keeps its daemon, and gets a new one', () => {
  const plane = startPlane()
  create(plane)
  plane.settle()
  plane.client.patch(node, 'node1', undefined, { spec: { unschedulable: true } })
  plane.pass(100)
  for (const name of plane.podNames()) plane.client.delete(pod, name, 'default')
  plane.settle()
  expect(nodesOf(plane)).toEqual(['node1', 'node2'])
})

test('an update takes one node after the other', () => {
  const plane = startPlane(['node1', 'node2', 'node3'])
  create(plane)
  plane.settle()
  change(plane, { template: templateOf('nginx:2') })
  for (let i = 0; i < 12; i++) {
    plane.pass(100)
    const working = plane.client.list(pod).filter(({ metadata, status }) => !metadata.deletionTimestamp && status.podIP)
    expect(working.length).toBeGreaterThanOrEqual(2)
    plane.runPods()
  }
  plane.settle()
  expect(plane.client.list(pod).map(({ spec }) => spec.containers[0]!.image)).toEqual(['nginx:2', 'nginx:2', 'nginx:2'])
  expect(plane.client.list(controllerRevision).map(({ revision }) => revision)).toEqual([1, 2])
})

test('going back makes the old revision the newest', () => {
  const plane = startPlane()
  create(plane)
  plane.settle()
  change(plane, { template: templateOf('nginx:2') })
  plane.settle()
  change(plane, { template: templateOf('nginx:1') })
  plane.settle()
  expect(
    plane.client
      .list(controllerRevision)
      .map(({ revision }) => revision)
      .sort(),
  ).toEqual([2, 3])
})

test('a revision of that name with another template makes the next hash another', () => {
  const plane = startPlane()
  const labels = { app: 'agent' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
  const create = () =>
    plane.client.create(daemonSet, {
      metadata: { name: 'agent', namespace: 'default' },
      spec: { selector: { matchLabels: labels }, template },
    })
  create()
  plane.settle()
  const [first] = plane.client.list(controllerRevision, { namespace: 'default' })
  plane.client.delete(daemonSet, 'agent', 'default')
  plane.settle()
  plane.client.create(controllerRevision, {
    metadata: { name: first!.metadata.name, namespace: 'default' },
    revision: 1,
    data: { spec: {} },
  } as never)
  create()
  plane.settle()
  expect(plane.client.get(daemonSet, 'agent', 'default')!.status).toMatchObject({ collisionCount: 1 })
  expect(plane.client.list(controllerRevision, { namespace: 'default' })).toHaveLength(2)
})

test('what a revision remembers is written as Go writes maps', () => {
  const plane = startPlane()
  const labels = { app: 'agent' }
  plane.client.create(daemonSet, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: { spec: { containers: [{ name: 'c', image: 'nginx' }] }, metadata: { labels } },
    },
  })
  plane.settle()
  const [revision] = plane.client.list(controllerRevision, { namespace: 'default' })
  const text = JSON.stringify((revision as unknown as { data: unknown }).data)
  expect(text).toMatch(/^\{"spec":\{"template":\{"\$patch":"replace","metadata":\{"labels":\{"app":"agent"\}\},"spec":/)
})
