import type { ComponentStatus as ComponentStatusFields } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Whether parts of the control plane answer; deprecated. */
export type ComponentStatus = KubernetesObject & Omit<ComponentStatusFields, keyof KubernetesObject>

export const componentStatus = defineKind<ComponentStatus>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
