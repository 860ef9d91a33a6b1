import { bindingColumns, type PolicyBinding, setBindingDefaults, validateBinding } from './admission/policy.ts'
import { defineKind } from './kind.ts'

/** Says where a validating policy holds, and with which parameters. */
export const validatingAdmissionPolicyBinding = defineKind<PolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  hasGeneration: true,
  defaults: setBindingDefaults,
  validate: binding => validateBinding(binding, true),
  columns: bindingColumns,
})
