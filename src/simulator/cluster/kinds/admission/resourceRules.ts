import { type FieldError, invalid, notSupported, required } from '../../api/fieldError.ts'

/** Which requests something is for. */
export interface Rule {
  operations?: string[]
  apiGroups?: string[]
  apiVersions?: string[]
  resources?: string[]
  resourceNames?: string[]
  scope?: string
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

export function validateRules(rules: readonly Rule[], path: string): FieldError[] {
  return rules.flatMap((rule, index) => validateRule(rule, `${path}[${index}]`))
}

function validateRule(rule: Rule, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const field of ['operations', 'apiGroups', 'apiVersions', 'resources'] as const) {
    const values = rule[field] ?? []
    if (values.length === 0) errors.push(required(`${path}.${field}`))
    const isEverything = values.includes('*') || values.includes('*/*')
    if (isEverything && values.length > 1 && !(field === 'resources' && values.every(value => value.includes('/'))))
      errors.push(invalid(`${path}.${field}`, values, `if '*' is present, must not specify other ${wordOf(field)}`))
  }
  for (const [index, operation] of (rule.operations ?? []).entries())
    if (!operations.includes(operation))
      errors.push(notSupported(`${path}.operations[${index}]`, operation, operations))
  if (rule.scope !== undefined && !scopes.includes(rule.scope))
    errors.push(notSupported(`${path}.scope`, rule.scope, scopes))
  return errors
}

function wordOf(field: 'operations' | 'apiGroups' | 'apiVersions' | 'resources'): string {
  return field === 'apiGroups' ? 'API groups' : field === 'apiVersions' ? 'API versions' : field
}
