import { expect, test } from 'vitest'
import { persistentVolume } from '../../../src/simulator/cluster/kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../../../src/simulator/cluster/kinds/persistentVolumeClaim.ts'
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
