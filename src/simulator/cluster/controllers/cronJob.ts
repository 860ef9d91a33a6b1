import { isEqual } from '../api/equality.ts'
import { ApiError } from '../api/error.ts'
import { controllerReference, isControlledBy } from '../api/object.ts'
import { type CronJob, cronJob } from '../kinds/cronJob.ts'
import { type Job, job } from '../kinds/job.ts'
import { type Control, defineController, lookUp, toTimestamp, watch, watchOwned } from './controller.ts'
import { nextStart, offsetOf, parseSchedule, type Schedule } from './jobs/schedule.ts'

const minute = 60_000
const tooManyMissed = 100

/** Starts Jobs by the clock, and forgets old ones. */
export const cronJobController = defineController({
  name: 'cronjob-controller',
  watches: [watch(cronJob), watchOwned(job, 'CronJob')],
  reconcile(key, control) {
    const found = lookUp(control.client, cronJob, key)
    if (!found) return
    const jobs = control.client
      .list(job, { namespace: found.metadata.namespace! })
      .filter(candidate => isControlledBy(candidate, found))
    forgetJobs(found, jobs, control)
    const current = noteEnded(found, jobs, control)
    if (found.metadata.deletionTimestamp || found.spec.suspend) return
    const schedule = parseSchedule(found.spec.schedule)
    if (!schedule) {
      control.record(found, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${found.spec.schedule}`)
      return
    }
    startDue(current, jobs, schedule, control)
    const zone = (found.spec as { timeZone?: string }).timeZone
    const next = nextStart(schedule, control.now, zone)
    if (next !== undefined) control.enqueue(key, next - control.now)
  },
})

type Ending = 'Complete' | 'Failed'

function endingOf({ status }: Job): Ending | undefined {
  const end = status?.conditions?.find(
    ({ type, status: state }) => (type === 'Complete' || type === 'Failed') && state === 'True',
  )
  return end?.type as Ending | undefined
}

/** Takes Jobs that have ended off the list of active ones. */
function noteEnded(found: CronJob, jobs: readonly Job[], control: Control): CronJob {
  const { client, record } = control
  let active = found.status?.active ?? []
  let lastSuccessfulTime = (found.status as { lastSuccessfulTime?: string } | undefined)?.lastSuccessfulTime
  for (const one of jobs) {
    const ending = endingOf(one)
    const isListed = active.some(({ uid }) => uid === one.metadata.uid)
    if (ending && isListed) {
      active = active.filter(({ uid }) => uid !== one.metadata.uid)
      record(found, 'Normal', 'SawCompletedJob', `Saw completed job: ${one.metadata.name}, condition: ${ending}`)
    } else if (!ending && !isListed && !one.metadata.deletionTimestamp)
      record(
        found,
        'Warning',
        'UnexpectedJob',
        `Saw a job that the controller did not create or forgot: ${one.metadata.name}`,
      )
    const time = one.status?.completionTime
    if (ending === 'Complete' && time && time > (lastSuccessfulTime ?? '')) lastSuccessfulTime = time
  }
  for (const reference of active) {
    if (jobs.some(({ metadata }) => metadata.uid === reference.uid)) continue
    record(found, 'Normal', 'MissingJob', `Active job went missing: ${reference.name}`)
    active = active.filter(({ uid }) => uid !== reference.uid)
  }
  const { active: _, ...rest } = found.status ?? {}
  const status = { ...rest, ...(active.length > 0 && { active }), ...(lastSuccessfulTime && { lastSuccessfulTime }) }
  return isEqual(status, found.status) ? found : client.updateStatus(cronJob, { ...found, status })
}

/** Keeps the newest ended Jobs, three that succeeded and one that failed unless said otherwise. */
function forgetJobs(found: CronJob, jobs: readonly Job[], { client, record }: Control): void {
  for (const [ending, limit] of [
    ['Complete', found.spec.successfulJobsHistoryLimit],
    ['Failed', found.spec.failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue
    const ended = jobs
      .filter(one => endingOf(one) === ending && !one.metadata.deletionTimestamp)
      .sort((a, b) => ((a.status?.startTime ?? '') < (b.status?.startTime ?? '') ? -1 : 1))
    for (const { metadata } of ended.slice(0, Math.max(0, ended.length - limit))) {
      client.delete(job, metadata.name, metadata.namespace, { propagationPolicy: 'Background' })
      record(found, 'Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`)
    }
  }
}

/** Starts the Job of the last time that has passed since the one before, if it is not too late for it. */
function startDue(found: CronJob, jobs: readonly Job[], schedule: Schedule, control: Control): void {
  const { client, record, now } = control
  const { startingDeadlineSeconds, concurrencyPolicy } = found.spec
  const zone = (found.spec as { timeZone?: string }).timeZone
  const since = Date.parse(found.status?.lastScheduleTime ?? found.metadata.creationTimestamp)
  const earliest = startingDeadlineSeconds === undefined ? since : Math.max(since, now - startingDeadlineSeconds * 1000)
  const due = lastDue(schedule, earliest, now, zone)
  if (!due) return
  if (due.missed > tooManyMissed)
    record(
      found,
      'Warning',
      'TooManyMissedTimes',
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    )
  const { name } = found.metadata
  const jobName = `${name}-${Math.floor(due.time / minute)}`
  if (jobs.some(({ metadata }) => metadata.name === jobName)) return
  const active = found.status?.active ?? []
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    record(
      found,
      'Normal',
      'JobAlreadyActive',
      'Not starting job because prior execution is running and concurrency policy is Forbid',
    )
    return
  }
  if (concurrencyPolicy === 'Replace')
    for (const reference of active) {
      if (!client.get(job, reference.name!, found.metadata.namespace)) continue
      client.delete(job, reference.name!, found.metadata.namespace, { propagationPolicy: 'Background' })
      record(found, 'Normal', 'SuccessfulDelete', `Deleted job ${reference.name}`)
    }
  const created = createJob(found, jobName, due.time, zone, control)
  const reference = {
    kind: 'Job',
    namespace: created.metadata.namespace!,
    name: created.metadata.name,
    uid: created.metadata.uid,
    apiVersion: 'batch/v1',
    resourceVersion: created.metadata.resourceVersion,
  }
  const kept = concurrencyPolicy === 'Replace' ? [] : active
  const status = { ...found.status, active: [...kept, reference], lastScheduleTime: toTimestamp(due.time) }
  client.updateStatus(cronJob, { ...found, status })
}

function lastDue(schedule: Schedule, earliest: number, now: number, zone: string | undefined) {
  let time: number | undefined
  let missed = 0
  for (
    let next = nextStart(schedule, earliest, zone);
    next !== undefined && next <= now;
    next = nextStart(schedule, next, zone)
  ) {
    time = next
    missed++
  }
  return time === undefined ? undefined : { time, missed }
}

function createJob(found: CronJob, name: string, time: number, zone: string | undefined, control: Control): Job {
  const { jobTemplate } = found.spec
  const { labels, annotations } = jobTemplate.metadata ?? {}
  const scheduled = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': localTimestamp(time, zone) }
  try {
    const created = control.client.create(job, {
      metadata: {
        name,
        namespace: found.metadata.namespace!,
        ...(labels && { labels }),
        annotations: { ...annotations, ...scheduled },
        ownerReferences: [controllerReference(found)],
      },
      spec: jobTemplate.spec!,
    })
    control.record(found, 'Normal', 'SuccessfulCreate', `Created job ${name}`)
    return created
  } catch (error) {
    if (error instanceof ApiError)
      control.record(found, 'Warning', 'FailedCreate', `Error creating job: ${error.message}`)
    throw error
  }
}

/** RFC 3339 with the offset of a time zone. */
function localTimestamp(time: number, zone: string | undefined): string {
  if (zone === undefined) return toTimestamp(time)
  const offset = offsetOf(time, zone) / minute
  if (offset === 0) return toTimestamp(time)
  const size = Math.abs(offset)
  const two = (number: number) => String(number).padStart(2, '0')
  const suffix = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
  return toTimestamp(time + offset * minute).replace('Z', suffix)
}
