import { expect, test } from 'vitest'
import { type Job, job } from '../../../src/simulator/cluster/kinds/job.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { epoch, startPlane, type TestPlane } from './controlPlane.ts'

function create(plane: TestPlane, spec: Partial<Job['spec']> = {}): void {
  plane.client.create(job, {
    metadata: { name: 'work', namespace: 'default' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
      ...spec,
    },
  })
}

/** Ends every pod that has not ended. */
function endPods(plane: TestPlane, phase: 'Succeeded' | 'Failed'): void {
  const finishedAt = new Date(epoch + plane.clock.now).toISOString()
  const exitCode = phase === 'Failed' ? 1 : 0
  for (const { metadata, status } of plane.client.list(pod, { namespace: 'default' }))
    if (status.phase !== 'Succeeded' && status.phase !== 'Failed')
      plane.setPodStatus(metadata.name, {
        phase,
        conditions: [],
        containerStatuses: [
          {
            name: 'c',
            image: '',
            imageID: '',
            ready: false,
            restartCount: 0,
            state: { terminated: { exitCode, finishedAt } },
          },
        ],
      })
}

const get = (plane: TestPlane) => plane.client.get(job, 'work', 'default')!
const conditions = (plane: TestPlane) => get(plane).status.conditions?.map(({ type, reason }) => `${type} ${reason}`)

test('a Job is complete when enough pods have succeeded', () => {
  const plane = startPlane()
  create(plane, { completions: 3, parallelism: 2 })
  plane.pass(100)
  expect(plane.podNames()).toHaveLength(2)
  endPods(plane, 'Succeeded')
  plane.pass(1100)
  expect(plane.podNames()).toHaveLength(3)
  endPods(plane, 'Succeeded')
  plane.pass(1100)
  expect(get(plane).status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0, uncountedTerminatedPods: {} })
  expect(conditions(plane)).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached'])
  expect(plane.eventsOf('work').at(-1)).toBe('Completed: Job completed')
  expect(plane.client.list(pod).flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([])
})

test('a failed pod is replaced after ten seconds, until the limit is reached', () => {
  const plane = startPlane()
  create(plane, { backoffLimit: 1 })
  plane.pass(1000)
  endPods(plane, 'Failed')
  plane.pass(8000)
  expect(plane.podNames()).toHaveLength(1)
  plane.pass(3000)
  expect(plane.podNames()).toHaveLength(2)
  endPods(plane, 'Failed')
  plane.pass(3000)
  expect(conditions(plane)).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded'])
  expect(get(plane).status.failed).toBe(2)
  expect(plane.eventsOf('work').at(-1)).toBe('BackoffLimitExceeded: Job has reached the specified backoff limit')
})

test('a Job that runs out of time loses its pods', () => {
  const plane = startPlane()
  create(plane, { activeDeadlineSeconds: 4 })
  plane.settle(10_000)
  expect(conditions(plane)).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded'])
  expect(plane.podNames()).toHaveLength(0)
})

test('pods of an Indexed Job know their number', () => {
  const plane = startPlane()
  create(plane, { completions: 3, parallelism: 3, completionMode: 'Indexed' })
  plane.pass(100)
  const pods = plane.client.list(pod)
  expect(pods.map(({ metadata }) => metadata.annotations?.['batch.kubernetes.io/job-completion-index'])).toEqual([
    '0',
    '1',
    '2',
  ])
  expect(pods.map(({ spec }) => spec.hostname)).toEqual(['work-0', 'work-1', 'work-2'])
  endPods(plane, 'Succeeded')
  plane.pass(1500)
  expect(get(plane).status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' })
})

test('a suspended Job has no pods until it is resumed', () => {
  const plane = startPlane()
  create(plane, { suspend: true })
  plane.pass(1000)
  expect(plane.podNames()).toHaveLength(0)
  expect(conditions(plane)).toEqual(['Suspended JobSuspended'])
  plane.client.patch(job, 'work', 'default', { spec: { suspend: false } })
  plane.pass(1000)
  expect(plane.podNames()).toHaveLength(1)
  expect(conditions(plane)).toEqual(['Suspended JobResumed'])
})

test('a Job with a time to live is deleted after it', () => {
  const plane = startPlane()
  create(plane, { ttlSecondsAfterFinished: 5 })
  plane.pass(100)
  endPods(plane, 'Succeeded')
  plane.settle(4000)
  expect(plane.client.list(job)).toHaveLength(1)
  plane.settle(5000)
  expect(plane.client.list(job)).toHaveLength(0)
  expect(plane.podNames()).toHaveLength(0)
})
