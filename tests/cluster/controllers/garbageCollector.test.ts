import { expect, test } from 'vitest'
import { configMap } from '../../../src/simulator/cluster/kinds/configMap.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

function create(plane: TestPlane, name: string, owners: readonly string[] = [], isBlocking = false): void {
  plane.client.create(configMap, {
    metadata: {
      name,
      namespace: 'default',
      ownerReferences: owners.map(owner => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: owner,
        uid: plane.client.get(configMap, owner, 'default')!.metadata.uid,
        ...(isBlocking && { blockOwnerDeletion: true }),
      })),
    },
  })
}

const names = (plane: TestPlane) =>
  plane.client
    .list(configMap, { namespace: 'default' })
    .map(({ metadata }) => metadata.name)
    .filter(name => name !== 'kube-root-ca.crt')

test('what is owned goes after its owner, and what that owns after it', () => {
  const plane = startPlane()
  create(plane, 'a')
  create(plane, 'b', ['a'])
  create(plane, 'c', ['b'])
  plane.client.delete(configMap, 'a', 'default', { propagationPolicy: 'Background' })
  plane.pass(100)
  expect(names(plane)).toEqual([])
})

test('what another owner still holds stays, and forgets the one that is gone', () => {
  const plane = startPlane()
  create(plane, 'a')
  create(plane, 'b')
  create(plane, 'c', ['a', 'b'])
  plane.client.delete(configMap, 'a', 'default', { propagationPolicy: 'Background' })
  plane.pass(100)
  expect(names(plane)).toEqual(['b', 'c'])
  const { ownerReferences } = plane.client.get(configMap, 'c', 'default')!.metadata
  expect(ownerReferences?.map(({ name }) => name)).toEqual(['b'])
})

test('in the foreground the owner waits for what blocks it', () => {
  const plane = startPlane()
  create(plane, 'a')
  create(plane, 'b', ['a'], true)
  plane.client.patch(configMap, 'b', 'default', { metadata: { finalizers: ['example.com/hold'] } })
  plane.client.delete(configMap, 'a', 'default', { propagationPolicy: 'Foreground' })
  plane.pass(100)
  expect(names(plane)).toEqual(['a', 'b'])
  plane.client.patch(configMap, 'b', 'default', { metadata: { finalizers: null } })
  plane.pass(100)
  expect(names(plane)).toEqual([])
})

test('objects that own each other in a circle all go when one does', () => {
  const plane = startPlane()
  create(plane, 'a')
  create(plane, 'b', ['a'], true)
  create(plane, 'c', ['b'], true)
  const { uid } = plane.client.get(configMap, 'c', 'default')!.metadata
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid, blockOwnerDeletion: true }
  plane.client.patch(configMap, 'a', 'default', { metadata: { ownerReferences: [owner] } })
  plane.client.delete(configMap, 'a', 'default', { propagationPolicy: 'Foreground' })
  plane.pass(1000)
  expect(names(plane)).toEqual([])
})

test('an orphan forgets its owner', () => {
  const plane = startPlane()
  create(plane, 'a')
  create(plane, 'b', ['a'])
  plane.client.delete(configMap, 'a', 'default', { propagationPolicy: 'Orphan' })
  plane.pass(100)
  expect(names(plane)).toEqual(['b'])
  expect(plane.client.get(configMap, 'b', 'default')!.metadata.ownerReferences).toBeUndefined()
})

test('an object whose owner never was is collected', () => {
  const plane = startPlane()
  plane.client.create(configMap, {
    metadata: {
      name: 'a',
      namespace: 'default',
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: 'none' }],
    },
  })
  plane.pass(100)
  expect(names(plane)).toEqual([])
})
