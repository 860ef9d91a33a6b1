import { mergeApplied } from '../../api/applyMerge.ts'
import { CelError, toJson, type Value } from '../../api/cel/values.ts'
import { decode } from '../../api/decode.ts'
import { ApiError } from '../../api/error.ts'
import { jsonPatch, type Operation } from '../../api/jsonPatch.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { schemaNameOf } from '../../api/schemaName.ts'
import { shapeOfStruct } from '../../api/shape.ts'
import type { Mutation, Policy } from '../../kinds/admission/policy.ts'
import type { Kind } from '../../kinds/kind.ts'
import { mutatingAdmissionPolicy } from '../../kinds/mutatingAdmissionPolicy.ts'
import { mutatingAdmissionPolicyBinding } from '../../kinds/mutatingAdmissionPolicyBinding.ts'
import { type Admission, type Attempt, nameOf } from './admission.ts'
import { eachPolicy, scopesOf, worth } from './policies/policies.ts'
import { isWatched } from './webhooks/webhooks.ts'

// Simplified: no policy is worked out a second time after others have changed the object.
/** Changes objects by the expressions of policies, where bindings put them into force. */
export const mutatingPolicies: Admission = {
  name: 'MutatingAdmissionPolicy',
  on: ['create', 'update'],
  handles: isWatched,
  admit(attempt) {
    eachPolicy(attempt, mutatingAdmissionPolicy, mutatingAdmissionPolicyBinding, (policy, binding) => {
      const scopes = scopesOf(policy, binding, attempt)
      if (scopes instanceof CelError) return fail(policy, attempt, scopes.message)
      for (const scope of scopes)
        for (const mutation of policy.spec.mutations ?? []) mutate(mutation, scope, policy, attempt)
    })
  },
}

function mutate(mutation: Mutation, scope: Map<string, Value>, policy: Policy, attempt: Attempt): void {
  const { kind, object } = attempt
  const expression = (mutation.applyConfiguration ?? mutation.jsonPatch)?.expression ?? ''
  const result = worth(expression, scope)
  if (result instanceof CelError) return fail(policy, attempt, result.message)
  const change = toJson(result)
  try {
    const changed = mutation.applyConfiguration
      ? mergeApplied(shapeOf(kind), object, change)
      : jsonPatch(object, change as readonly Operation[])
    take(kind, object, changed)
  } catch (error) {
    if (error instanceof ApiError) throw error
    fail(policy, attempt, error instanceof Error ? error.message : String(error))
  }
}

function shapeOf(kind: Kind) {
  return kind.custom?.shape ?? shapeOfStruct(kind.schema ?? schemaNameOf(kind))
}

/** What a policy writes is read like any other object, and takes the place of the old. */
function take(kind: Kind, object: KubernetesObject, changed: unknown): void {
  const { value } = kind.custom?.decode(changed) ?? decode(changed, kind.schema ?? schemaNameOf(kind))
  kind.defaults?.(value as KubernetesObject)
  for (const name of Object.keys(object)) delete (object as unknown as Record<string, unknown>)[name]
  Object.assign(object, value)
}

function fail({ metadata, spec }: Policy, { kind, object }: Attempt, why: string): void {
  if (spec.failurePolicy === 'Ignore') return
  throw ApiError.forbidden(kind, nameOf(object), `policy '${metadata.name}' with mutation failed: ${why}`)
}
