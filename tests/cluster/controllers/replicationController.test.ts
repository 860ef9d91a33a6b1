import { expect, test } from 'vitest'
import { replicationController } from '../../../src/simulator/cluster/kinds/replicationController.ts'
import { resourceQuota } from '../../../src/simulator/cluster/kinds/resourceQuota.ts'
import { startPlane } from './controlPlane.ts'

test('a quota that forbids pods shows as a condition until there is room', () => {
  const plane = startPlane()
  plane.client.create(resourceQuota, { metadata: { name: 'few', namespace: 'default' }, spec: { hard: { pods: '2' } } })
  plane.pass(100)
  plane.client.create(replicationController, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { app: 'web' },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  })
  plane.settle(2000)
  const status = () => plane.client.get(replicationController, 'web', 'default')!.status
  expect(status()?.conditions?.[0]).toMatchObject({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' })
  plane.client.patch(replicationController, 'web', 'default', { spec: { replicas: 2 } })
  plane.settle(2000)
  expect(status()).toMatchObject({ replicas: 2 })
  expect(status()?.conditions).toBeUndefined()
})
