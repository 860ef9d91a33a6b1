import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A range from which Services are given addresses. */
export interface ServiceCIDR extends KubernetesObject {
  spec: unknown
  status: unknown
}

export const serviceCidr = defineKind<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  singular: 'servicecidr',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  columns: [nameColumn, ageColumn],
})
