import type { PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1'
import { type FieldError, invalid, notSupported, required } from '../../api/fieldError.ts'
import { checkDns1123Subdomain } from '../../api/names.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import type { Column } from '../kind.ts'

const accessGroup = 'rbac.authorization.k8s.io'

/** What is wrong with what a role allows. */
export function validateRules(
  rules: readonly PolicyRule[] | undefined,
  isNamespaced: boolean,
  errors: FieldError[],
): void {
  for (const [index, rule] of (rules ?? []).entries()) {
    const path = `rules[${index}]`
    if (!rule.verbs?.length) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'))
    if (rule.nonResourceURLs?.length) {
      if (isNamespaced)
        errors.push(
          invalid(
            `${path}.nonResourceURLs`,
            rule.nonResourceURLs,
            'namespaced rules cannot apply to non-resource URLs',
          ),
        )
      if (rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length)
        errors.push(
          invalid(
            `${path}.nonResourceURLs`,
            rule.nonResourceURLs,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        )
      continue
    }
    if (!rule.apiGroups?.length)
      errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
    if (!rule.resources?.length)
      errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  }
}

interface Binding extends KubernetesObject {
  roleRef: RoleRef
  subjects?: Subject[]
}

/** Fills in the groups that subjects and roles belong to. */
export function setBindingDefaults(binding: Binding): void {
  if (binding.roleRef) binding.roleRef.apiGroup ||= accessGroup
  for (const subject of binding.subjects ?? [])
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= accessGroup
}

/** What is wrong with who may do what. */
export function validateBinding({ roleRef, subjects }: Binding, isNamespaced: boolean, errors: FieldError[]): void {
  if (roleRef?.apiGroup !== accessGroup)
    errors.push(notSupported('roleRef.apiGroup', roleRef?.apiGroup ?? '', [accessGroup]))
  const kinds = isNamespaced ? ['ClusterRole', 'Role'] : ['ClusterRole']
  if (!kinds.includes(roleRef?.kind ?? ''))
    errors.push(notSupported('roleRef.kind', roleRef?.kind ?? '', isNamespaced ? ['Role', 'ClusterRole'] : kinds))
  if (!roleRef?.name) errors.push(required('roleRef.name'))
  for (const [index, { kind, name, namespace, apiGroup = '' }] of (subjects ?? []).entries()) {
    const path = `subjects[${index}]`
    if (!name) errors.push(required(`${path}.name`))
    if (kind === 'ServiceAccount') {
      if (name) for (const text of checkDns1123Subdomain(name)) errors.push(invalid(`${path}.name`, name, text))
      if (apiGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']))
      if (!namespace) errors.push(required(`${path}.namespace`))
    } else if (kind === 'User' || kind === 'Group') {
      if (apiGroup !== accessGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [accessGroup]))
    } else errors.push(notSupported(`${path}.kind`, kind ?? '', ['ServiceAccount', 'User', 'Group']))
  }
}

/** What is wrong with letting a binding speak of another role. */
export function validateBindingUpdate({ roleRef }: Binding, previous: Binding): FieldError[] {
  const isSame = roleRef.kind === previous.roleRef.kind && roleRef.name === previous.roleRef.name
  return isSame ? [] : [invalid('roleRef', roleRef, 'cannot change roleRef')]
}

/** What `kubectl get` shows of bindings. */
export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  { name: 'Role', value: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}` },
  ageColumn,
  { name: 'Users', wide: true, value: ({ subjects }) => namesOf(subjects, 'User') },
  { name: 'Groups', wide: true, value: ({ subjects }) => namesOf(subjects, 'Group') },
  {
    name: 'ServiceAccounts',
    wide: true,
    value: ({ subjects }) =>
      (subjects ?? [])
        .filter(({ kind }) => kind === 'ServiceAccount')
        .map(({ namespace, name }) => `${namespace}/${name}`)
        .join(', '),
  },
]

function namesOf(subjects: readonly Subject[] | undefined, wanted: string): string {
  return (subjects ?? [])
    .filter(({ kind }) => kind === wanted)
    .map(({ name }) => name)
    .join(', ')
}
