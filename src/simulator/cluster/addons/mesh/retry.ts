import type { FailureKind } from './failure.ts'
import type { RetryPolicy } from './settings.ts'

/** What became of an attempt: an answer's status, or why there was none. */
export type Outcome = { readonly status: number } | { readonly failure: FailureKind }

/** Whether a policy asks for another attempt (x-envoy-retry-on). */
export function isRetriable({ conditions, statuses }: RetryPolicy, outcome: Outcome): boolean {
  return conditions.some(condition => isMet(condition, statuses, outcome))
}

function isMet(condition: string, statuses: readonly number[], outcome: Outcome): boolean {
  if ('status' in outcome) {
    const { status } = outcome
    if (condition === '5xx') return status >= 500
    if (condition === 'gateway-error') return status >= 502 && status <= 504
    if (condition === 'retriable-4xx') return status === 409
    return condition === 'retriable-status-codes' && statuses.includes(status)
  }
  const { failure } = outcome
  const isUnconnected = failure === 'connection failure' || failure === 'connection timeout'
  const isReset = isUnconnected || failure === 'connection termination' || failure === 'attempt timeout'
  if (condition === '5xx' || condition === 'reset' || condition === 'gateway-error') return isReset
  return (condition === 'connect-failure' || condition === 'reset-before-request') && isUnconnected
}
