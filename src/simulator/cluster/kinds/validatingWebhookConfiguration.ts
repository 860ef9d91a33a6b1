import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Asks servers outside whether to refuse requests. */
export const validatingWebhookConfiguration = defineKind<KubernetesObject>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  singular: 'validatingwebhookconfiguration',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  // Simplified: validatingwebhookconfigurations can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
