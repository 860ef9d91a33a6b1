import type { ResourceQuotaSpec, ResourceQuotaStatus } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** How much a namespace may hold. */
export interface ResourceQuota extends KubernetesObject {
  spec: ResourceQuotaSpec
  status: ResourceQuotaStatus
}

export const resourceQuota = defineKind<ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  columns: [nameColumn, ageColumn],
})
