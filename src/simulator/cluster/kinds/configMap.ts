import type { ConfigMap as ConfigMapFields } from 'kubernetes-types/core/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Settings that pods read as files or variables. */
export type ConfigMap = KubernetesObject & Omit<ConfigMapFields, keyof KubernetesObject>

export const configMap = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
