import { expect, test } from 'vitest'
import { persistentVolume } from '../../../src/simulator/cluster/kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../../../src/simulator/cluster/kinds/persistentVolumeClaim.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

function addVolume(plane: TestPlane, name: string, storage: string): void {
  plane.client.create(persistentVolume, {
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/tmp' },
      storageClassName: 'manual',
    },
  })
}

function addClaim(plane: TestPlane, storage: string, storageClassName = 'manual'): void {
  plane.client.create(persistentVolumeClaim, {
    metadata: { name: 'claim', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, storageClassName },
  })
}

const claim = (plane: TestPlane) => plane.client.get(persistentVolumeClaim, 'claim', 'default')!
const phase = (plane: TestPlane, name: string) => plane.client.get(persistentVolume, name)!.status?.phase

test('a claim takes the smallest volume that is large enough', () => {
  const plane = startPlane()
  addVolume(plane, 'large', '10Gi')
  addVolume(plane, 'small', '100Mi')
  addVolume(plane, 'right', '1Gi')
  addClaim(plane, '500Mi')
  plane.pass(100)
  expect(claim(plane).spec.volumeName).toBe('right')
  expect(claim(plane).status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } })
  expect(['large', 'right'].map(name => phase(plane, name))).toEqual(['Available', 'Bound'])
})

test('a claim that finds nothing waits and says why', () => {
  const plane = startPlane()
  addClaim(plane, '500Mi', 'none')
  plane.pass(20_000)
  expect(claim(plane).status.phase).toBe('Pending')
  expect(plane.eventsOf('claim')).toEqual(['ProvisioningFailed: storageclass.storage.k8s.io "none" not found (x2)'])
  addVolume(plane, 'late', '1Gi')
  plane.client.patch(persistentVolume, 'late', undefined, { spec: { storageClassName: 'none' } })
  plane.pass(20_000)
  expect(claim(plane).status.phase).toBe('Bound')
})

test('a volume is released when its claim is deleted', () => {
  const plane = startPlane()
  addVolume(plane, 'disk', '1Gi')
  addClaim(plane, '500Mi')
  plane.pass(100)
  plane.client.delete(persistentVolumeClaim, 'claim', 'default')
  plane.pass(100)
  expect(phase(plane, 'disk')).toBe('Released')
})

test('a claim that names its volume takes no other', () => {
  const plane = startPlane()
  addVolume(plane, 'first', '1Gi')
  addVolume(plane, 'second', '1Gi')
  plane.client.create(persistentVolumeClaim, {
    metadata: { name: 'claim', namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      storageClassName: 'manual',
      volumeName: 'second',
    },
  })
  plane.pass(100)
  expect(plane.client.get(persistentVolume, 'second')!.spec.claimRef?.name).toBe('claim')
  expect(phase(plane, 'first')).toBe('Available')
})

test('a volume that is reserved by hand waits for its claim', () => {
  const plane = startPlane()
  addVolume(plane, 'small', '1Gi')
  plane.client.create(persistentVolume, {
    metadata: { name: 'reserved' },
    spec: {
      capacity: { storage: '5Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/tmp' },
      storageClassName: 'manual',
      claimRef: { name: 'claim', namespace: 'default' },
    },
  })
  plane.pass(100)
  expect(phase(plane, 'reserved')).toBe('Available')
  addClaim(plane, '500Mi')
  plane.pass(100)
  expect(claim(plane).spec.volumeName).toBe('reserved')
})

test('a claim whose volume is taken away is lost', () => {
  const plane = startPlane()
  addVolume(plane, 'disk', '1Gi')
  addClaim(plane, '500Mi')
  plane.pass(100)
  plane.client.patch(persistentVolume, 'disk', undefined, { metadata: { finalizers: null } })
  plane.client.delete(persistentVolume, 'disk')
  plane.client.patch(persistentVolumeClaim, 'claim', 'default', { metadata: { labels: { looked: 'at' } } })
  plane.pass(100)
  expect(claim(plane).status.phase).toBe('Lost')
  expect(plane.eventsOf('claim')).toContain(
    'ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  )
})

test.each([
  ['/tmp/disk', undefined, 'no event'],
  ['/data', 'Failed', 'VolumeFailedDelete: host_path deleter only supports /tmp/.+ but received provided /data'],
])('a released volume at %s with policy Delete ends as %s', (path, expected, event) => {
  const plane = startPlane()
  plane.client.create(persistentVolume, {
    metadata: { name: 'disk' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path },
      storageClassName: 'manual',
      persistentVolumeReclaimPolicy: 'Delete',
    },
  })
  addClaim(plane, '500Mi')
  plane.pass(100)
  plane.client.delete(persistentVolumeClaim, 'claim', 'default')
  plane.pass(1000)
  expect(plane.client.get(persistentVolume, 'disk')?.status.phase).toBe(expected)
  expect(plane.eventsOf('disk')).toEqual(event === 'no event' ? [] : [event])
})

test('an ephemeral volume has a claim of its own that ends with its pod', () => {
  const plane = startPlane()
  plane.client.create(pod, {
    metadata: { name: 'scratch', namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'busybox' }],
      volumes: [
        {
          name: 'space',
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          },
        },
      ],
    },
  })
  plane.pass(100)
  expect(plane.client.get(persistentVolumeClaim, 'scratch-space', 'default')!.spec.resources?.requests).toEqual({
    storage: '1Gi',
  })
  plane.client.delete(pod, 'scratch', 'default', { gracePeriodSeconds: 0 })
  plane.pass(1000)
  expect(plane.client.get(persistentVolumeClaim, 'scratch-space', 'default')).toBeUndefined()
})
