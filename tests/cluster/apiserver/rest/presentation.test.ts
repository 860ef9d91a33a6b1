import { expect, test } from 'vitest'
import { podNamed, TestServer } from '../testServer.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const as = (form: string) => ({ accept: `application/json;as=${form};g=meta.k8s.io;v=v1,application/json` })

function withConfigMap(): TestServer {
  const server = new TestServer()
  server.request('POST', configMaps, { body: { metadata: { name: 'a' }, data: { x: '1' } } })
  return server
}

test('a client that asks for metadata gets nothing else', () => {
  const server = withConfigMap()
  expect(server.body('GET', `${configMaps}/a`, { headers: as('PartialObjectMetadata') })).toEqual({
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: expect.objectContaining({ name: 'a' }),
  })
  expect(server.body('GET', configMaps, { headers: as('PartialObjectMetadataList') })).toMatchObject({
    kind: 'PartialObjectMetadataList',
    items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }],
  })
})

test('questions have no form but their own', () => {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const body = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } }
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  expect(new TestServer().request('POST', path, { body, headers: { accept } }).status).toBe(406)
  expect(new TestServer().request('POST', path, { body, headers: as('Table') }).status).toBe(201)
})

test('a watch tells who owned the fields at each of the versions', () => {
  const server = withConfigMap()
  const { resourceVersion } = server.body('GET', `${configMaps}/a`).metadata
  const answers = ['2', '3'].map(
    x => server.patch(`${configMaps}/a`, { data: { x, [`y${x}`]: 'new' } }, 'merge-patch+json').body,
  )
  const { stream } = server.request('GET', configMaps, { query: { watch: 'true', resourceVersion } })
  const events: unknown[] = []
  stream?.onData(event => events.push(event))
  expect(events).toEqual(answers.map(object => ({ type: 'MODIFIED', object })))
})

test('what a selector no longer matches is shown as it was', () => {
  const server = new TestServer()
  const pods = '/api/v1/namespaces/default/pods'
  server.request('POST', pods, { body: podNamed('p', { app: 'web' }) })
  const { stream } = server.request('GET', pods, { query: { watch: 'true', labelSelector: 'app=web' } })
  const events: { type: string; object: { metadata: { labels: unknown; resourceVersion: string } } }[] = []
  stream?.onData(event => events.push(event as (typeof events)[0]))
  const { resourceVersion } = (
    server.patch(`${pods}/p`, { metadata: { labels: { app: 'db' } } }).body as { metadata: { resourceVersion: string } }
  ).metadata
  expect(events.at(-1)).toMatchObject({
    type: 'DELETED',
    object: { metadata: { labels: { app: 'web' }, resourceVersion } },
  })
})

test('a field selector knows what an absent number or truth means', () => {
  const server = new TestServer()
  server.request('POST', '/api/v1/nodes', { body: { metadata: { name: 'n' } } })
  const count = (fieldSelector: string) =>
    server.body<{ items: unknown[] }>('GET', '/api/v1/nodes', { query: { fieldSelector } }).items.length
  expect(['spec.unschedulable=false', 'spec.unschedulable=true'].map(count)).toEqual([1, 0])
})

test('who writes a status may mark the object', () => {
  const server = new TestServer()
  const patch = { metadata: { annotations: { seen: 'yes' } }, spec: { finalizers: [] } }
  const changed = server.patch('/api/v1/namespaces/default/status', patch, 'merge-patch+json').body
  expect(changed).toMatchObject({ metadata: { annotations: { seen: 'yes' } }, spec: { finalizers: ['kubernetes'] } })
})

test('flow schemas and priority levels are kept with their defaults', () => {
  const server = new TestServer()
  const path = '/apis/flowcontrol.apiserver.k8s.io/v1'
  const flow = { metadata: { name: 'f' }, spec: { priorityLevelConfiguration: { name: 'p' } } }
  expect(server.body('POST', `${path}/flowschemas`, { body: flow })).toMatchObject({
    spec: { matchingPrecedence: 1000 },
  })
  const level = { metadata: { name: 'p' }, spec: { type: 'Limited' } }
  expect(server.refusal('POST', `${path}/prioritylevelconfigurations`, { body: level })).toMatch(/must not be empty/)
})
