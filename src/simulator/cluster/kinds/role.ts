import type { Role as RoleFields } from 'kubernetes-types/rbac/v1'
import type { FieldError } from '../api/fieldError.ts'
import { checkPathSegment } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { validateRules } from './access/rules.ts'
import { createdColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

export type { PolicyRule } from 'kubernetes-types/rbac/v1'

/** What may be done in a namespace. */
export type Role = KubernetesObject & Omit<RoleFields, keyof KubernetesObject>

export const role = defineKind<Role>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  checkName: checkPathSegment,
  prepare(role) {
    role.rules ??= []
  },
  validate({ rules }) {
    const errors: FieldError[] = []
    validateRules(rules, true, errors)
    return errors
  },
  columns: [nameColumn, createdColumn],
})
