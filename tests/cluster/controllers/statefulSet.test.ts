import { expect, test } from 'vitest'
import { controllerRevision } from '../../../src/simulator/cluster/kinds/controllerRevision.ts'
import { persistentVolumeClaim } from '../../../src/simulator/cluster/kinds/persistentVolumeClaim.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { type StatefulSet, statefulSet } from '../../../src/simulator/cluster/kinds/statefulSet.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

const selector = { matchLabels: { app: 'db' } }

function create(plane: TestPlane, spec: Partial<StatefulSet['spec']> = {}): void {
  plane.client.create(statefulSet, {
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      template: templateOf('nginx:1'),
      ...spec,
    },
  })
}

function templateOf(image: string): StatefulSet['spec']['template'] {
  return { metadata: { labels: selector.matchLabels }, spec: { containers: [{ name: 'c', image }] } }
}

function change(plane: TestPlane, spec: Partial<StatefulSet['spec']>): void {
  const found = plane.client.get(statefulSet, 'db', 'default')!
  plane.client.update(statefulSet, { ...found, spec: { ...found.spec, ...spec } })
}

const images = (plane: TestPlane) =>
  plane.client.list(pod, { labels: { app: 'db' } }).map(({ spec }) => spec.containers[0]!.image)

test('pods come one after the other, each when the one before is ready', () => {
  const plane = startPlane()
  create(plane)
  plane.pass(1000)
  expect(plane.podNames('app=db')).toEqual(['db-0'])
  plane.runPods()
  plane.pass(100)
  expect(plane.podNames('app=db')).toEqual(['db-0', 'db-1'])
  plane.settle()
  expect(plane.podNames('app=db')).toEqual(['db-0', 'db-1', 'db-2'])
  expect(plane.eventsOf('db')[0]).toBe('SuccessfulCreate: Create Pod db-0 in StatefulSet db successful')
})

test('a pod has its name as host name and says which one it is', () => {
  const plane = startPlane()
  create(plane, { replicas: 1 })
  plane.settle()
  const { metadata, spec } = plane.client.get(pod, 'db-0', 'default')!
  const revision = plane.client.list(controllerRevision)[0]!.metadata.name
  expect(metadata.labels).toEqual({
    app: 'db',
    'apps.kubernetes.io/pod-index': '0',
    'controller-revision-hash': revision,
    'statefulset.kubernetes.io/pod-name': 'db-0',
  })
  expect([spec.hostname, spec.subdomain]).toEqual(['db-0', 'db'])
})

test('parallel management does not wait', () => {
  const plane = startPlane()
  create(plane, { podManagementPolicy: 'Parallel' })
  plane.pass(100)
  expect(plane.podNames('app=db')).toEqual(['db-0', 'db-1', 'db-2'])
})

test('scaling down takes the highest number first', () => {
  const plane = startPlane()
  create(plane)
  plane.settle()
  change(plane, { replicas: 1 })
  plane.pass(100)
  expect(plane.client.get(pod, 'db-2', 'default')!.metadata.deletionTimestamp).toBeDefined()
  expect(plane.client.get(pod, 'db-1', 'default')!.metadata.deletionTimestamp).toBeUndefined()
  plane.settle()
  expect(plane.podNames('app=db')).toEqual(['db-0'])
})

test('an update goes from the highest number down to the partition', () => {
  const plane = startPlane()
  create(plane)
  plane.settle()
  change(plane, {
    template: templateOf('nginx:2'),
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
  })
  plane.settle()
  expect(images(plane).sort()).toEqual(['nginx:1', 'nginx:2', 'nginx:2'])
  expect(plane.client.get(statefulSet, 'db', 'default')!.status).toMatchObject({
    updatedReplicas: 2,
    currentReplicas: 1,
  })
  change(plane, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } })
  plane.settle()
  const { status } = plane.client.get(statefulSet, 'db', 'default')!
  expect(images(plane)).toEqual(['nginx:2', 'nginx:2', 'nginx:2'])
  expect(status.currentRevision).toBe(status.updateRevision)
  expect(plane.client.list(controllerRevision).map(({ revision }) => revision)).toEqual([1, 2])
})

test('each pod gets claims of its own, which outlive it', () => {
  const plane = startPlane()
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
  create(plane, { replicas: 1, volumeClaimTemplates: [claim] })
  plane.pass(100)
  expect(plane.client.list(persistentVolumeClaim).map(({ metadata }) => metadata.name)).toEqual(['data-db-0'])
  expect(plane.client.get(pod, 'db-0', 'default')!.spec.volumes).toContainEqual({
    name: 'data',
    persistentVolumeClaim: { claimName: 'data-db-0' },
  })
  plane.client.delete(statefulSet, 'db', 'default', { propagationPolicy: 'Background' })
  plane.settle()
  expect(plane.client.list(persistentVolumeClaim)).toHaveLength(1)
})

const storage = {
  volumeClaimTemplates: [
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ],
}

test('claims can go with the pods of a smaller set, or with the set', () => {
  const plane = startPlane()
  const claims = () => plane.client.list(persistentVolumeClaim).map(({ metadata }) => metadata.name)
  create(plane, {
    ...storage,
    podManagementPolicy: 'Parallel',
    replicas: 2,
    persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Retain' },
  })
  plane.settle()
  change(plane, { replicas: 1 })
  plane.settle()
  expect(claims()).toEqual(['data-db-0'])
  change(plane, { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Retain', whenDeleted: 'Delete' } })
  plane.pass(100)
  plane.client.delete(statefulSet, 'db', 'default', { propagationPolicy: 'Background' })
  plane.settle()
  expect(claims()).toEqual([])
})

test('an update replaces as many pods at once as may be missing', () => {
  const plane = startPlane()
  const rollingUpdate = { partition: 0, maxUnavailable: 2 }
  create(plane, { updateStrategy: { type: 'RollingUpdate', rollingUpdate }, podManagementPolicy: 'Parallel' })
  plane.settle()
  change(plane, { template: templateOf('nginx:2') })
  plane.pass(100)
  const leaving = plane.client.list(pod).filter(({ metadata }) => metadata.deletionTimestamp)
  expect(leaving.map(({ metadata }) => metadata.name)).toEqual(['db-1', 'db-2'])
  plane.settle()
  expect(images(plane)).toEqual(['nginx:2', 'nginx:2', 'nginx:2'])
})
