import { expect, test } from 'vitest'
import type { Draft } from '../../../src/simulator/cluster/api/object.ts'
import { type Deployment, deployment } from '../../../src/simulator/cluster/kinds/deployment.ts'
import { replicaSet } from '../../../src/simulator/cluster/kinds/replicaSet.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

const selector = { matchLabels: { app: 'web' } }

function web(image: string, spec: Partial<Deployment['spec']> = {}): Draft<Deployment> {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 4,
      selector,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      template: { metadata: { labels: selector.matchLabels }, spec: { containers: [{ name: 'c', image }] } },
      ...spec,
    },
  }
}

function change(plane: TestPlane, spec: Partial<Deployment['spec']>): void {
  const found = plane.client.get(deployment, 'web', 'default')!
  plane.client.update(deployment, { ...found, spec: { ...found.spec, ...spec } })
}

const templateOf = (image: string) => web(image).spec.template
const sets = (plane: TestPlane) => plane.client.list(replicaSet, { namespace: 'default' })
const reasons = (plane: TestPlane) =>
  plane.client
    .get(deployment, 'web', 'default')!
    .status.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)

test('a new Deployment brings its pods up and says so', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1'))
  plane.pass(100)
  expect(reasons(plane)).toEqual(['Available=False MinimumReplicasUnavailable', 'Progressing=True ReplicaSetUpdated'])
  plane.settle()
  expect(plane.podNames('app=web')).toHaveLength(4)
  expect(reasons(plane)).toEqual(['Available=True MinimumReplicasAvailable', 'Progressing=True NewReplicaSetAvailable'])
  const [set] = sets(plane)
  expect(set!.metadata.annotations).toEqual({
    'deployment.kubernetes.io/desired-replicas': '4',
    'deployment.kubernetes.io/max-replicas': '5',
    'deployment.kubernetes.io/revision': '1',
  })
  expect(plane.eventsOf('web')).toEqual([`ScalingReplicaSet: Scaled up replica set ${set!.metadata.name} from 0 to 4`])
})

test('a rolling update never has fewer pods than maxUnavailable allows, nor more than the surge', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1'))
  plane.settle()
  change(plane, { template: templateOf('nginx:2') })
  for (let i = 0; i < 20; i++) {
    plane.pass(100)
    const { availableReplicas = 0, replicas = 0 } = plane.client.get(deployment, 'web', 'default')!.status
    expect(availableReplicas).toBeGreaterThanOrEqual(4)
    expect(replicas).toBeLessThanOrEqual(5)
    plane.runPods()
  }
  plane.settle()
  expect(sets(plane).map(({ spec }) => spec.replicas)).toEqual([0, 4])
  expect(plane.client.get(deployment, 'web', 'default')!.metadata.annotations).toMatchObject({
    'deployment.kubernetes.io/revision': '2',
  })
})

test('going back to an old template makes its set the newest revision', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1'))
  plane.settle()
  change(plane, { template: templateOf('nginx:2') })
  plane.settle()
  change(plane, { template: templateOf('nginx:1') })
  plane.settle()
  const annotations = sets(plane).map(({ metadata }) => metadata.annotations)
  expect(annotations.map(one => one?.['deployment.kubernetes.io/revision'])).toEqual(['3', '2'])
  expect(annotations[0]).toMatchObject({ 'deployment.kubernetes.io/revision-history': '1' })
})

test('scaling in the middle of an update is shared out in proportion', () => {
  const plane = startPlane()
  plane.client.create(
    deployment,
    web('nginx:1', {
      replicas: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    }),
  )
  plane.settle()
  change(plane, { template: templateOf('nginx:broken') })
  plane.pass(100)
  expect(sets(plane).map(({ spec }) => spec.replicas)).toEqual([8, 5])
  change(plane, { replicas: 15 })
  plane.pass(100)
  expect(sets(plane).map(({ spec }) => spec.replicas)).toEqual([11, 7])
})

test('an update that gets nowhere exceeds its deadline', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1', { progressDeadlineSeconds: 5 }))
  plane.settle()
  change(plane, { template: templateOf('nginx:broken') })
  plane.pass(12_000)
  expect(reasons(plane)).toEqual([
    'Available=True MinimumReplicasAvailable',
    'Progressing=False ProgressDeadlineExceeded',
  ])
})

test('a paused Deployment follows its size but not its template', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1'))
  plane.settle()
  change(plane, { paused: true, template: templateOf('nginx:2') })
  plane.settle()
  expect(sets(plane)).toHaveLength(1)
  expect(reasons(plane)).toContain('Progressing=Unknown DeploymentPaused')
  change(plane, { replicas: 2 })
  plane.settle()
  expect(plane.podNames('app=web')).toHaveLength(2)
  change(plane, { paused: false })
  plane.settle()
  expect(sets(plane).map(({ spec }) => spec.replicas)).toEqual([0, 2])
})

test('Recreate waits for the last old pod before it makes new ones', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1', { strategy: { type: 'Recreate' } }))
  plane.settle()
  change(plane, { template: templateOf('nginx:2') })
  plane.pass(1000)
  expect(sets(plane).map(({ spec }) => spec.replicas)).toEqual([0])
  plane.settle()
  expect(sets(plane).map(({ spec }) => spec.replicas)).toEqual([0, 4])
})

test('old sets beyond the history limit are forgotten', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1', { revisionHistoryLimit: 1 }))
  plane.settle()
  for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
    change(plane, { template: templateOf(image) })
    plane.settle()
  }
  expect(sets(plane).map(({ spec }) => spec.template?.spec?.containers[0]?.image)).toEqual(['nginx:3', 'nginx:4'])
})

test('deleting a Deployment takes its sets and pods along', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1'))
  plane.settle()
  plane.client.delete(deployment, 'web', 'default', { propagationPolicy: 'Background' })
  plane.settle()
  expect(sets(plane)).toHaveLength(0)
  expect(plane.podNames()).toHaveLength(0)
})

test('an orphaned set is taken over by a Deployment of the same selector', () => {
  const plane = startPlane()
  plane.client.create(deployment, web('nginx:1'))
  plane.settle()
  const before = plane.podNames('app=web')
  plane.client.delete(deployment, 'web', 'default', { propagationPolicy: 'Orphan' })
  plane.settle()
  expect(sets(plane)[0]!.metadata.ownerReferences).toBeUndefined()
  plane.client.create(deployment, web('nginx:1'))
  plane.settle()
  expect(plane.podNames('app=web')).toEqual(before)
})

test('revisions go on beyond what a double can count', () => {
  const plane = startPlane()
  const labels = { app: 'web' }
  const template = (image: string) => ({ metadata: { labels }, spec: { containers: [{ name: 'c', image }] } })
  plane.client.create(replicaSet, {
    metadata: {
      name: 'old',
      namespace: 'default',
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' },
    },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: template('nginx:1.26') },
  })
  plane.client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template: template('nginx:1.27') },
  })
  plane.settle()
  expect(plane.client.get(deployment, 'web', 'default')!.metadata.annotations).toMatchObject({
    'deployment.kubernetes.io/revision': '3546343826724305833',
  })
})
