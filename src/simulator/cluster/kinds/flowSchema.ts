import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Sorts requests by who makes them. */
export const flowSchema = defineKind<KubernetesObject>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['status'],
  // Simplified: flowschemas can be listed, but none can be made.
  isInert: true,
  columns: [nameColumn, ageColumn],
})
