import type { MetricSpec } from 'kubernetes-types/autoscaling/v2'
import { expect, test } from 'vitest'
import type { PodLoad } from '../../../../src/simulator/cluster/controllers/autoscaling/load.ts'
import { propose } from '../../../../src/simulator/cluster/controllers/autoscaling/proposal.ts'
import type { Pod } from '../../../../src/simulator/cluster/kinds/pod.ts'

const now = Date.parse('2026-03-02T10:00:00Z')
const half: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
}

function podNamed(name: string, changes: { request?: string; phase?: string; ready?: string } = {}): Pod {
  const { request = '200m', phase = 'Running', ready = 'True' } = changes
  const since = '2026-03-02T09:00:00Z'
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, uid: name, creationTimestamp: since, resourceVersion: '1', namespace: 'default' },
    spec: { containers: [{ name: 'c', resources: request === '' ? {} : { requests: { cpu: request } } }] },
    status: { phase, startTime: since, conditions: [{ type: 'Ready', status: ready, lastTransitionTime: since }] },
  } as Pod
}

/** What pods use, in cores. */
function loads(usage: Readonly<Record<string, number>>): Map<string, PodLoad> {
  return new Map(
    Object.entries(usage).map(([name, cpu]) => [
      name,
      { containers: new Map([['c', { cpu }]]), at: now, window: 15_000 },
    ]),
  )
}

test.each([
  ['twice the target asks for twice as many', [podNamed('a'), podNamed('b')], { a: 0.2, b: 0.2 }, 2, 4],
  ['within a tenth nothing changes', [podNamed('a'), podNamed('b')], { a: 0.105, b: 0.105 }, 2, 2],
  ['no load leaves none', [podNamed('a'), podNamed('b')], { a: 0, b: 0 }, 2, 0],
  ['an unknown pod is taken for busy when fewer would do', [podNamed('a'), podNamed('b')], { a: 0.02 }, 2, 2],
  ['and for idle when more are needed', [podNamed('a'), podNamed('b')], { a: 0.4 }, 2, 4],
  ['a pod that is coming up counts as idle', [podNamed('a'), podNamed('b', { phase: 'Pending' })], { a: 0.4 }, 2, 4],
])('%s', (_, pods, usage, currentReplicas, expected) => {
  const result = propose({ metric: half, pods, loads: loads(usage), currentReplicas, now })
  expect(result).toMatchObject({ replicas: expected })
})

test('the status says what is used, in two ways', () => {
  const result = propose({ metric: half, pods: [podNamed('a')], loads: loads({ a: 0.084 }), currentReplicas: 1, now })
  expect(result).toMatchObject({
    name: 'cpu resource utilization (percentage of request)',
    status: { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 42, averageValue: '84m' } } },
  })
})

test('utilization needs requests', () => {
  const pods = [podNamed('a', { request: '' })]
  const result = propose({ metric: half, pods, loads: loads({ a: 0.1 }), currentReplicas: 1, now })
  expect(result).toMatchObject({
    reason: 'FailedGetResourceMetric',
    message: 'failed to get cpu utilization: missing request for cpu in container c of Pod a',
  })
})

test('an amount needs none', () => {
  const metric: MetricSpec = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '100m' } },
  }
  const pods = [podNamed('a', { request: '' })]
  expect(propose({ metric, pods, loads: loads({ a: 0.3 }), currentReplicas: 1, now })).toMatchObject({ replicas: 3 })
})
