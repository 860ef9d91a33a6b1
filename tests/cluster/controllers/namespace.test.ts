import { expect, test } from 'vitest'
import { configMap } from '../../../src/simulator/cluster/kinds/configMap.ts'
import { namespace } from '../../../src/simulator/cluster/kinds/namespace.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { serviceAccount } from '../../../src/simulator/cluster/kinds/serviceAccount.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

function createShop(plane: TestPlane): void {
  plane.client.create(namespace, { metadata: { name: 'shop' }, spec: { finalizers: ['kubernetes'] } })
  plane.pass(100)
}

test('a new namespace gets its default account and the certificate of the cluster', () => {
  const plane = startPlane()
  createShop(plane)
  expect(plane.client.get(serviceAccount, 'default', 'shop')).toBeDefined()
  expect(plane.client.get(configMap, 'kube-root-ca.crt', 'shop')!.data).toEqual({ 'ca.crt': 'certificate' })
})

test('the default account comes back when it is deleted', () => {
  const plane = startPlane()
  createShop(plane)
  plane.client.delete(serviceAccount, 'default', 'shop')
  plane.pass(100)
  expect(plane.client.get(serviceAccount, 'default', 'shop')).toBeDefined()
})

test('a deleted namespace takes everything in it along', () => {
  const plane = startPlane()
  createShop(plane)
  plane.client.create(configMap, { metadata: { name: 'a', namespace: 'shop' } })
  plane.client.delete(namespace, 'shop')
  plane.pass(100)
  expect(plane.client.get(namespace, 'shop')).toBeUndefined()
  expect(plane.client.list(configMap, { namespace: 'shop' })).toHaveLength(0)
})

test('a namespace says what it waits for', () => {
  const plane = startPlane()
  createShop(plane)
  plane.client.create(pod, {
    metadata: { name: 'a', namespace: 'shop' },
    spec: { nodeName: 'node1', containers: [{ name: 'c', image: 'nginx' }] },
  })
  plane.client.delete(namespace, 'shop')
  plane.pass(100)
  const { status } = plane.client.get(namespace, 'shop')!
  expect(status.phase).toBe('Terminating')
  const messages = status.conditions?.filter(condition => condition.status === 'True').map(({ message }) => message)
  expect(messages?.[0]).toContain('pods. has 1 resource instances')
  plane.client.delete(pod, 'a', 'shop', { gracePeriodSeconds: 0 })
  plane.pass(100)
  expect(plane.client.get(namespace, 'shop')).toBeUndefined()
})
