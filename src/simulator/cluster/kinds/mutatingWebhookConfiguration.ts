import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Asks servers outside to change requests. */
export const mutatingWebhookConfiguration = defineKind<KubernetesObject>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  // Simplified: mutatingwebhookconfigurations can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
