import { expect, test } from 'vitest'
import { lease } from '../../../src/simulator/cluster/kinds/lease.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { epoch, startPlane, type TestPlane } from './controlPlane.ts'

const leases = 'kube-node-lease'

/** Lets time pass while node1 and node2 renew their leases, or only one of them. */
function beat(plane: TestPlane, seconds: number, names: readonly string[] = ['node1', 'node2']): void {
  for (let i = 0; i < seconds; i += 10) {
    const renewTime = new Date(epoch + plane.clock.now).toISOString().replace('Z', '000Z')
    for (const name of names) {
      const found = plane.client.get(lease, name, leases)
      if (found) plane.client.update(lease, { ...found, spec: { ...found.spec, renewTime } })
      else
        plane.client.create(lease, { metadata: { name, namespace: leases }, spec: { holderIdentity: name, renewTime } })
    }
    plane.pass(10_000)
  }
}

function addPod(plane: TestPlane, name: string, nodeName: string, tolerationSeconds = 300): void {
  const toleration = (key: string) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds,
  })
  plane.client.create(pod, {
    metadata: { name, namespace: 'default' },
    spec: {
      nodeName,
      tolerations: [toleration('not-ready'), toleration('unreachable')],
      containers: [{ name: 'c', image: 'nginx' }],
    },
  })
  plane.runPods()
}

const taints = (plane: TestPlane, name: string) =>
  (plane.client.get(node, name)!.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`)
const readiness = (plane: TestPlane, name: string) =>
  plane.client.get(node, name)!.status.conditions?.find(({ type }) => type === 'Ready')

test('a node that renews its lease stays ready', () => {
  const plane = startPlane()
  beat(plane, 120)
  expect(readiness(plane, 'node1')?.status).toBe('True')
  expect(taints(plane, 'node1')).toEqual([])
})

test('a silent node becomes unknown, its pods unready, and after five minutes they are deleted', () => {
  const plane = startPlane()
  beat(plane, 30)
  addPod(plane, 'a', 'node2')
  beat(plane, 70, ['node1'])
  expect(readiness(plane, 'node2')).toMatchObject({
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  })
  expect(taints(plane, 'node2')).toEqual([
    'node.kubernetes.io/unreachable:NoSchedule',
    'node.kubernetes.io/unreachable:NoExecute',
  ])
  expect(plane.eventsOf('node2')).toContain('NodeNotReady: Node node2 status is now: NodeNotReady')
  expect(plane.eventsOf('a')).toContain('NodeNotReady: Node is not ready')
  beat(plane, 200, ['node1'])
  expect(plane.client.get(pod, 'a', 'default')!.metadata.deletionTimestamp).toBeUndefined()
  beat(plane, 120, ['node1'])
  expect(plane.client.get(pod, 'a', 'default')!.metadata.deletionTimestamp).toBeDefined()
  expect(plane.eventsOf('a')).toContain('TaintManagerEviction: Marking for deletion Pod default/a')
})

test('cordoning adds a taint, uncordoning takes it away', () => {
  const plane = startPlane()
  plane.client.patch(node, 'node1', undefined, { spec: { unschedulable: true } })
  plane.pass(100)
  expect(plane.client.get(node, 'node1')!.spec.taints).toEqual([
    { effect: 'NoSchedule', key: 'node.kubernetes.io/unschedulable', timeAdded: '2026-03-02T09:00:00Z' },
  ])
  plane.client.patch(node, 'node1', undefined, { spec: { unschedulable: null } })
  plane.pass(100)
  expect(taints(plane, 'node1')).toEqual([])
})

test('a NoExecute taint drives intolerant pods away at once', () => {
  const plane = startPlane()
  addPod(plane, 'a', 'node1')
  plane.client.patch(node, 'node1', undefined, {
    spec: { taints: [{ key: 'gone', value: 'yes', effect: 'NoExecute' }] },
  })
  plane.pass(100)
  expect(plane.client.get(pod, 'a', 'default')!.metadata.deletionTimestamp).toBeDefined()
})

test('a taint that is taken back in time leaves the pods alone', () => {
  const plane = startPlane()
  addPod(plane, 'a', 'node1', 60)
  const taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }
  const setReady = (status: string) => {
    const found = plane.client.get(node, 'node1')!
    const conditions = [{ type: 'Ready', status, lastTransitionTime: '2026-03-02T09:00:00Z' }]
    plane.client.updateStatus(node, { ...found, status: { ...found.status, conditions } })
  }
  setReady('Unknown')
  plane.pass(30_000)
  expect(taints(plane, 'node1')).toContain(`${taint.key}:${taint.effect}`)
  setReady('True')
  plane.pass(60_000)
  expect(plane.client.get(pod, 'a', 'default')!.metadata.deletionTimestamp).toBeUndefined()
  expect(plane.eventsOf('a')).toContain('TaintManagerEviction: Cancelling deletion of Pod default/a')
})

test('pods of a node that is gone are removed after a while', () => {
  const plane = startPlane()
  addPod(plane, 'a', 'node1')
  plane.client.delete(node, 'node1')
  plane.pass(30_000)
  expect(plane.podNames()).toEqual(['a'])
  plane.pass(15_000)
  expect(plane.podNames()).toEqual([])
})
