import { type Policy, setPolicyDefaults, validatePolicy, validateValidations } from './admission/policy.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { defineKind } from './kind.ts'

/** Refuses requests by rules that the API server works out itself. */
export const validatingAdmissionPolicy = defineKind<Policy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  hasGeneration: true,
  defaults: setPolicyDefaults,
  prepare(policy) {
    policy.status = { observedGeneration: policy.metadata.generation ?? 1, typeChecking: {} }
  },
  validate: policy => [...validatePolicy(policy), ...validateValidations(policy)],
  columns: [
    nameColumn,
    { name: 'Validations', type: 'integer', value: ({ spec }) => spec.validations?.length ?? 0 },
    {
      name: 'ParamKind',
      value: ({ spec: { paramKind } }) => (paramKind ? `${paramKind.apiVersion}/${paramKind.kind}` : '<unset>'),
    },
    ageColumn,
  ],
})
