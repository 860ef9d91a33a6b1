import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Hands a group of the API to another server. */
export const apiService = defineKind<KubernetesObject>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  // Simplified: apiservices can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
