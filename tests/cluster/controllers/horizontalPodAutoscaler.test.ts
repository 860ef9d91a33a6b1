import { expect, test } from 'vitest'
import { deployment } from '../../../src/simulator/cluster/kinds/deployment.ts'
import { horizontalPodAutoscaler } from '../../../src/simulator/cluster/kinds/horizontalPodAutoscaler.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

function start(replicas: number, minReplicas: number, maxReplicas: number): TestPlane {
  const plane = startPlane()
  const labels = { app: 'web' }
  plane.client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  })
  plane.client.create(horizontalPodAutoscaler, {
    metadata: { name: 'scale', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas,
      maxReplicas,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  })
  return plane
}

test('without metrics it says that it cannot tell, after a while', () => {
  const plane = start(2, 1, 3)
  plane.pass(10_000)
  expect(plane.client.get(horizontalPodAutoscaler, 'scale', 'default')!.status?.conditions ?? []).toEqual([])
  plane.pass(6000)
  const { status } = plane.client.get(horizontalPodAutoscaler, 'scale', 'default')!
  expect(status).toMatchObject({ currentReplicas: 2, desiredReplicas: 0, currentMetrics: [{ type: '' }] })
  expect(status.conditions?.map(({ type, status: state, reason }) => `${type}=${state} ${reason}`)).toEqual([
    'AbleToScale=True SucceededGetScale',
    'ScalingActive=False FailedGetResourceMetric',
  ])
  plane.pass(15_000)
  expect(plane.eventsOf('scale').map(text => text.replace(/:.*(?= \()/, ''))).toEqual([
    'FailedGetResourceMetric (x2)',
    'FailedComputeMetricsReplicas (x2)',
  ])
})

test.each([
  [5, 1, 3, 3, 'New size: 3; reason: Current number of replicas above Spec.MaxReplicas'],
  [1, 2, 3, 2, 'New size: 2; reason: Current number of replicas below Spec.MinReplicas'],
])('%i replicas between %i and %i become %i', (replicas, least, most, expected, message) => {
  const plane = start(replicas, least, most)
  plane.settle(16_000)
  expect(plane.podNames('app=web')).toHaveLength(expected)
  expect(plane.eventsOf('scale')).toContain(`SuccessfulRescale: ${message}`)
})
