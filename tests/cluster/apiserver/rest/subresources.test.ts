import { expect, test } from 'vitest'
import type { Status } from '../../../../src/simulator/cluster/api/status.ts'
import { pod } from '../../../../src/simulator/cluster/kinds/pod.ts'
import { podDisruptionBudget } from '../../../../src/simulator/cluster/kinds/podDisruptionBudget.ts'
import { deploymentNamed, podNamed, TestServer } from '../testServer.ts'

const deployments = '/apis/apps/v1/namespaces/default/deployments'
const pods = '/api/v1/namespaces/default/pods'

test('the scale shows and changes only how many there are to be', () => {
  const server = new TestServer()
  server.request('POST', deployments, { body: deploymentNamed('web') })
  expect(server.body('GET', `${deployments}/web/scale`)).toMatchObject({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    spec: { replicas: 1 },
    status: { replicas: 0, selector: 'app=web' },
  })
  server.patch(`${deployments}/web/scale`, { spec: { replicas: 4 } }, 'merge-patch+json')
  expect(server.body('GET', `${deployments}/web`)).toMatchObject({ spec: { replicas: 4 } })
})

test('the status is changed at its own path', () => {
  const server = new TestServer()
  server.request('POST', pods, { body: podNamed('p') })
  const answer = server.patch(`${pods}/p/status`, { status: { phase: 'Running' }, spec: { nodeName: 'x' } })
  expect(answer.body).toMatchObject({ status: { phase: 'Running' } })
  expect(server.body('GET', `${pods}/p`)).not.toHaveProperty('spec.nodeName')
})

test('a pod is bound through its binding', () => {
  const server = new TestServer()
  server.request('POST', pods, { body: podNamed('p') })
  const body = { apiVersion: 'v1', kind: 'Binding', target: { kind: 'Node', name: 'node1' } }
  expect(server.request('POST', `${pods}/p/binding`, { body }).status).toBe(201)
  expect(server.body('GET', `${pods}/p`)).toMatchObject({ spec: { nodeName: 'node1' } })
})

test('a disruption budget forbids evictions', () => {
  const server = new TestServer()
  server.request('POST', pods, { body: podNamed('p', { app: 'x' }) })
  server.client.updateStatus(pod, { ...server.client.get(pod, 'p', 'default')!, status: { phase: 'Running' } })
  server.client.create(podDisruptionBudget, {
    metadata: { name: 'b', namespace: 'default' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } },
  })
  const answer = server.request('POST', `${pods}/p/eviction`, { body: { apiVersion: 'policy/v1', kind: 'Eviction' } })
  expect(answer.status).toBe(429)
  expect((answer.body as Status).message).toBe("Cannot evict pod as it would violate the pod's disruption budget.")
  expect(server.client.get(pod, 'p', 'default')).toBeDefined()
})

test('a token speaks for its service account', () => {
  const server = new TestServer()
  const path = '/api/v1/namespaces/default/serviceaccounts/default/token'
  const { status } = server.body<{ status: { token: string } }>('POST', path, { body: { spec: {} } })
  const review = server.body('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: status.token } },
  })
  expect(review).toMatchObject({
    status: { authenticated: true, user: { username: 'system:serviceaccount:default:default' } },
  })
})

test('an evicted pod says why it goes', () => {
  const server = new TestServer()
  server.request('POST', pods, {
    body: { ...podNamed('p'), metadata: { name: 'p', finalizers: ['example.com/hold'] } },
  })
  server.request('POST', `${pods}/p/eviction`, { body: { metadata: { name: 'p' } } })
  expect(server.body('GET', `${pods}/p`)).toMatchObject({
    metadata: { deletionTimestamp: expect.any(String) },
    status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }] },
  })
})

test('the approval of a request for a certificate changes what was decided and nothing else', () => {
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
  const server = new TestServer()
  const spec = { request: btoa('x'), signerName: 'example.com/own', usages: ['client auth'] }
  server.request('POST', requests, { body: { metadata: { name: 'r' }, spec } })
  const conditions = [{ type: 'Approved', status: 'True' }]
  server.patch(
    `${requests}/r/approval`,
    { spec: { signerName: 'x/y' }, status: { conditions, certificate: 'eA==' } },
    'merge-patch+json',
  )
  const { spec: kept, status } = server.body('GET', `${requests}/r`) as { spec: object; status: object }
  expect(kept).toMatchObject({ signerName: 'example.com/own' })
  expect(status).toEqual({
    conditions: [
      { type: 'Approved', status: 'True', lastUpdateTime: expect.any(String), lastTransitionTime: expect.any(String) },
    ],
  })
})
