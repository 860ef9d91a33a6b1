import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { type FieldError, invalid, notSupported, required } from '../../api/fieldError.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import type { Column } from '../kind.ts'
import { type MatchCondition, policyVariables, validateConditions, validateExpression } from './expressions.ts'
import { type Rule, validateRules } from './resourceRules.ts'

/** Which requests a policy or a binding is for. */
export interface MatchResources {
  resourceRules?: Rule[]
  excludeResourceRules?: Rule[]
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  matchPolicy?: string
}

export interface Validation {
  expression: string
  message?: string
  messageExpression?: string
  reason?: string
}

/** How a policy changes an object: by laying another over it, or step by step. */
export interface Mutation {
  patchType: string
  applyConfiguration?: { expression: string }
  jsonPatch?: { expression: string }
}

export interface Policy extends KubernetesObject {
  spec: {
    paramKind?: { apiVersion: string; kind: string }
    matchConstraints?: MatchResources
    matchConditions?: MatchCondition[]
    variables?: { name: string; expression: string }[]
    validations?: Validation[]
    auditAnnotations?: { key: string; valueExpression: string }[]
    mutations?: Mutation[]
    failurePolicy?: string
    reinvocationPolicy?: string
  }
  status?: { observedGeneration?: number; typeChecking?: object }
}

export interface PolicyBinding extends KubernetesObject {
  spec: {
    policyName: string
    paramRef?: { name?: string; namespace?: string; selector?: LabelSelector; parameterNotFoundAction?: string }
    matchResources?: MatchResources
    validationActions?: string[]
  }
}

function setMatchDefaults(match: MatchResources | undefined): void {
  if (!match) return
  match.matchPolicy ??= 'Equivalent'
  match.namespaceSelector ??= {}
  match.objectSelector ??= {}
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= '*'
}

export function setPolicyDefaults(policy: Policy): void {
  policy.spec ??= {}
  policy.spec.failurePolicy ??= 'Fail'
  setMatchDefaults(policy.spec.matchConstraints)
}

export function validateMutations({ spec }: Policy): FieldError[] {
  const { mutations = [] } = spec
  if (mutations.length === 0) return [required('spec.mutations', 'mutations must contain at least one item')]
  return mutations.flatMap(({ patchType, applyConfiguration, jsonPatch }, index) => {
    const path = `spec.mutations[${index}]`
    const isPatch = patchType === 'JSONPatch'
    if (!isPatch && patchType !== 'ApplyConfiguration')
      return [notSupported(`${path}.patchType`, patchType, ['ApplyConfiguration', 'JSONPatch'])]
    const field = isPatch ? 'jsonPatch' : 'applyConfiguration'
    const { expression } = (isPatch ? jsonPatch : applyConfiguration) ?? {}
    return validateExpression(expression, policyVariables, `${path}.${field}.expression`)
  })
}

/** What policies of both kinds must say. */
export function validatePolicy({ spec }: Policy): FieldError[] {
  const { matchConstraints, matchConditions = [], variables = [], failurePolicy } = spec
  const errors: FieldError[] = []
  if (!matchConstraints) errors.push(required('spec.matchConstraints'))
  else if (!matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'))
  else errors.push(...validateRules(matchConstraints.resourceRules, 'spec.matchConstraints.resourceRules'))
  if (failurePolicy && !['Fail', 'Ignore'].includes(failurePolicy))
    errors.push(notSupported('spec.failurePolicy', failurePolicy, ['Fail', 'Ignore']))
  errors.push(...validateConditions(matchConditions, 'spec.matchConditions'))
  for (const [index, { expression }] of variables.entries())
    errors.push(...validateExpression(expression, policyVariables, `spec.variables[${index}].expression`))
  return errors
}

export function validateValidations({ spec }: Policy): FieldError[] {
  const { validations = [], auditAnnotations = [] } = spec
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const text = 'validations or auditAnnotations must contain at least one item'
    return [required('spec.validations', text), required('spec.auditAnnotations', text)]
  }
  return validations.flatMap(({ expression, messageExpression }, index) => {
    const path = `spec.validations[${index}]`
    const errors = validateExpression(expression, policyVariables, `${path}.expression`)
    return messageExpression
      ? [...errors, ...validateExpression(messageExpression, policyVariables, `${path}.messageExpression`)]
      : errors
  })
}

const actions = ['Audit', 'Deny', 'Warn']

export function validateBinding({ spec }: PolicyBinding, hasActions: boolean): FieldError[] {
  const errors: FieldError[] = []
  const { policyName, validationActions = [] } = spec
  if (!policyName) errors.push(required('spec.policyName'))
  if (!hasActions) return errors
  if (validationActions.length === 0) errors.push(required('spec.validationActions'))
  for (const [index, action] of validationActions.entries())
    if (!actions.includes(action)) errors.push(notSupported(`spec.validationActions[${index}]`, action, actions))
  if (validationActions.includes('Deny') && validationActions.includes('Warn')) {
    const text =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'
    errors.push(invalid('spec.validationActions', validationActions, text))
  }
  return errors
}

/** Fills in what a binding leaves open. */
export function setBindingDefaults(binding: PolicyBinding): void {
  binding.spec ??= { policyName: '' }
  setMatchDefaults(binding.spec.matchResources)
}

/** What tables show of a binding. */
export const bindingColumns: readonly Column<PolicyBinding>[] = [
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
]
