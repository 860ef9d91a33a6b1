import { evaluate } from '../../api/cel/evaluate.ts'
import { parseCel } from '../../api/cel/parse.ts'
import { CelError, type Value, celValue } from '../../api/cel/values.ts'
import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { MatchResources, Policy, PolicyBinding, Validation } from '../../kinds/admission/policy.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { validatingAdmissionPolicy } from '../../kinds/validatingAdmissionPolicy.ts'
import { validatingAdmissionPolicyBinding } from '../../kinds/validatingAdmissionPolicyBinding.ts'
import { type Admission, type Attempt, nameOf } from './admission.ts'
import { matchesConditions, matchesLabels, matchesRules, type Operation } from './webhooks/matching.ts'
import { reviewOf } from './webhooks/review.ts'
import { isWatched, operationOf } from './webhooks/webhooks.ts'

/** Refuses requests by the expressions of policies, where bindings put them into force. */
export const validatingPolicies: Admission = {
  name: 'ValidatingAdmissionPolicy',
  on: ['create', 'update', 'delete'],
  handles: isWatched,
  check(attempt) {
    const { storage } = attempt.store
    const bindings = storage.collection(validatingAdmissionPolicyBinding)
    if (bindings.size === 0) return
    for (const { object } of bindings.entries()) {
      const binding = object as PolicyBinding
      const policy = attempt.store.find(validatingAdmissionPolicy, undefined, binding.spec.policyName)
      if (policy) apply(policy as Policy, binding, attempt)
    }
  },
}

function apply(policy: Policy, binding: PolicyBinding, attempt: Attempt): void {
  const operation = operationOf(attempt)
  const { matchConstraints, matchConditions, validations = [] } = policy.spec
  if (!isMeant(matchConstraints, attempt, operation) || !isMeant(binding.spec.matchResources, attempt, operation)) return
  const request = reviewOf(attempt, operation, '')
  const { object, oldObject } = request
  const isFitting = matchesConditions(matchConditions, { object, oldObject, request })
  if (isFitting === false) return
  if (isFitting instanceof CelError) return fail(policy, binding, attempt, isFitting.message)
  for (const params of paramsOf(policy, binding, attempt)) {
    const scope = scopeOf(policy, attempt, { object, oldObject, request, params })
    for (const validation of validations) judge(validation, scope, policy, binding, attempt)
  }
}

function isMeant(match: MatchResources | undefined, attempt: Attempt, operation: Operation): boolean {
  if (!match) return true
  const { kind, object, previous, store } = attempt
  const { resourceRules, excludeResourceRules } = match
  if (resourceRules?.length && !matchesRules(resourceRules, kind, operation, attempt.connection)) return false
  if (matchesRules(excludeResourceRules, kind, operation, attempt.connection)) return false
  return matchesLabels(match, kind, [object, previous], store)
}

/** The objects that a policy takes its settings from; once without any where it takes none. */
function paramsOf(policy: Policy, binding: PolicyBinding, attempt: Attempt): readonly (KubernetesObject | null)[] {
  const { paramKind } = policy.spec
  const { paramRef } = binding.spec
  if (!paramKind || !paramRef) return [null]
  const { storage } = attempt.store
  const kind = storage.kinds.find(one => apiVersionOf(one) === paramKind.apiVersion && one.kind === paramKind.kind)
  const namespace = kind?.namespaced ? (paramRef.namespace ?? attempt.object.metadata.namespace) : undefined
  const all = kind ? Array.from(storage.collection(kind).entries(namespace), entry => entry.object) : []
  const { name, selector } = paramRef
  const found = all.filter(({ metadata }) =>
    name ? metadata.name === name : selector !== undefined && matchesSelector(selector, metadata.labels),
  )
  if (found.length === 0 && paramRef.parameterNotFoundAction !== 'Allow')
    fail(policy, binding, attempt, 'no params found for policy binding with `Deny` parameterNotFoundAction')
  return found
}

function scopeOf(
  policy: Policy,
  { object, store }: Attempt,
  known: Readonly<Record<string, unknown>>,
): Map<string, Value> {
  const scope = new Map<string, Value>()
  for (const [name, value] of Object.entries(known)) scope.set(name, celValue(value))
  const { namespace } = object.metadata
  scope.set('namespaceObject', celValue(namespace && store.find(namespaceKind, undefined, namespace)))
  const variables = new Map<string, Value>()
  scope.set('variables', variables)
  for (const { name, expression } of policy.spec.variables ?? []) {
    const value = worth(expression, scope)
    // A variable that cannot be worked out is missing for those who ask for it.
    if (!(value instanceof CelError)) variables.set(name, value)
  }
  return scope
}

function worth(expression: string, scope: Map<string, Value>): Value | CelError {
  try {
    return evaluate(parseCel(expression), scope)
  } catch (error) {
    if (error instanceof CelError) return error
    throw error
  }
}

function judge(
  { expression, message, messageExpression, reason }: Validation,
  scope: Map<string, Value>,
  policy: Policy,
  binding: PolicyBinding,
  attempt: Attempt,
): void {
  const result = worth(expression, scope)
  if (result === true) return
  if (result instanceof CelError)
    return fail(policy, binding, attempt, `expression '${expression}' resulted in error: ${result.message}`)
  const told = messageExpression === undefined ? undefined : worth(messageExpression, scope)
  const text = typeof told === 'string' && told.trim() ? told.trim() : (message ?? `failed expression: ${expression}`)
  refuse(policy, binding, attempt, text, reason)
}

/** What cannot be decided is refused, unless the policy says that it does not matter. */
function fail(policy: Policy, binding: PolicyBinding, attempt: Attempt, why: string): void {
  if (policy.spec.failurePolicy !== 'Ignore') refuse(policy, binding, attempt, why, undefined)
}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 }

function refuse(
  { metadata }: Policy,
  binding: PolicyBinding,
  { kind, object, writer }: Attempt,
  why: string,
  reason: string | undefined,
): void {
  const names = `ValidatingAdmissionPolicy '${metadata.name}' with binding '${binding.metadata.name}'`
  const { validationActions = [] } = binding.spec
  if (validationActions.includes('Warn')) writer.warn?.(`Validation failed for ${names}: ${why}`)
  if (!validationActions.includes('Deny')) return
  const message = `${names} denied request: ${why}`
  const { status } = ApiError.forbidden(kind, nameOf(object), message, [{ message }])
  throw new ApiError(codes[reason ?? ''] ?? 422, reason ?? 'Invalid', status.message!, status.details)
}
