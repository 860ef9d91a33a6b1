import type { LabelSelector } from 'kubernetes-types/meta/v1'

type Labels = Readonly<Record<string, string>>

/** Whether labels satisfy a selector. An absent selector matches nothing, an empty one everything. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false
  const has = labels ?? {}
  for (const key in selector.matchLabels) if (has[key] !== selector.matchLabels[key]) return false
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = has[key]
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false
    if (operator === 'Exists' && value === undefined) return false
    if (operator === 'DoesNotExist' && value !== undefined) return false
  }
  return true
}

/** Whether a selector asks for nothing. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  return !selector || (!selector.matchExpressions?.length && Object.keys(selector.matchLabels ?? {}).length === 0)
}

/** Reads `app=web,tier in (a,b),!old` as kubectl's `-l` and the API server's `labelSelector` do. */
export function parseSelector(text: string): LabelSelector {
  const matchLabels: Record<string, string> = {}
  for (const part of text.split(',').filter(Boolean)) {
    const [key = '', value = ''] = part.split('=')
    matchLabels[key.trim()] = value.trim()
  }
  return { matchLabels }
}
