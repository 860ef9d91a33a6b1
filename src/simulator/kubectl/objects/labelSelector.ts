import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { parseSelector } from '../../cluster/api/selector.ts'
import { Failure } from '../failure.ts'

const operators = { in: 'In', notin: 'NotIn', '!=': 'NotIn', exists: 'Exists', '!': 'DoesNotExist' } as const

/** A selector for an object's spec made of what `-l` takes. */
export function selectorFrom(text: string): LabelSelector {
  try {
    const requirements = parseSelector(text)
    const exact = requirements.filter(({ operator }) => operator === '=' || operator === '==')
    const others = requirements.filter(requirement => !exact.includes(requirement))
    return {
      ...(exact.length > 0 && { matchLabels: Object.fromEntries(exact.map(({ key, values }) => [key, values[0]!])) }),
      ...(others.length > 0 && {
        matchExpressions: others.map(({ key, operator, values }) => ({
          key,
          operator: operators[operator as keyof typeof operators],
          ...(values.length > 0 && { values: [...values] }),
        })),
      }),
    }
  } catch (error) {
    throw new Failure((error as Error).message)
  }
}
