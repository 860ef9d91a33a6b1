import { expect, test } from 'vitest'
import { deployment } from '../../../src/simulator/cluster/kinds/deployment.ts'
import {
  type PodDisruptionBudget,
  podDisruptionBudget,
} from '../../../src/simulator/cluster/kinds/podDisruptionBudget.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

function statusOf(spec: Partial<PodDisruptionBudget['spec']>, prepare: (plane: TestPlane) => void = addDeployment) {
  const plane = startPlane()
  prepare(plane)
  plane.settle()
  plane.client.create(podDisruptionBudget, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  })
  plane.pass(100)
  const { status } = plane.client.get(podDisruptionBudget, 'web', 'default')!
  return { ...status, conditions: status.conditions?.map(({ status: state, reason }) => `${state} ${reason}`) }
}

function addDeployment({ client }: TestPlane): void {
  const labels = { app: 'web' }
  client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 4,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  })
}

test('minAvailable leaves what is above it', () => {
  expect(statusOf({ minAvailable: 3 })).toMatchObject({
    currentHealthy: 4,
    desiredHealthy: 3,
    disruptionsAllowed: 1,
    expectedPods: 4,
    conditions: ['True SufficientPods'],
  })
})

test('a percentage of the wanted pods rounds up', () => {
  expect(statusOf({ minAvailable: '60%' })).toMatchObject({ desiredHealthy: 3, disruptionsAllowed: 1 })
})

test('maxUnavailable counts from the wanted number', () => {
  expect(statusOf({ maxUnavailable: 1 })).toMatchObject({ desiredHealthy: 3, expectedPods: 4, disruptionsAllowed: 1 })
})

test('too few healthy pods allow no disruption', () => {
  expect(statusOf({ minAvailable: 5 })).toMatchObject({ disruptionsAllowed: 0, conditions: ['False InsufficientPods'] })
})

test('a pod that was evicted counts as going for two minutes', () => {
  const plane = startPlane()
  addDeployment(plane)
  plane.settle()
  plane.client.create(podDisruptionBudget, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, minAvailable: 1 },
  })
  plane.pass(100)
  const budget = () => plane.client.get(podDisruptionBudget, 'web', 'default')!
  const [name = ''] = plane.podNames('app=web')
  const disruptedPods = { [name]: '2026-03-02T09:00:00Z', gone: '2026-03-02T09:00:00Z' }
  plane.client.updateStatus(podDisruptionBudget, { ...budget(), status: { ...budget().status, disruptedPods } })
  plane.pass(100)
  expect(Object.keys(budget().status.disruptedPods ?? {})).toEqual([name])
  plane.pass(121_000)
  plane.client.patch(podDisruptionBudget, 'web', 'default', { metadata: { labels: { looked: 'at' } } })
  plane.pass(100)
  expect(budget().status.disruptedPods).toBeUndefined()
})
