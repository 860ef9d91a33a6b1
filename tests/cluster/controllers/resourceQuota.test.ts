import { expect, test } from 'vitest'
import { persistentVolumeClaim } from '../../../src/simulator/cluster/kinds/persistentVolumeClaim.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { resourceQuota } from '../../../src/simulator/cluster/kinds/resourceQuota.ts'
import { startPlane } from './controlPlane.ts'

test('a quota counts what its namespace uses', () => {
  const plane = startPlane()
  const hard = { pods: '5', 'requests.cpu': '2', 'limits.memory': '1Gi', 'count/deployments.apps': '3', secrets: '9' }
  plane.client.create(resourceQuota, { metadata: { name: 'q', namespace: 'default' }, spec: { hard } })
  for (const name of ['a', 'b'])
    plane.client.create(pod, {
      metadata: { name, namespace: 'default' },
      spec: {
        containers: [
          { name: 'c', image: 'nginx', resources: { requests: { cpu: '250m' }, limits: { memory: '64Mi' } } },
        ],
      },
    })
  plane.pass(100)
  const used = () => plane.client.get(resourceQuota, 'q', 'default')!.status.used
  expect(used()).toEqual({
    pods: '2',
    'requests.cpu': '500m',
    'limits.memory': '128Mi',
    'count/deployments.apps': '0',
    secrets: '0',
  })
  plane.setPodStatus('a', { phase: 'Succeeded' })
  plane.pass(100)
  expect(used()).toMatchObject({ pods: '1', 'requests.cpu': '250m' })
})

test('what nodes add to the usual resources and what claims ask of a class count too', () => {
  const plane = startPlane()
  const place = 'gold.storageclass.storage.k8s.io'
  const hard = { 'requests.example.com/dongle': '3', [`${place}/requests.storage`]: '9Gi', 'requests.storage': '9Gi' }
  plane.client.create(resourceQuota, { metadata: { name: 'q', namespace: 'default' }, spec: { hard } })
  const dongles = { 'example.com/dongle': '2' }
  plane.client.create(pod, {
    metadata: { name: 'a', namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: dongles, limits: dongles } }] },
  })
  const used = () => plane.client.get(resourceQuota, 'q', 'default')!.status.used
  plane.pass(100)
  expect(used()).toMatchObject({ 'requests.example.com/dongle': '2', [`${place}/requests.storage`]: '0' })
  plane.client.create(persistentVolumeClaim, {
    metadata: { name: 'c', namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'gold',
      resources: { requests: { storage: '1Gi' } },
    },
  })
  plane.pass(100)
  expect(used()).toMatchObject({ [`${place}/requests.storage`]: '1Gi', 'requests.storage': '1Gi' })
})

test('a quota with scopes counts only the pods in them', () => {
  const plane = startPlane()
  const create = (name: string, scopes: string[]) =>
    plane.client.create(resourceQuota, {
      metadata: { name, namespace: 'default' },
      spec: { hard: { pods: '5' }, scopes },
    })
  for (const [name, scope] of Object.entries({
    t: 'Terminating',
    n: 'NotTerminating',
    b: 'BestEffort',
    r: 'NotBestEffort',
  }))
    create(name, [scope])
  plane.client.create(pod, {
    metadata: { name: 'a', namespace: 'default' },
    spec: { activeDeadlineSeconds: 100, containers: [{ name: 'c', image: 'nginx' }] },
  })
  plane.pass(100)
  const used = (name: string) => plane.client.get(resourceQuota, name, 'default')!.status.used?.['pods']
  expect(['t', 'n', 'b', 'r'].map(used)).toEqual(['1', '0', '1', '0'])
})
