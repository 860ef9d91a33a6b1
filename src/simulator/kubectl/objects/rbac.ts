import { Failure, PlainFailure } from '../failure.ts'
import type { Resources } from '../server/resources.ts'

export const rbacGroup = 'rbac.authorization.k8s.io'

/** Who a binding is for. */
export interface SubjectFlags {
  readonly user: readonly string[] | string
  readonly group: readonly string[]
  readonly serviceaccount: readonly string[]
}

/** The subjects of a binding, if any are given. */
export function bindingSubjects({ user, group, serviceaccount }: SubjectFlags): { subjects?: object[] } {
  const subjects = [
    ...[user].flat().map(name => ({ kind: 'User', apiGroup: rbacGroup, name })),
    ...group.map(name => ({ kind: 'Group', apiGroup: rbacGroup, name })),
    ...serviceaccount.map(account => {
      const [namespace, name, ...rest] = account.split(':')
      if (!namespace || !name || rest.length > 0) throw new Failure('serviceaccount must be <namespace>:<name>')
      return { kind: 'ServiceAccount', name, namespace }
    }),
  ]
  return subjects.length > 0 ? { subjects } : {}
}

/** What a role allows, as the command line gives it. */
export interface RuleFlags {
  readonly verb: readonly string[]
  readonly resource: readonly string[]
  readonly 'resource-name': readonly string[]
}

const knownVerbs = new Set([
  ...['get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection', 'use', 'bind'],
  ...['approve', 'sign', 'escalate', 'impersonate', '*'],
])

/** The rules of a role: one for each group that the resources belong to. */
export async function roleRules(
  flags: RuleFlags,
  resources: () => Promise<Resources>,
  warn: (line: string) => Promise<void>,
): Promise<object[]> {
  const verbs = flags.verb.includes('*') ? ['*'] : [...new Set(flags.verb)]
  if (verbs.length === 0) throw new Failure('at least one verb must be specified')
  for (const verb of verbs) if (!knownVerbs.has(verb)) await warn(`Warning: '${verb}' is not a standard resource verb`)
  if (flags.resource.length === 0) throw new Failure('at least one resource must be specified')
  if (flags.resource.length > 1 && flags['resource-name'].length > 0) {
    throw new Failure('resource name can not be used with multiple resources')
  }
  const groups = new Map<string, string[]>()
  for (const given of flags.resource) {
    const [type = '', subresource] = given.split('/')
    const found = type === '*' ? undefined : (await resources()).findNamed(type)
    const [word = '', ...rest] = type.split('.')
    if (type !== '*' && !found && rest.length === 0) {
      // Several complaints may come at once, so none says that it is an error (create_role.go).
      throw new PlainFailure(`the server doesn't have a resource type ${JSON.stringify(type)}`)
    }
    // A type that is given with its group need not be there yet.
    const name = found?.plural ?? word
    const group = found?.group ?? rest.join('.')
    groups.set(group, [...(groups.get(group) ?? []), subresource ? `${name}/${subresource}` : name])
  }
  const names = flags['resource-name'].length > 0 ? { resourceNames: flags['resource-name'] } : {}
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, list]) => ({ verbs, apiGroups: [group], resources: [...new Set(list)], ...names }))
}
