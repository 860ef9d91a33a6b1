import type { ServiceAccount as ServiceAccountFields } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Who a pod is when it talks to the API server. */
export type ServiceAccount = KubernetesObject & Omit<ServiceAccountFields, keyof KubernetesObject>

export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  categories: [],
  namespaced: true,
  subresources: ['token'],
  columns: [nameColumn, ageColumn],
})
