import { expect, test } from 'vitest'
import {
  type HorizontalPodAutoscalerV1,
  horizontalPodAutoscalerV1,
} from '../../../src/simulator/cluster/kinds/horizontalPodAutoscalerV1.ts'

const { view } = horizontalPodAutoscalerV1
const metadata = { name: 'a', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '' }
const scaleTargetRef = { kind: 'Deployment', name: 'web' }

const metrics = [
  { type: 'Pods', pods: { metricName: 'hits', targetAverageValue: '100m' } },
  { type: 'Object', object: { target: { kind: 'Service', name: 'web' }, metricName: 'load', targetValue: '2' } },
]

const first: HorizontalPodAutoscalerV1 = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { ...metadata, annotations: { 'autoscaling.alpha.kubernetes.io/metrics': JSON.stringify(metrics) } },
  spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 80 },
  status: { currentReplicas: 0, desiredReplicas: 0 },
}

test('what the first version has no fields for stands in an annotation', () => {
  const stored = view!.toStored(first) as unknown as { metadata: object; spec: { metrics: object[] } }
  expect(stored.metadata).toEqual(metadata)
  expect(stored.spec.metrics).toEqual([
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '100m' } } },
    {
      type: 'Object',
      object: {
        describedObject: { kind: 'Service', name: 'web' },
        metric: { name: 'load' },
        target: { type: 'Value', value: '2' },
      },
    },
  ])
})

test('an autoscaler in its first version comes back as it was', () => {
  expect(view!.fromStored(view!.toStored(first) as never)).toMatchObject({
    metadata: first.metadata,
    spec: first.spec,
  })
})
