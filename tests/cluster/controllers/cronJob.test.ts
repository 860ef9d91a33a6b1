import { expect, test } from 'vitest'
import { nextStart, parseSchedule } from '../../../src/simulator/cluster/controllers/jobs/schedule.ts'
import { type CronJob, cronJob } from '../../../src/simulator/cluster/kinds/cronJob.ts'
import { job } from '../../../src/simulator/cluster/kinds/job.ts'
import { epoch, startPlane, type TestPlane } from './controlPlane.ts'

const minute = 60_000

function create(plane: TestPlane, spec: Partial<CronJob['spec']> = {}): void {
  const containers = [{ name: 'c', image: 'busybox' }]
  plane.client.create(cronJob, {
    metadata: { name: 'tick', namespace: 'default' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'OnFailure', containers } } } },
      ...spec,
    },
  })
}

function next(schedule: string, after: string, zone?: string): string | undefined {
  const time = nextStart(parseSchedule(schedule)!, Date.parse(after), zone)
  return time === undefined ? undefined : new Date(time).toISOString().replace(':00.000Z', 'Z')
}

test.each([
  ['*/5 * * * *', '2026-03-02T09:01:30Z', '2026-03-02T09:05Z'],
  ['0 9-17 * * mon-fri', '2026-03-06T17:00:00Z', '2026-03-09T09:00Z'],
  ['30 2 29 2 *', '2026-03-02T09:00:00Z', '2028-02-29T02:30Z'],
  ['0 0 13 * fri', '2026-03-02T09:00:00Z', '2026-03-06T00:00Z'],
  ['@hourly', '2026-03-02T09:00:00Z', '2026-03-02T10:00Z'],
  ['15,45 1 1 jan *', '2026-03-02T09:00:00Z', '2027-01-01T01:15Z'],
  ['0 0 31 2 *', '2026-03-02T09:00:00Z', undefined],
])('%s after %s is %s', (schedule, after, expected) => {
  expect(next(schedule, after)).toBe(expected)
})

test('a time zone moves the hours', () => {
  expect(next('0 9 * * *', '2026-03-02T09:00:00Z', 'Asia/Seoul')).toBe('2026-03-03T00:00Z')
})

test.each(['every minute', '* * * *', '60 * * * *', '* * * * 9', '5-1 * * * *'])('%s is no schedule', text => {
  expect(parseSchedule(text)).toBeUndefined()
})

test('a Job starts at each full minute, named after it', () => {
  const plane = startPlane()
  create(plane)
  plane.pass(minute)
  const [first] = plane.client.list(job)
  expect(first!.metadata.name).toBe(`tick-${epoch / minute + 1}`)
  expect(first!.metadata.annotations).toEqual({
    'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-02T09:01:00Z',
  })
  expect(plane.client.get(cronJob, 'tick', 'default')!.status).toMatchObject({
    lastScheduleTime: '2026-03-02T09:01:00Z',
    active: [{ kind: 'Job', name: first!.metadata.name }],
  })
  plane.pass(minute)
  expect(plane.client.list(job)).toHaveLength(2)
})

test('Forbid leaves a start out while the last one runs, Replace ends it', () => {
  const plane = startPlane()
  create(plane, { concurrencyPolicy: 'Forbid' })
  plane.pass(3 * minute)
  expect(plane.client.list(job)).toHaveLength(1)
  plane.client.patch(cronJob, 'tick', 'default', { spec: { concurrencyPolicy: 'Replace' } })
  plane.pass(minute)
  const names = plane.client.list(job).map(({ metadata }) => metadata.name)
  expect(names).toEqual([`tick-${epoch / minute + 4}`])
})

test('a suspended CronJob starts nothing', () => {
  const plane = startPlane()
  create(plane, { suspend: true })
  plane.pass(3 * minute)
  expect(plane.client.list(job)).toHaveLength(0)
})
