import type { ClusterRole as ClusterRoleFields } from 'kubernetes-types/rbac/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** What may be done in the cluster. */
export type ClusterRole = KubernetesObject & Omit<ClusterRoleFields, keyof KubernetesObject>

export const clusterRole = defineKind<ClusterRole>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
