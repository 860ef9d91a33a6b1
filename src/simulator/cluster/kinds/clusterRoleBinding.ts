import type { ClusterRoleBinding as ClusterRoleBindingFields } from 'kubernetes-types/rbac/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Who may do what a role allows, everywhere. */
export type ClusterRoleBinding = KubernetesObject & Omit<ClusterRoleBindingFields, keyof KubernetesObject>

export const clusterRoleBinding = defineKind<ClusterRoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
