import { CelError, type Value } from '../../api/cel/values.ts'
import { ApiError } from '../../api/error.ts'
import type { Policy, PolicyBinding, Validation } from '../../kinds/admission/policy.ts'
import { validatingAdmissionPolicy } from '../../kinds/validatingAdmissionPolicy.ts'
import { validatingAdmissionPolicyBinding } from '../../kinds/validatingAdmissionPolicyBinding.ts'
import { type Admission, type Attempt, nameOf } from './admission.ts'
import { eachPolicy, scopesOf, worth } from './policies/policies.ts'
import { isWatched } from './webhooks/webhooks.ts'

/** Refuses requests by the expressions of policies, where bindings put them into force. */
export const validatingPolicies: Admission = {
  name: 'ValidatingAdmissionPolicy',
  on: ['create', 'update', 'delete'],
  handles: isWatched,
  check(attempt) {
    eachPolicy(attempt, validatingAdmissionPolicy, validatingAdmissionPolicyBinding, (policy, binding) => {
      const scopes = scopesOf(policy, binding, attempt)
      if (scopes instanceof CelError) return fail(policy, binding, attempt, scopes.message)
      for (const scope of scopes)
        for (const validation of policy.spec.validations ?? []) judge(validation, scope, policy, binding, attempt)
    })
  },
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
