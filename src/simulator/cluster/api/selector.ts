import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { checkLabelValue, checkQualifiedName } from './names.ts'

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

/** The selector of an object in one line, as tables and `describe` show it: `app=web,tier in (a,b)`, `<none>`. */
export function formatSelector(selector: LabelSelector | undefined): string {
  const requirements: Requirement[] = [
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({
      key,
      operator: '=' as const,
      values: [value],
    })),
    ...(selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
      key,
      operator: ({ In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const)[operator] ?? 'in',
      values,
    })),
  ]
  return formatRequirements(requirements) || '<none>'
}

/** One demand of a selector as `-l` and `labelSelector=` write it. */
export interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt'
  readonly values: readonly string[]
}

/** Whether labels satisfy every requirement. */
export function matchesRequirements(requirements: readonly Requirement[], labels: Labels | undefined): boolean {
  return requirements.every(requirement => matchesRequirement(requirement, labels ?? {}))
}

function matchesRequirement({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels[key]
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value)
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value)
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    default:
      if (value === undefined || !isInteger(value)) return false
      return operator === 'gt' ? BigInt(value) > BigInt(values[0]!) : BigInt(value) < BigInt(values[0]!)
  }
}

/** Requirements in their canonical order and spelling. */
export function formatRequirements(requirements: readonly Requirement[]): string {
  return [...requirements]
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ key, operator, values }) => {
      if (operator === 'exists') return key
      if (operator === '!') return `!${key}`
      if (operator === 'in' || operator === 'notin')
        return `${key} ${operator} (${[...new Set(values)].sort().join(',')})`
      return `${key}${{ gt: '>', lt: '<' }[operator as string] ?? operator}${values[0]}`
    })
    .join(',')
}

/** Reads `app=web,tier in (a,b),!old`; throws an Error with the words of k8s.io/apimachinery/pkg/labels. */
export function parseSelector(text: string): Requirement[] {
  const tokens = tokenize(text)
  const requirements: Requirement[] = []
  let position = 0
  const peek = (asValue = false): Token => tokenAt(tokens, position, asValue)
  const take = (asValue = false): Token => tokenAt(tokens, position++, asValue)

  for (;;) {
    const token = peek(true)
    if (token.kind === 'identifier' || token.kind === '!') {
      requirements.push(readRequirement())
      const next = take()
      if (next.kind === 'end') return requirements
      if (next.kind !== ',') throw new Error(`found '${next.text}', expected: ',' or 'end of string'`)
      const after = peek(true)
      if (after.kind !== 'identifier' && after.kind !== '!')
        throw new Error(`found '${after.text}', expected: identifier after ','`)
    } else if (token.kind === 'end') return requirements
    else throw new Error(`found '${token.text}', expected: !, identifier, or 'end of string'`)
  }

  function readRequirement(): Requirement {
    let isNegated = false
    if (peek().kind === '!') {
      take()
      isNegated = true
    }
    const name = take(true)
    if (name.kind !== 'identifier') throw parseError(`found '${name.text}', expected: identifier`)
    const wrong = checkQualifiedName(name.text)
    if (wrong.length > 0) throw parseError(`<nil>: Invalid value: ${JSON.stringify(name.text)}: ${wrong.join('; ')}`)
    const next = peek()
    if (isNegated || next.kind === 'end' || next.kind === ',')
      return { key: name.text, operator: isNegated ? '!' : 'exists', values: [] }
    const operator = readOperator()
    const values = operator === 'in' || operator === 'notin' ? readValues() : [readValue()]
    return checked({ key: name.text, operator, values })
  }

  function readOperator(): Requirement['operator'] {
    const { kind, text } = take()
    const operator = operators.get(kind)
    if (!operator) throw parseError(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`)
    return operator
  }

  function readValues(): string[] {
    const open = take(true)
    if (open.kind !== '(') throw parseError(`found '${open.text}' expected: '('`)
    const first = peek(true)
    if (first.kind === ')') {
      take()
      return ['']
    }
    if (first.kind !== 'identifier' && first.kind !== ',')
      throw parseError(`found '${first.text}', expected: ',', ')' or identifier`)
    const values = new Set<string>()
    for (;;) {
      const token = take(true)
      if (token.kind === 'identifier') {
        values.add(token.text)
        const after = peek(true)
        if (after.kind === ',') continue
        if (after.kind !== ')') throw parseError(`found '${after.text}', expected: ',' or ')'`)
      } else if (token.kind === ',') {
        if (values.size === 0) values.add('')
        const after = peek(true)
        if (after.kind === ')') values.add('')
        if (after.kind === ',') {
          take(true)
          values.add('')
        }
        if (peek(true).kind === ')') values.add('')
      } else if (token.kind === ')') return [...values]
      else throw parseError(`found '${token.text}', expected: ',', or identifier`)
    }
  }

  function readValue(): string {
    const token = peek(true)
    if (token.kind === 'end' || token.kind === ',') return ''
    take(true)
    if (token.kind === 'identifier') return token.text
    throw parseError(`found '${token.text}', expected: identifier`)
  }
}

function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement
  if ((operator === 'gt' || operator === 'lt') && !isInteger(values[0]!))
    throw parseError(
      `values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`,
    )
  for (const [index, value] of values.entries()) {
    const wrong = checkLabelValue(value)
    if (wrong.length > 0)
      throw parseError(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${wrong.join('; ')}`)
  }
  return requirement
}

function parseError(why: string): Error {
  return new Error(`unable to parse requirement: ${why}`)
}

interface Token {
  readonly kind: 'identifier' | 'end' | '!' | '=' | '==' | '!=' | '<' | '>' | '(' | ')' | ',' | 'in' | 'notin'
  readonly text: string
}

const operators = new Map<string, Requirement['operator']>([
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['in', 'in'],
  ['notin', 'notin'],
  ['>', 'gt'],
  ['<', 'lt'],
])
const end: Token = { kind: 'end', text: '' }

function tokenize(text: string): Token[] {
  return Array.from(text.matchAll(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g), ([token]) => {
    const isWord = !/^[=!<>(),]/.test(token) && token !== 'in' && token !== 'notin'
    return { kind: isWord ? 'identifier' : (token as Token['kind']), text: token }
  })
}

/** `in` and `notin` are ordinary words where a name or value stands. */
function tokenAt(tokens: readonly Token[], position: number, asValue: boolean): Token {
  const token = tokens[position] ?? end
  return asValue && (token.kind === 'in' || token.kind === 'notin') ? { kind: 'identifier', text: token.text } : token
}

function isInteger(text: string): boolean {
  return /^[-+]?[0-9]+$/.test(text)
}
