import { type Policy, setPolicyDefaults, validateMutations, validatePolicy } from './admission/policy.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Changes objects by rules that the API server works out itself. */
export const mutatingAdmissionPolicy = defineKind<Policy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  singular: 'mutatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [],
  hasGeneration: true,
  defaults: setPolicyDefaults,
  validate: policy => [...validatePolicy(policy), ...validateMutations(policy)],
  columns: [
    nameColumn,
    { name: 'Mutations', type: 'integer', value: ({ spec }) => spec.mutations?.length ?? 0 },
    {
      name: 'ParamKind',
      value: ({ spec: { paramKind } }) => (paramKind ? `${paramKind.apiVersion}/${paramKind.kind}` : '<unset>'),
    },
    ageColumn,
  ],
})
