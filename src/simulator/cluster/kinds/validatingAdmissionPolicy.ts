import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Refuses requests by rules. */
export const validatingAdmissionPolicy = defineKind<KubernetesObject>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  // Simplified: validatingadmissionpolicies can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
