import type { PriorityClass as PriorityClassFields } from 'kubernetes-types/scheduling/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** How important pods are. */
export type PriorityClass = KubernetesObject & Omit<PriorityClassFields, keyof KubernetesObject>

export const priorityClass = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  namespaced: false,
  subresources: [],
  hasGeneration: true,
  columns: [nameColumn, ageColumn],
})
