import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** A wish for devices. */
// Simplified: claims are kept, but nobody allocates devices to them.
export const resourceClaim = defineKind<KubernetesObject>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  singular: 'resourceclaim',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  columns: [nameColumn, ageColumn],
})
