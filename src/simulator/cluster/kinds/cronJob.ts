import type { CronJobSpec, CronJobStatus } from 'kubernetes-types/batch/v1'
import { requireNonNegative, requireOneOf } from '../api/checks.ts'
import { type FieldError, invalid, required } from '../api/fieldError.ts'
import type { KubernetesObject } from '../api/object.ts'
import { formatSelector } from '../api/selector.ts'
import { ageColumn, ageSince, imagesOf, nameColumn, namesOf } from './columns.ts'
import { validateJobSpec } from './job.ts'
import { defineKind } from './kind.ts'
import { setOwnTemplateDefaults } from './pods/template.ts'
import { checkSchedule, checkTimeZone } from './workloads/schedule.ts'

/** Starts Jobs by the clock. */
export interface CronJob extends KubernetesObject {
  spec: CronJobSpec
  status: CronJobStatus
}

export const cronJob = defineKind<CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  defaults({ spec }) {
    spec.concurrencyPolicy ||= 'Allow'
    spec.suspend ??= false
    spec.successfulJobsHistoryLimit ??= 3
    spec.failedJobsHistoryLimit ??= 1
    if (spec.jobTemplate) {
      spec.jobTemplate.metadata ??= {}
      // The Job within stays as it was written: only its pods are filled in.
      if (spec.jobTemplate.spec) setOwnTemplateDefaults(spec.jobTemplate.spec)
    }
  },
  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    // Names of Jobs are the name of the CronJob and eleven more letters.
    if (metadata.name?.length > 52)
      errors.push(invalid('metadata.name', metadata.name, 'must be no more than 52 characters'))
    if (!spec.schedule) errors.push(required('spec.schedule'))
    else for (const text of checkSchedule(spec.schedule)) errors.push(invalid('spec.schedule', spec.schedule, text))
    if (spec.timeZone !== undefined)
      for (const text of checkTimeZone(spec.timeZone)) errors.push(invalid('spec.timeZone', spec.timeZone, text))
    requireNonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds', errors)
    requireOneOf(spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], 'spec.concurrencyPolicy', errors)
    if (spec.jobTemplate?.spec) validateJobSpec(spec.jobTemplate.spec, 'spec.jobTemplate.spec', errors)
    requireNonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit', errors)
    requireNonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit', errors)
    return errors
  },
  columns: [
    nameColumn,
    { name: 'Schedule', value: ({ spec }) => spec.schedule },
    { name: 'Timezone', value: ({ spec }) => spec.timeZone ?? '<none>' },
    { name: 'Suspend', type: 'boolean', value: ({ spec }) => (spec.suspend ? 'True' : 'False') },
    { name: 'Active', type: 'integer', value: ({ status }) => status.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      value: ({ status }, now) => (status.lastScheduleTime ? ageSince(status.lastScheduleTime, now) : '<none>'),
    },
    ageColumn,
    { name: 'Containers', wide: true, value: ({ spec }) => namesOf(spec.jobTemplate.spec?.template) },
    { name: 'Images', wide: true, value: ({ spec }) => imagesOf(spec.jobTemplate.spec?.template) },
    { name: 'Selector', wide: true, value: ({ spec }) => formatSelector(spec.jobTemplate.spec?.selector) },
  ],
})
