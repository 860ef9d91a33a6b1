import type { ServiceSpec, ServiceStatus } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** One name and address for a changing set of pods. */
export interface Service extends KubernetesObject {
  spec: ServiceSpec
  status: ServiceStatus
}

export const service = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status', 'proxy'],
  columns: [nameColumn, ageColumn],
})
