import type { ClusterRoleBinding as ClusterRoleBindingFields } from 'kubernetes-types/rbac/v1'
import type { FieldError } from '../api/fieldError.ts'
import { checkPathSegment } from '../api/names.ts'
import type { KubernetesObject } from '../api/object.ts'
import { bindingColumns, setBindingDefaults, validateBinding, validateBindingUpdate } from './access/rules.ts'
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
  checkName: checkPathSegment,
  defaults: setBindingDefaults,
  validate(binding) {
    const errors: FieldError[] = []
    validateBinding(binding, false, errors)
    return errors
  },
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
})
