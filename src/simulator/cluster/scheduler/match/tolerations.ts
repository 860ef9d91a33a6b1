import type { Taint } from 'kubernetes-types/core/v1'
import type { Pod } from '../../kinds/pod.ts'

/** Whether one of the pod's tolerations covers the taint. */
export function tolerates(pod: Pod, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  return (pod.spec.tolerations ?? []).some(({ key, operator = 'Equal', value = '', effect }) => {
    if (effect && effect !== taint.effect) return false
    if (key && key !== taint.key) return false
    if (operator === 'Exists') return true
    if (operator === 'Lt' || operator === 'Gt') return compare(operator, taint.value, value)
    return value === (taint.value ?? '')
  })
}

/** `Lt`: the taint's number is less than the toleration's. */
function compare(operator: 'Lt' | 'Gt', taint: string | undefined, toleration: string): boolean {
  const [a, b] = [Number(taint), Number(toleration)]
  return operator === 'Lt' ? a < b : a > b
}
