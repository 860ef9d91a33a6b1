import type { RoleBinding as RoleBindingFields } from 'kubernetes-types/rbac/v1'
import type { KubernetesObject } from '../api/object.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Who may do what a role allows, in a namespace. */
export type RoleBinding = KubernetesObject & Omit<RoleBindingFields, keyof KubernetesObject>

export const roleBinding = defineKind<RoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [nameColumn, ageColumn],
})
