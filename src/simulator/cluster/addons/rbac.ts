import type { PolicyRule, Subject } from 'kubernetes-types/rbac/v1'
import type { Client } from '../client.ts'
import { clusterRole } from '../kinds/clusterRole.ts'
import { clusterRoleBinding } from '../kinds/clusterRoleBinding.ts'
import { serviceAccount } from '../kinds/serviceAccount.ts'
import { ensure } from '../manifest/ensure.ts'
import { readRoles } from '../manifest/readRoles.ts'
import { bootstrapRoles } from './rbac/bootstrapRoles.ts'

const apiGroup = 'rbac.authorization.k8s.io'
const metadata = {
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
}
const controllerPrefix = 'system:controller:'

/** Roles that are made of others: the label that collects them, and the roles that collect this one in turn. */
const aggregated = [
  { name: 'view', collectedBy: 'edit', parts: ['system:aggregate-to-view'] },
  { name: 'edit', collectedBy: 'admin', parts: ['system:aggregate-to-edit', 'view'] },
  { name: 'admin', collectedBy: undefined, parts: ['edit', 'system:aggregate-to-admin'] },
] as const

const bindings: Readonly<
  Record<string, readonly (readonly [kind: 'User' | 'Group' | 'ServiceAccount', name: string])[]>
> = {
  'cluster-admin': [['Group', 'system:masters']],
  'system:basic-user': [['Group', 'system:authenticated']],
  'system:discovery': [['Group', 'system:authenticated']],
  'system:kube-controller-manager': [['User', 'system:kube-controller-manager']],
  'system:kube-dns': [['ServiceAccount', 'kube-dns']],
  'system:kube-scheduler': [['User', 'system:kube-scheduler']],
  'system:monitoring': [['Group', 'system:monitoring']],
  'system:node': [],
  'system:node-proxier': [['User', 'system:kube-proxy']],
  'system:public-info-viewer': [
    ['Group', 'system:authenticated'],
    ['Group', 'system:unauthenticated'],
  ],
  'system:service-account-issuer-discovery': [['Group', 'system:serviceaccounts']],
  'system:volume-scheduler': [['User', 'system:kube-scheduler']],
}

/** Installs the roles and bindings that every cluster has, and the accounts of its controllers. */
export function installRbac(client: Client): void {
  const rules = new Map(readRoles(bootstrapRoles).map(role => [role.name, role.rules]))
  for (const [name, own] of rules) {
    const target = /^system:aggregate-to-(.+)$/.exec(name)?.[1]
    const labels = { ...metadata.labels, ...(target && { [`${apiGroup}/aggregate-to-${target}`]: 'true' }) }
    ensure(client, clusterRole, { metadata: { ...metadata, name, labels }, rules: own })
  }
  for (const { name, collectedBy, parts } of aggregated) {
    const collected: PolicyRule[] = parts.flatMap(part => rules.get(part) ?? [])
    rules.set(name, collected)
    const labels = { ...metadata.labels, ...(collectedBy && { [`${apiGroup}/aggregate-to-${collectedBy}`]: 'true' }) }
    const clusterRoleSelectors = [{ matchLabels: { [`${apiGroup}/aggregate-to-${name}`]: 'true' } }]
    const aggregationRule = { clusterRoleSelectors }
    ensure(client, clusterRole, { metadata: { ...metadata, name, labels }, rules: collected, aggregationRule })
  }
  for (const [role, subjects] of Object.entries(bindings))
    bindRole(client, role, role, subjects.map(subjectOf), metadata)
  for (const role of rules.keys()) {
    if (!role.startsWith(controllerPrefix)) continue
    const name = role.slice(controllerPrefix.length)
    ensure(client, serviceAccount, { metadata: { name, namespace: 'kube-system' } })
    bindRole(client, role, role, [subjectOf(['ServiceAccount', name])], metadata)
  }
}

/** A user, a group, or an account in kube-system. */
export function subjectOf([kind, name]: readonly [kind: string, name: string]): Subject {
  return kind === 'ServiceAccount' ? { kind, name, namespace: 'kube-system' } : { kind, name, apiGroup }
}

/** Gives a cluster role to subjects. */
export function bindRole(
  client: Client,
  name: string,
  role: string,
  subjects: Subject[],
  more: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> } = {},
): void {
  ensure(client, clusterRoleBinding, {
    metadata: { ...more, name },
    ...(subjects.length > 0 && { subjects }),
    roleRef: { apiGroup, kind: 'ClusterRole', name: role },
  })
}
