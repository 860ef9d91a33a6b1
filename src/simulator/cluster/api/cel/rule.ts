import { checkCel, type Known } from './check.ts'
import { evaluate, type Scope } from './evaluate.ts'
import { parseCel } from './parse.ts'
import type { Expression } from './syntax.ts'
import { CelError, type Value } from './values.ts'

/** An expression that can be worked out again and again. */
export interface Rule {
  readonly source: string
  /** Whether the expression speaks of a variable. */
  mentions(name: string): boolean
  /** The value, or what went wrong. */
  run(scope: Scope): Value | CelError
}

/** Reads an expression and checks the names in it; throws a CelSyntaxError. */
export function compileRule(source: string, known: Known): Rule {
  const expression = parseCel(source)
  checkCel(expression, source, known)
  return {
    source,
    mentions: name => mentions(expression, name),
    run(scope) {
      try {
        return evaluate(expression, scope)
      } catch (error) {
        if (error instanceof CelError) return error
        throw error
      }
    },
  }
}

function mentions(expression: Expression, name: string): boolean {
  if (expression.type === 'name') return expression.name === name
  return partsOf(expression).some(part => mentions(part, name))
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'field':
      return [expression.target]
    case 'index':
      return [expression.target, expression.index]
    case 'call':
      return expression.target ? [expression.target, ...expression.args] : expression.args
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'choice':
      return [expression.condition, expression.yes, expression.no]
    case 'list':
      return expression.items
    case 'map':
      return expression.entries.flat()
    case 'message':
      return expression.fields.map(({ value }) => value)
    case 'macro':
      return [expression.target, ...expression.bodies]
    default:
      return []
  }
}
