import { type PolicyBinding, setMatchDefaults, validateBinding } from './admission/policy.ts'
import { ageColumn, nameColumn } from './columns.ts'
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
  defaults(binding) {
    binding.spec ??= { policyName: '' }
    setMatchDefaults(binding.spec.matchResources)
  },
  validate: binding => validateBinding(binding, false),
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
