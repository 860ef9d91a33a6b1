import { expect, test } from 'vitest'
import type { KubernetesObject } from '../../../../src/simulator/cluster/api/object.ts'
import type { Status } from '../../../../src/simulator/cluster/api/status.ts'
import { deploymentNamed, podNamed, TestServer } from '../testServer.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const map = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more })

interface List {
  readonly kind: string
  readonly apiVersion: string
  readonly metadata: {
    readonly resourceVersion: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
  readonly items: readonly KubernetesObject[]
}

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[]
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object?: KubernetesObject }[]
}

test('objects are made, read, replaced and deleted', () => {
  const server = new TestServer()
  expect(server.request('POST', maps, { body: map('a', { data: { x: '1' } }) }).status).toBe(201)
  const found = server.body('GET', `${maps}/a`)
  const replaced = server.body('PUT', `${maps}/a`, { body: { ...found, data: { x: '2' } } })
  expect(replaced).toMatchObject({ data: { x: '2' }, metadata: { uid: found.metadata.uid } })
  const gone = server.body<Status>('DELETE', `${maps}/a`)
  expect(gone).toMatchObject({ status: 'Success', details: { name: 'a', kind: 'configmaps', uid: found.metadata.uid } })
  expect(server.refusal('GET', `${maps}/a`)).toBe('configmaps "a" not found')
})

test.each([
  ['GET', '/api/v1/nonsense', 404, 'the server could not find the requested resource'],
  ['GET', '/apis/apps/v9/deployments', 404, 'the server could not find the requested resource'],
  ['PUT', '/api/v1/namespaces', 405, 'the server does not allow this method on the requested resource'],
  ['GET', '/api/v1/namespaces/default/pods/p/nonsense', 404, 'the server could not find the requested resource'],
] as const)('%s %s is answered with %d', (method, path, status, message) => {
  const server = new TestServer()
  expect(server.request(method, path).body).toMatchObject({ kind: 'Status', code: status, message })
})

test('unknown fields are refused, told of, or left out, as the request wants', () => {
  const server = new TestServer()
  const send = (fieldValidation: string) =>
    server.request('POST', maps, { body: map(fieldValidation.toLowerCase(), { dta: {} }), query: { fieldValidation } })
  expect((send('Strict').body as Status).message).toBe(
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"',
  )
  expect(send('Warn').headers['warning']).toBe('299 - "unknown field \\"dta\\""')
  expect(send('Ignore').headers['warning']).toBeUndefined()
})

test('name and namespace must agree with the path', () => {
  const server = new TestServer()
  server.request('POST', maps, { body: map('a') })
  expect(server.refusal('PUT', `${maps}/a`, { body: map('b') })).toBe(
    'the name of the object (b) does not match the name on the URL (a)',
  )
  expect(server.refusal('POST', maps, { body: { ...map('b'), metadata: { name: 'b', namespace: 'x' } } })).toBe(
    'the namespace of the provided object does not match the namespace sent on the request',
  )
})

test('a dry run does everything but store', () => {
  const server = new TestServer()
  const made = server.body('POST', deployments, { body: deploymentNamed('web'), query: { dryRun: 'All' } })
  expect(made).toMatchObject({ spec: { replicas: 1, strategy: { type: 'RollingUpdate' } } })
  expect(server.request('GET', `${deployments}/web`).status).toBe(404)
})

test('patches of each type are applied', () => {
  const server = new TestServer()
  server.request('POST', deployments, { body: deploymentNamed('web') })
  const path = `${deployments}/web`
  const containers = [{ name: 'c', image: 'nginx:1.28' }]
  expect(server.patch(path, { spec: { template: { spec: { containers } } } }).body).toMatchObject({
    spec: { template: { spec: { containers: [{ image: 'nginx:1.28', imagePullPolicy: 'IfNotPresent' }] } } },
  })
  expect(server.patch(path, { spec: { replicas: 2 } }, 'merge-patch+json').body).toMatchObject({
    spec: { replicas: 2 },
  })
  const steps = [{ op: 'replace', path: '/spec/replicas', value: 3 }]
  expect(server.patch(path, steps, 'json-patch+json').body).toMatchObject({ spec: { replicas: 3 } })
})

test.each([
  [
    'nonsense',
    'strategic-merge-patch+json',
    400,
    'json: cannot unmarshal string into Go value of type map[string]interface {}',
  ],
  [{}, 'json-patch+json', 400, 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
  [
    [{ op: 'remove', path: '/x' }],
    'json-patch+json',
    422,
    'the server rejected our request due to an error in our request',
  ],
  [{}, 'nonsense', 415, /^the body of the request was in an unknown format - accepted media types include: /],
])('the patch %j of type %s is refused', (patch, type, status, message) => {
  const server = new TestServer()
  server.request('POST', maps, { body: map('a') })
  const answer = server.patch(`${maps}/a`, patch, type)
  expect(answer.status).toBe(status)
  expect((answer.body as Status).message).toMatch(message)
})

test('lists come by name, with their own version and in pieces when asked', () => {
  const server = new TestServer()
  for (const name of ['c', 'a', 'b']) server.request('POST', maps, { body: map(name) })
  const first = server.body<List>('GET', maps, { query: { limit: '2' } })
  expect(first.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
  expect([first.kind, first.apiVersion, first.metadata.remainingItemCount]).toEqual(['ConfigMapList', 'v1', 1])
  const rest = server.body<List>('GET', maps, { query: { limit: '2', continue: first.metadata.continue! } })
  expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(['c'])
  expect(rest.metadata.continue).toBeUndefined()
})

test('labels and fields select', () => {
  const server = new TestServer()
  for (const [name, labels] of [
    ['a', { app: 'x' }],
    ['b', { app: 'y' }],
  ] as const)
    server.request('POST', '/api/v1/namespaces/default/pods', { body: podNamed(name, labels) })
  const names = (query: Record<string, string>) =>
    server.body<List>('GET', '/api/v1/pods', { query }).items.map(({ metadata }) => metadata.name)
  expect(names({ labelSelector: 'app in (x)' })).toEqual(['a'])
  expect(names({ fieldSelector: 'metadata.name!=a,status.phase=Pending' })).toEqual(['b'])
  expect(server.refusal('GET', '/api/v1/pods', { query: { fieldSelector: 'spec.color=red' } })).toBe(
    'field label not supported: spec.color',
  )
  expect(server.refusal('GET', '/api/v1/pods', { query: { labelSelector: 'a b' } })).toMatch(
    /^unable to parse requirement/,
  )
})

test('a collection is deleted as far as a selector reaches', () => {
  const server = new TestServer()
  for (const name of ['a', 'b'])
    server.request('POST', maps, { body: { ...map(name), metadata: { name, labels: { name } } } })
  server.request('DELETE', maps, { query: { labelSelector: 'name=a' } })
  expect(server.body<List>('GET', maps).items.map(({ metadata }) => metadata.name)).toEqual(['b'])
})

test('tables carry cells and the metadata of each object', () => {
  const server = new TestServer()
  server.request('POST', deployments, { body: deploymentNamed('web') })
  server.clock.advance(90_000)
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }
  const table = server.body<Table>('GET', deployments, { headers })
  expect(table.columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual([
    'Name',
    'Ready',
    'Up-to-date',
    'Available',
    'Age',
  ])
  expect(table.rows[0]!.cells).toEqual(['web', '0/1', 0, 0, '90s', 'c', 'nginx:1.27', 'app=web'])
  expect(table.rows[0]!.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'web' } })
})

test('deprecated kinds and odd pods are warned of', () => {
  const server = new TestServer()
  expect(server.request('GET', '/api/v1/endpoints').headers['warning']).toBe(
    '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
  )
  const port = { containerPort: 80 }
  const containers = [
    { name: 'a', image: 'x:1', ports: [port] },
    { name: 'b', image: 'x:1', ports: [port] },
  ]
  const body = { ...podNamed('p'), spec: { containers } }
  expect(server.request('POST', '/api/v1/namespaces/default/pods', { body }).headers['warning']).toContain(
    'spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]',
  )
})

test('events are told under their old and their new names', () => {
  const server = new TestServer()
  const body = {
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
    message: 'Started',
    reason: 'Started',
  }
  server.request('POST', '/api/v1/namespaces/default/events', { body })
  expect(server.body('GET', '/apis/events.k8s.io/v1/namespaces/default/events/e')).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    note: 'Started',
    regarding: { name: 'p' },
  })
})

test('how the control plane is depends on its pods', () => {
  const server = new TestServer()
  const { items } = server.body<{ items: { metadata: { name: string }; conditions: { status: string }[] }[] }>(
    'GET',
    '/api/v1/componentstatuses',
  )
  expect(items.map(({ metadata, conditions }) => [metadata.name, conditions[0]?.status])).toEqual([
    ['controller-manager', 'False'],
    ['scheduler', 'False'],
    ['etcd-0', 'False'],
  ])
  expect(server.refusal('GET', '/api/v1/componentstatuses/nope')).toBe('componentstatuses "nope" not found')
})

test('who may measure the server reads how much it keeps', () => {
  const server = new TestServer()
  expect(server.request('GET', '/metrics').body).toContain(
    'apiserver_resource_objects{group="",resource="serviceaccounts"} 1\n',
  )
  expect(server.refusal('GET', '/metrics', { user: 'jane' })).toBe('forbidden: User "jane" cannot get path "/metrics"')
})

test('the server says how it is', () => {
  const server = new TestServer()
  expect(server.request('GET', '/healthz').body).toBe('ok')
  expect(server.request('GET', '/readyz', { query: { verbose: '' } }).body).toMatch(
    /\[\+\]etcd ok\n[\s\S]*readyz check passed\n$/,
  )
  expect(server.body<{ gitVersion: string }>('GET', '/version').gitVersion).toBe('v1.36.3')
})

test('events are found by who tells them, under the names of either group', () => {
  const server = new TestServer()
  const metadata = { name: 'told', namespace: 'default' }
  const body = {
    metadata,
    eventTime: '2026-03-02T09:00:00.000000Z',
    reportingController: 'test-controller',
    reportingInstance: 'one',
    action: 'Do',
    reason: 'Test',
    type: 'Normal',
    note: 'text',
    regarding: { namespace: 'default', kind: 'Pod', name: 'a' },
  }
  expect(server.request('POST', '/apis/events.k8s.io/v1/namespaces/default/events', { body }).status).toBe(201)
  const found = (path: string, fieldSelector: string) =>
    server.body<List>('GET', path, { query: { fieldSelector } }).items.length
  expect(found('/api/v1/events', 'source=test-controller')).toBe(1)
  expect(found('/api/v1/events', 'source=other')).toBe(0)
  expect(found('/apis/events.k8s.io/v1/events', 'reportingController=test-controller')).toBe(1)
  expect(found('/apis/events.k8s.io/v1/events', 'regarding.name=b')).toBe(0)
})

test('jobs are found by how many of their pods have succeeded', () => {
  const server = new TestServer()
  const path = '/apis/batch/v1/namespaces/default/jobs'
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } }
  server.request('POST', path, { body: { metadata: { name: 'done' }, spec: { template } } })
  const count = (number: number) =>
    server.body<List>('GET', path, { query: { fieldSelector: `status.successful=${number}` } }).items.length
  expect([count(0), count(1)]).toEqual([1, 0])
  server.patch(`${path}/done/status`, { status: { succeeded: 1 } })
  expect([count(0), count(1)]).toEqual([0, 1])
})
