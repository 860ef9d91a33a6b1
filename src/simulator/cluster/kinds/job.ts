import type { JobSpec, JobStatus } from 'kubernetes-types/batch/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Pods that run until they have done their work. */
export interface Job extends KubernetesObject {
  spec: JobSpec
  status: JobStatus
}

export const job = defineKind<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  shortNames: [],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
