import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Says where a validating admission policy applies. */
export const validatingAdmissionPolicyBinding = defineKind<KubernetesObject>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  // Simplified: validatingadmissionpolicybindings can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
