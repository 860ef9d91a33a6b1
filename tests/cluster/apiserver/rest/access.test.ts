import { expect, test } from 'vitest'
import { clusterRole } from '../../../../src/simulator/cluster/kinds/clusterRole.ts'
import { clusterRoleBinding } from '../../../../src/simulator/cluster/kinds/clusterRoleBinding.ts'
import { role } from '../../../../src/simulator/cluster/kinds/role.ts'
import { roleBinding } from '../../../../src/simulator/cluster/kinds/roleBinding.ts'
import { TestServer } from '../testServer.ts'

const apiGroup = 'rbac.authorization.k8s.io'
const pods = '/api/v1/namespaces/default/pods'

function withReader(): TestServer {
  const server = new TestServer()
  const metadata = { name: 'reader', namespace: 'default' }
  server.client.create(role, { metadata, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] })
  server.client.create(roleBinding, {
    metadata,
    roleRef: { apiGroup, kind: 'Role', name: 'reader' },
    subjects: [{ apiGroup, kind: 'User', name: 'jane' }],
  })
  return server
}

test('who has no role is refused in the words of the real server', () => {
  const server = new TestServer()
  expect(server.refusal('GET', pods, { user: 'jane' })).toBe(
    'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
  )
  expect(server.refusal('DELETE', '/apis/apps/v1/namespaces/default/deployments/web', { user: 'jane' })).toBe(
    'deployments.apps "web" is forbidden: User "jane" cannot delete resource "deployments" in API group "apps" in the namespace "default"',
  )
  expect(server.refusal('GET', '/api/v1/nodes', { user: 'jane' })).toMatch(/at the cluster scope$/)
})

test('a role allows what it names, where it is bound', () => {
  const server = withReader()
  expect(server.request('GET', pods, { user: 'jane' }).status).toBe(200)
  expect(server.request('GET', `${pods}/p/log`, { user: 'jane' }).status).toBe(403)
  expect(server.request('GET', '/api/v1/namespaces/kube-system/pods', { user: 'jane' }).status).toBe(403)
  expect(server.request('GET', pods, { user: 'joe' }).status).toBe(403)
})

test('a cluster role reaches everywhere, for groups too', () => {
  const server = new TestServer()
  const name = 'see-all'
  server.client.create(clusterRole, {
    metadata: { name },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['list'] }],
  })
  server.client.create(clusterRoleBinding, {
    metadata: { name },
    roleRef: { apiGroup, kind: 'ClusterRole', name },
    subjects: [{ apiGroup, kind: 'Group', name: 'system:serviceaccounts:team' }],
  })
  expect(server.request('GET', '/api/v1/nodes', { user: 'system:serviceaccount:team:bot' }).status).toBe(200)
  expect(server.request('GET', '/api/v1/nodes', { user: 'system:serviceaccount:other:bot' }).status).toBe(403)
})

test('only those who may can speak for others', () => {
  const server = withReader()
  const headers = { 'impersonate-user': 'jane' }
  expect(server.request('GET', pods, { headers }).status).toBe(200)
  expect(server.request('POST', pods, { headers, body: {} }).status).toBe(403)
  expect(server.refusal('GET', pods, { user: 'joe', headers })).toBe(
    'users "jane" is forbidden: User "joe" cannot impersonate resource "users" in API group "" at the cluster scope',
  )
})

test('one can ask what one may do', () => {
  const server = withReader()
  const ask = (verb: string) =>
    server.body('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      user: 'jane',
      body: { spec: { resourceAttributes: { verb, resource: 'pods', namespace: 'default' } } },
    })
  expect(ask('list')).toMatchObject({ status: { allowed: true } })
  expect(ask('create')).toMatchObject({ status: { allowed: false } })
  expect(server.body('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {} })).toMatchObject({
    status: { userInfo: { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] } },
  })
})
