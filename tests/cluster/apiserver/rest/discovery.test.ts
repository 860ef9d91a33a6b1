import { expect, test } from 'vitest'
import { loadApiWords } from '../../../../src/simulator/cluster/api/openapi/words.ts'
import { TestServer } from '../testServer.ts'

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly verbs: readonly string[] }[]
}

test('groups and versions are listed, the preferred one first', () => {
  const { groups } = new TestServer().body<{ groups: { name: string; versions: { version: string }[] }[] }>(
    'GET',
    '/apis',
  )
  const autoscaling = groups.find(({ name }) => name === 'autoscaling')!
  expect(autoscaling.versions.map(({ version }) => version)).toEqual(['v2', 'v1'])
})

test('every kind and its parts are listed', () => {
  const { resources } = new TestServer().body<ResourceList>('GET', '/apis/apps/v1')
  expect(resources.find(({ name }) => name === 'deployments/scale')).toMatchObject({
    kind: 'Scale',
    verbs: ['get', 'patch', 'update'],
  })
})

test('both forms of discovery name the same kinds', () => {
  const server = new TestServer()
  const headers = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }
  const answer = server.request('GET', '/api', { headers })
  expect(answer.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
  const { items } = answer.body as { items: { versions: { resources: { resource: string }[] }[] }[] }
  const plain = server.body<ResourceList>('GET', '/api/v1').resources.map(({ name }) => name)
  expect(items[0]!.versions[0]!.resources.map(({ resource }) => resource)).toEqual(
    plain.filter(name => !name.includes('/')),
  )
})

interface Document {
  readonly components: {
    readonly schemas: Record<string, { readonly properties: Record<string, Record<string, unknown>> }>
  }
}

test('documents describe types, silently until the words are loaded', async () => {
  const server = new TestServer()
  const port = () => {
    const { schemas } = server.body<Document>('GET', '/openapi/v3/api/v1').components
    return schemas['io.k8s.api.core.v1.ServiceSpec']!.properties['ports']!
  }
  expect(port()).not.toHaveProperty('description')
  expect(port()).toMatchObject({
    type: 'array',
    'x-kubernetes-list-map-keys': ['port', 'protocol'],
    'x-kubernetes-patch-merge-key': 'port',
  })
  server.server.words = await loadApiWords()
  expect(port()['description']).toMatch(/^The list of ports that are exposed by this service\./)
})

test('there is a document for every group and version', () => {
  const server = new TestServer()
  const { paths } = server.body<{ paths: Record<string, { serverRelativeURL: string }> }>('GET', '/openapi/v3')
  for (const { serverRelativeURL } of Object.values(paths))
    expect(server.request('GET', serverRelativeURL).status).toBe(200)
})
