import type { Binding as BindingFields } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Ties a pod to a node. */
export type Binding = KubernetesObject & Omit<BindingFields, keyof KubernetesObject>

export const binding = defineKind<Binding>({
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  singular: 'binding',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  verbs: ['create'],
  columns: [nameColumn, ageColumn],
})
