import { evaluate } from '../../../api/cel/evaluate.ts'
import { parseCel } from '../../../api/cel/parse.ts'
import { CelError, celValue, type Value } from '../../../api/cel/values.ts'
import type { KubernetesObject } from '../../../api/object.ts'
import { matchesSelector } from '../../../api/selector.ts'
import type { MatchResources, Policy, PolicyBinding } from '../../../kinds/admission/policy.ts'
import { apiVersionOf, type Kind } from '../../../kinds/kind.ts'
import { namespace as namespaceKind } from '../../../kinds/namespace.ts'
import type { Attempt } from '../admission.ts'
import { matchesConditions, matchesLabels, matchesRules, type Operation } from '../webhooks/matching.ts'
import { reviewOf } from '../webhooks/review.ts'
import { operationOf } from '../webhooks/webhooks.ts'

/** Calls back for each binding that puts a policy into force for an attempt. */
export function eachPolicy(
  attempt: Attempt,
  policies: Kind<Policy>,
  bindings: Kind<PolicyBinding>,
  visit: (policy: Policy, binding: PolicyBinding) => void,
): void {
  const { storage } = attempt.store
  const all = storage.collection(bindings)
  if (all.size === 0) return
  for (const { object } of all.entries()) {
    const binding = object as PolicyBinding
    const policy = attempt.store.find(policies, undefined, binding.spec.policyName)
    if (policy) visit(policy as Policy, binding)
  }
}

/** The scopes in which a policy is to be worked out, one for each of its params; an error where that cannot be told. */
export function scopesOf(
  policy: Policy,
  binding: PolicyBinding,
  attempt: Attempt,
): readonly Map<string, Value>[] | CelError {
  const operation = operationOf(attempt)
  const { matchConstraints, matchConditions } = policy.spec
  if (!isMeant(matchConstraints, attempt, operation) || !isMeant(binding.spec.matchResources, attempt, operation))
    return []
  const request = reviewOf(attempt, operation, '')
  const { object, oldObject } = request
  const isFitting = matchesConditions(matchConditions, { object, oldObject, request })
  if (isFitting === false) return []
  if (isFitting instanceof CelError) return isFitting
  const params = paramsOf(policy, binding, attempt)
  if (!params) return new CelError('no params found for policy binding with `Deny` parameterNotFoundAction')
  return params.map(one => scopeOf(policy, attempt, { object, oldObject, request, params: one }))
}

/** Whether a policy or a binding is for an attempt. */
function isMeant(match: MatchResources | undefined, attempt: Attempt, operation: Operation): boolean {
  if (!match) return true
  const { kind, object, previous, store } = attempt
  const { resourceRules, excludeResourceRules } = match
  if (resourceRules?.length && !matchesRules(resourceRules, kind, operation, attempt.connection)) return false
  if (matchesRules(excludeResourceRules, kind, operation, attempt.connection)) return false
  return matchesLabels(match, kind, [object, previous], store)
}

/**
 * The objects that a policy takes its settings from; once without any where it takes none, and undefined where they
 * must be there and are not.
 */
function paramsOf(
  policy: Policy,
  binding: PolicyBinding,
  attempt: Attempt,
): readonly (KubernetesObject | null)[] | undefined {
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
  return found.length === 0 && paramRef.parameterNotFoundAction !== 'Allow' ? undefined : found
}

/** What the expressions of a policy may speak of. */
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

/** What an expression is worth, or what goes wrong. */
export function worth(expression: string, scope: Map<string, Value>): Value | CelError {
  try {
    return evaluate(parseCel(expression), scope)
  } catch (error) {
    if (error instanceof CelError) return error
    throw error
  }
}
