import type { HorizontalPodAutoscalerSpec } from 'kubernetes-types/autoscaling/v2'
import { expect, test } from 'vitest'
import {
  decide,
  type History,
  type Moment,
  remember,
} from '../../../../src/simulator/cluster/controllers/autoscaling/behavior.ts'

const now = 1_000_000
const spec = (behavior?: HorizontalPodAutoscalerSpec['behavior']): HorizontalPodAutoscalerSpec => ({
  scaleTargetRef: { kind: 'Deployment', name: 'web' },
  minReplicas: 1,
  maxReplicas: 20,
  ...(behavior && { behavior }),
})
const history = (proposals: Moment[] = [], changes: Moment[] = []): History => ({ proposals, changes })
const ago = (seconds: number, replicas: number): Moment => ({ at: now - seconds * 1000, replicas })

test.each([
  ['a little more', 3, 2, history(), 3, 'DesiredWithinRange'],
  ['four more at once when there are few', 12, 2, history(), 6, 'ScaleUpLimit'],
  ['twice as many at once when there are many', 20, 8, history(), 16, 'ScaleUpLimit'],
  ['what was added within the period counts', 20, 8, history([], [ago(10, 4)]), 8, 'ScaleUpLimit'],
  ['no more than the maximum', 40, 18, history(), 20, 'TooManyReplicas'],
  ['as few as are needed', 2, 8, history(), 2, 'DesiredWithinRange'],
  ['no fewer than the minimum', 0, 3, history(), 1, 'TooFewReplicas'],
  ['the most of the last five minutes', 2, 8, history([ago(200, 6)]), 6, 'DesiredWithinRange'],
  ['what was proposed before that is forgotten', 2, 8, history([ago(301, 6)]), 2, 'DesiredWithinRange'],
])('%s', (_, proposed, current, past, expected, reason) => {
  const { replicas, limited } = decide(spec(), proposed, current, past, now)
  expect([replicas, limited.reason]).toEqual([expected, reason])
})

test('scaling down waits for as long as the window says', () => {
  const { able } = decide(spec(), 2, 8, history([ago(200, 8)]), now)
  expect(able.reason).toBe('ScaleDownStabilized')
})

test('one pod a minute is one pod a minute', () => {
  const slow = {
    scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
  }
  expect(decide(spec(slow), 2, 8, history(), now).replicas).toBe(7)
  expect(decide(spec(slow), 2, 7, history([], [ago(30, -1)]), now).replicas).toBe(7)
})

test('a disabled direction stays as it is', () => {
  expect(decide(spec({ scaleUp: { selectPolicy: 'Disabled' } }), 5, 2, history(), now).replicas).toBe(2)
})

test('what is older than an hour is not remembered', () => {
  const past = history([ago(3601, 9), ago(100, 8)])
  expect(remember(past, { at: now, replicas: 7 }, undefined).proposals.map(({ replicas }) => replicas)).toEqual([8, 7])
})
