import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Changes requests by rules. */
export const mutatingAdmissionPolicy = defineKind<KubernetesObject>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  singular: 'mutatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  // Simplified: mutatingadmissionpolicies can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
