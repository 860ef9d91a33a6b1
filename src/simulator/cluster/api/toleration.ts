import type { Taint, Toleration } from 'kubernetes-types/core/v1'

/** Whether one of the tolerations covers a taint. */
export function tolerates(
  tolerations: readonly Toleration[] | undefined,
  taint: Pick<Taint, 'key' | 'value' | 'effect'>,
): boolean {
  return tolerations?.some(toleration => covers(toleration, taint)) ?? false
}

/** Whether a toleration covers a taint: what it leaves out fits everything. */
export function covers(toleration: Toleration, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  const { key, operator = 'Equal', value = '', effect } = toleration
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  if (operator === 'Exists') return true
  // The taint's number is less, or greater, than the toleration's.
  if (operator === 'Lt') return Number(taint.value) < Number(value)
  if (operator === 'Gt') return Number(taint.value) > Number(value)
  return value === (taint.value ?? '')
}
