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

/** Ends the running pods, those of the numbers with one exit code and the others with success. */
function endIndexes(plane: TestPlane, failing: readonly number[], exitCode = 1): void {
  for (const { metadata, status } of plane.client.list(pod, { namespace: 'default' })) {
    if (status.phase === 'Succeeded' || status.phase === 'Failed') continue
    const hasFailed = failing.includes(Number(metadata.labels?.['batch.kubernetes.io/job-completion-index']))
    const terminated = {
      exitCode: hasFailed ? exitCode : 0,
      finishedAt: new Date(epoch + plane.clock.now).toISOString(),
    }
    plane.setPodStatus(metadata.name, {
      phase: hasFailed ? 'Failed' : 'Succeeded',
      containerStatuses: [{ name: 'c', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated } }],
    })
  }
}

const indexed = { completionMode: 'Indexed', completions: 3, parallelism: 3 } as const

test('pods of a Job that is deleted can go, too', () => {
  const plane = startPlane()
  create(plane)
  plane.pass(100)
  plane.client.delete(job, 'work', 'default', { propagationPolicy: 'Background' })
  plane.settle(2000)
  expect(plane.podNames()).toHaveLength(0)
})

test('pods that are kept when their Job is deleted lose its finalizer', () => {
  const plane = startPlane()
  create(plane)
  plane.pass(100)
  plane.client.delete(job, 'work', 'default', { propagationPolicy: 'Orphan' })
  plane.pass(2000)
  expect(plane.client.list(pod).map(({ metadata }) => [metadata.finalizers, metadata.ownerReferences])).toEqual([
    [undefined, undefined],
  ])
})

test('each number may fail so often, and the others go on', () => {
  const plane = startPlane()
  create(plane, { ...indexed, backoffLimitPerIndex: 1 })
  plane.pass(1000)
  endIndexes(plane, [1])
  plane.pass(2000)
  expect(get(plane).status).toMatchObject({ succeeded: 2, completedIndexes: '0,2', failedIndexes: '' })
  plane.pass(10_000)
  const second = plane.client.list(pod).find(({ status }) => status.phase === 'Pending')!
  expect(second.metadata.annotations).toMatchObject({ 'batch.kubernetes.io/job-index-failure-count': '1' })
  endIndexes(plane, [1])
  plane.pass(3000)
  expect(get(plane).status).toMatchObject({ succeeded: 2, failed: 2, failedIndexes: '1' })
  expect(conditions(plane)).toEqual(['FailureTarget FailedIndexes', 'Failed FailedIndexes'])
  expect(plane.client.list(pod).flatMap(({ metadata }) => metadata.finalizers ?? [])).toEqual([])
})

test('too many failed numbers end the Job', () => {
  const plane = startPlane()
  create(plane, { ...indexed, parallelism: 2, backoffLimitPerIndex: 0, maxFailedIndexes: 1 })
  plane.pass(1000)
  endIndexes(plane, [0, 1])
  plane.pass(3000)
  expect(conditions(plane)).toEqual(['FailureTarget MaxFailedIndexesExceeded', 'Failed MaxFailedIndexesExceeded'])
})

test('a Job can be content with the success of some numbers', () => {
  const plane = startPlane()
  create(plane, { ...indexed, successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] } })
  plane.pass(1000)
  const [first] = plane.client.list(pod)
  plane.setPodStatus(first!.metadata.name, { phase: 'Succeeded', startTime: '2026-03-02T09:00:00Z' })
  plane.settle(3000)
  expect(conditions(plane)).toEqual(['SuccessCriteriaMet SuccessPolicy', 'Complete SuccessPolicy'])
  expect(get(plane).status.conditions?.[0]?.message).toBe('Matched rules at index 0')
  expect(plane.podNames()).toHaveLength(1)
})

test('a failure policy ignores failures or ends the Job at once', () => {
  const plane = startPlane()
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } }
  const podFailurePolicy = {
    rules: [
      { action: 'FailJob', onExitCodes: { containerName: 'c', operator: 'In', values: [42] } },
      { action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [42, 7] } },
    ],
  }
  create(plane, { ...indexed, completions: 1, parallelism: 1, backoffLimit: 0, podFailurePolicy, template })
  plane.pass(1000)
  endIndexes(plane, [0], 3)
  plane.pass(12_000)
  expect(get(plane).status).toMatchObject({ active: 1 })
  expect(get(plane).status.failed).toBeUndefined()
  endIndexes(plane, [0], 42)
  plane.pass(3000)
  expect(conditions(plane)).toEqual(['FailureTarget PodFailurePolicy', 'Failed PodFailurePolicy'])
  expect(get(plane).status.conditions?.[0]?.message).toMatch(
    /^Container c for pod default\/work-0-\w{5} failed with exit code 42 matching FailJob rule at index 0$/,
  )
})
