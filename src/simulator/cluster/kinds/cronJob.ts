import type { CronJobSpec, CronJobStatus } from 'kubernetes-types/batch/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

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
  columns: [nameColumn, ageColumn],
})
