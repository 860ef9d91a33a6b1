import type { Asked } from './server.ts'

const prefix = '/apis/authorization.k8s.io/v1/'
const identity = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

// Simplified: the administrator may do everything and everyone else nothing; roles are stored and not looked at.
/** Answers the questions of `kubectl auth`: who am I, and may I. Undefined for other requests. */
export function answerReview({ path, method, body, user }: Asked): unknown {
  if (method !== 'POST') return undefined
  const object = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  if (path === identity)
    return {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: null },
      status: { userInfo: { username: user, groups: groupsOf(user) } },
    }
  if (!path.startsWith(prefix) && !/\/localsubjectaccessreviews$/.test(path)) return undefined
  const allowed = isAdministrator(user)
  if (path.endsWith('/selfsubjectrulesreviews')) {
    const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
    const status = {
      resourceRules: allowed ? [everything] : [],
      nonResourceRules: allowed ? [{ verbs: ['*'], nonResourceURLs: ['*'] }] : [],
      incomplete: false,
    }
    return { ...object, status }
  }
  return { ...object, status: { allowed } }
}

function isAdministrator(user: string): boolean {
  return user === 'kubernetes-admin' || user.startsWith('system:masters')
}

function groupsOf(user: string): string[] {
  const account = /^system:serviceaccount:([^:]+):/.exec(user)
  if (account) return ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`, 'system:authenticated']
  return [isAdministrator(user) ? 'kubeadm:cluster-admins' : 'system:unauthenticated', 'system:authenticated']
}
