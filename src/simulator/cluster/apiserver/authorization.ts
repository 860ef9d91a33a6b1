import type { PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1'
import type { KubernetesObject } from '../api/object.ts'
import { type ClusterRole, clusterRole } from '../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../kinds/clusterRoleBinding.ts'
import { type Role, role } from '../kinds/role.ts'
import { roleBinding } from '../kinds/roleBinding.ts'
import type { Storage } from './storage.ts'

/** Who asks. */
export interface Identity {
  readonly name: string
  readonly groups: readonly string[]
}

/** What someone wants to do to a resource, or to a path that is none. */
export interface Intent {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly name?: string
  readonly namespace?: string
  readonly path?: string
}

interface Grant {
  readonly roleRef: RoleRef
  readonly subjects?: readonly Subject[]
}

const almighty = ['system:masters', 'kubeadm:cluster-admins']
// Simplified: nodes and the control plane may do everything, without the node authorizer's closer look.
const trusted = /^system:(?:node:|kube-|serviceaccount:kube-system:)/

/** The groups that come with a user name: certificates and tokens carry them. */
export function identityOf(name: string, groups: readonly string[] = []): Identity {
  if (name === 'system:anonymous') return { name, groups: ['system:unauthenticated'] }
  const account = /^system:serviceaccount:([^:]+):/.exec(name)
  const own = account
    ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`]
    : name === 'kubernetes-admin'
      ? ['kubeadm:cluster-admins']
      : name.startsWith('system:node:')
        ? ['system:nodes']
        : []
  return { name, groups: [...new Set([...groups, ...own, 'system:authenticated'])] }
}

/** Decides by roles and bindings who may do what. */
export class Authorizer {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  allows(who: Identity, intent: Intent): boolean {
    if (isAlmighty(who)) return true
    return this.rulesFor(who, intent.namespace).some(rule => covers(rule, intent))
  }

  /** Everything that someone may do in a namespace, or in the cluster. */
  rulesFor(who: Identity, namespace?: string): readonly PolicyRule[] {
    if (isAlmighty(who))
      return [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ]
    const rules: PolicyRule[] = []
    for (const { object } of this.#storage.collection(clusterRoleBinding).entries())
      if (concerns(object as KubernetesObject & Grant, who))
        rules.push(...this.#rulesOf((object as unknown as Grant).roleRef, undefined))
    if (namespace === undefined) return rules
    for (const { object } of this.#storage.collection(roleBinding).entries(namespace))
      if (concerns(object as KubernetesObject & Grant, who))
        rules.push(...this.#rulesOf((object as unknown as Grant).roleRef, namespace))
    return rules
  }

  #rulesOf({ kind, name }: RoleRef, namespace: string | undefined): readonly PolicyRule[] {
    const entry =
      kind === 'ClusterRole'
        ? this.#storage.collection(clusterRole).get('', name)
        : this.#storage.collection(role).get(namespace ?? '', name)
    return (entry?.object as ClusterRole | Role | undefined)?.rules ?? []
  }
}

function isAlmighty({ name, groups }: Identity): boolean {
  return trusted.test(name) || groups.some(group => almighty.includes(group))
}

function concerns({ subjects }: Grant, who: Identity): boolean {
  return (subjects ?? []).some(({ kind, name, namespace }) => {
    if (kind === 'User') return name === who.name
    if (kind === 'Group') return who.groups.includes(name)
    return who.name === `system:serviceaccount:${namespace}:${name}`
  })
}

function covers(rule: PolicyRule, intent: Intent): boolean {
  if (!matches(rule.verbs, intent.verb)) return false
  if (intent.path !== undefined)
    return (rule.nonResourceURLs ?? []).some(url => url === '*' || url === intent.path || isUnder(intent.path!, url))
  if (!matches(rule.apiGroups, intent.group)) return false
  const { resource, subresource, name } = intent
  const wanted = subresource ? [`${resource}/${subresource}`, `*/${subresource}`] : [resource]
  if (!['*', ...wanted].some(item => rule.resources?.includes(item))) return false
  return !rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name))
}

function matches(list: readonly string[] | undefined, wanted: string): boolean {
  return list?.includes('*') || list?.includes(wanted) || false
}

/** `/healthz/*` covers everything below. */
function isUnder(path: string, url: string): boolean {
  return url.endsWith('*') && path.startsWith(url.slice(0, -1))
}
