import type { RoleBinding as RoleBindingFields } from 'kubernetes-types/rbac/v1'
import type { FieldError } from '../api/fieldError.ts'
import { checkPathSegment } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { bindingColumns, setBindingDefaults, validateBinding, validateBindingUpdate } from './access/rules.ts'
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
  checkName: checkPathSegment,
  defaults: setBindingDefaults,
  validate(binding) {
    const errors: FieldError[] = []
    validateBinding(binding, true, errors)
    return errors
  },
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
})
