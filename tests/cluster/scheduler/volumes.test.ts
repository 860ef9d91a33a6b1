import { expect, test } from 'vitest'
import { persistentVolume } from '../../../src/simulator/cluster/kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../../../src/simulator/cluster/kinds/persistentVolumeClaim.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { storageClass } from '../../../src/simulator/cluster/kinds/storageClass.ts'
import { startPlane, type TestPlane } from '../controllers/controlPlane.ts'

function start(provisioner: string): TestPlane {
  const plane = startPlane()
  plane.client.create(storageClass, {
    metadata: { name: 'late' },
    provisioner,
    volumeBindingMode: 'WaitForFirstConsumer',
  })
  plane.client.create(persistentVolumeClaim, {
    metadata: { name: 'claim', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'late' },
  })
  return plane
}

function addPod(plane: TestPlane, name = 'user'): void {
  plane.client.create(pod, {
    metadata: { name, namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'claim' } }],
    },
  })
  plane.pass(500)
}

function addVolume(plane: TestPlane, name: string, nodeName: string): void {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }]
  plane.client.create(persistentVolume, {
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      local: { path: '/disk' },
      storageClassName: 'late',
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  })
  plane.pass(100)
}

const nodeOf = (plane: TestPlane) => plane.client.get(pod, 'user', 'default')!.spec.nodeName
const claim = (plane: TestPlane) => plane.client.get(persistentVolumeClaim, 'claim', 'default')!

test('a pod goes where a volume for its claim is, and the claim is bound only then', () => {
  const plane = start('kubernetes.io/no-provisioner')
  addVolume(plane, 'disk', 'node2')
  expect(claim(plane).status.phase).toBe('Pending')
  addPod(plane)
  expect(nodeOf(plane)).toBe('node2')
  expect(claim(plane).spec.volumeName).toBe('disk')
})

test('without a volume that a node can reach the pod waits for one', () => {
  const plane = start('kubernetes.io/no-provisioner')
  addPod(plane)
  expect(plane.eventsOf('user')).toEqual([
    "FailedScheduling: 0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  ])
  addVolume(plane, 'disk', 'node1')
  plane.pass(15_000)
  expect(nodeOf(plane)).toBe('node1')
})

test('a provisioner learns which node a pod is for, and the pod is bound when the volume is', () => {
  const plane = start('example.com/maker')
  addPod(plane)
  const chosen = claim(plane).metadata.annotations?.['volume.kubernetes.io/selected-node']
  expect(chosen).toMatch(/^node[12]$/)
  expect(nodeOf(plane)).toBeUndefined()
  addVolume(plane, 'made', chosen!)
  plane.pass(20_000)
  expect(nodeOf(plane)).toBe(chosen)
})

test('a claim for one pod at a time keeps the second pod waiting', () => {
  const plane = startPlane()
  plane.client.create(persistentVolume, {
    metadata: { name: 'disk' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOncePod'], hostPath: { path: '/disk' } },
  })
  plane.client.create(persistentVolumeClaim, {
    metadata: { name: 'claim', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: '1Gi' } }, storageClassName: '' },
  })
  plane.pass(20_000)
  addPod(plane)
  addPod(plane, 'second')
  expect(plane.eventsOf('second')[0]).toContain(
    '2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
  )
})
