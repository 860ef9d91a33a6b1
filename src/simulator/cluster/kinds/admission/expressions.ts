import { compileRule } from '../../api/cel/rule.ts'
import { CelSyntaxError } from '../../api/cel/syntax.ts'
import { type FieldError, invalid, required } from '../../api/fieldError.ts'

/** Something that must hold before anyone is asked. */
export interface MatchCondition {
  name: string
  expression: string
}

/** What expressions about requests may speak of. */
export const requestVariables = ['object', 'oldObject', 'request', 'authorizer']
export const policyVariables = [...requestVariables, 'params', 'namespaceObject', 'variables']

export function validateConditions(conditions: readonly MatchCondition[], path: string): FieldError[] {
  return conditions.flatMap(({ name, expression }, index) => {
    const at = `${path}[${index}]`
    const errors = validateExpression(expression, requestVariables, `${at}.expression`)
    return name ? errors : [required(`${at}.name`), ...errors]
  })
}

export function validateExpression(
  expression: string | undefined,
  variables: readonly string[],
  path: string,
): FieldError[] {
  if (!expression?.trim()) return [required(path)]
  try {
    compileRule(expression, new Map(variables.map(name => [name, undefined])))
    return []
  } catch (error) {
    if (!(error instanceof CelSyntaxError)) throw error
    return [invalid(path, expression, `compilation failed: ${error.message}`)]
  }
}
