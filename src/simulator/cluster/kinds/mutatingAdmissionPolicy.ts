import { type Policy, setPolicyDefaults, validatePolicy } from './admission/policy.ts'
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
  validate: validatePolicy,
  // Simplified: mutations would need objects that expressions make.
  warnings: () => ['mutating admission policies are kept but change nothing: mutations are not simulated here'],
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
