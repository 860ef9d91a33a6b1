import { type PolicyBinding, setMatchDefaults, validateBinding } from './admission/policy.ts'
import { ageColumn, nameColumn } from './columns.ts'
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
  defaults(binding) {
    binding.spec ??= { policyName: '' }
    setMatchDefaults(binding.spec.matchResources)
  },
  validate: binding => validateBinding(binding, true),
  columns: [
    nameColumn,
    { name: 'PolicyName', value: ({ spec }) => spec.policyName },
    {
      name: 'ParamRef',
      value({ spec: { paramRef } }) {
        if (!paramRef) return '<unset>'
        const name = paramRef.name ?? '*'
        return paramRef.namespace ? `${paramRef.namespace}/${name}` : name
      },
    },
    ageColumn,
  ],
})
