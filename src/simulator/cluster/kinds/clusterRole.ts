import type { ClusterRole as ClusterRoleFields } from 'kubernetes-types/rbac/v1'
import type { FieldError } from '../api/fieldError.ts'
import { checkPathSegment } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { validateRules } from './access/rules.ts'
import { createdColumn, nameColumn } from './columns.ts'
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
  checkName: checkPathSegment,
  prepare(role) {
    role.rules ??= []
  },
  validate({ rules }) {
    const errors: FieldError[] = []
    validateRules(rules, false, errors)
    return errors
  },
  columns: [nameColumn, createdColumn],
})
