import type { PolicyRule } from 'kubernetes-types/rbac/v1'

/** A role and what it allows. */
export interface RoleRules {
  readonly name: string
  readonly rules: PolicyRule[]
}

const shorthands: Readonly<Record<string, readonly string[]>> = {
  read: ['get', 'list', 'watch'],
  write: ['create', 'delete', 'deletecollection', 'patch', 'update'],
}

/** Reads roles from lines: a name, and below it a line for each rule. */
export function readRoles(text: string): RoleRules[] {
  const roles: RoleRules[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    if (line.startsWith(' ')) roles.at(-1)!.rules.push(readRule(line))
    else roles.push({ name: line, rules: [] })
  }
  return roles
}

function readRule(line: string): PolicyRule {
  const [verbs = [], second = [], resources, resourceNames] = line.split('|').map(part => part.trim().split(' '))
  const all = verbs.flatMap(verb => shorthands[verb] ?? [verb]).sort()
  if (!resources) return { verbs: all, nonResourceURLs: second }
  const apiGroups = second.map(group => (group === 'core' ? '' : group))
  return { verbs: all, apiGroups, resources, ...(resourceNames && { resourceNames }) }
}
