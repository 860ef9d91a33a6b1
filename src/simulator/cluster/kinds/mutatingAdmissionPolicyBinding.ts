import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Says where a mutating admission policy applies. */
export const mutatingAdmissionPolicyBinding = defineKind<KubernetesObject>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  singular: 'mutatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  // Simplified: mutatingadmissionpolicybindings can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
