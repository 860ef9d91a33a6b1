import { bindingColumns, type PolicyBinding, setBindingDefaults, validateBinding } from './admission/policy.ts'
import { defineKind } from './kind.ts'

/** Says where a mutating policy holds, and with which parameters. */
export const mutatingAdmissionPolicyBinding = defineKind<PolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  singular: 'mutatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  hasGeneration: true,
  defaults: setBindingDefaults,
  validate: binding => validateBinding(binding, false),
  columns: bindingColumns,
})
