import { expect, test } from 'vitest'
import type { KubernetesObject } from '../../../src/simulator/cluster/api/object.ts'
import { TestServer } from './testServer.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const name = 'crontabs.stable.example.com'
const crontabs = '/apis/stable.example.com/v1/namespaces/default/crontabs'

type Json = Record<string, unknown>

const specSchema: Json = {
  type: 'object',
  required: ['cronSpec'],
  properties: {
    cronSpec: { type: 'string', pattern: '^\\S+$', maxLength: 20 },
    image: { type: 'string', default: 'busybox' },
    replicas: { type: 'integer', minimum: 1, maximum: 10 },
    mode: { type: 'string', enum: ['Fast', 'Slow'] },
    note: { type: 'string', nullable: true },
    port: { 'x-kubernetes-int-or-string': true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ports: {
      type: 'array',
      maxItems: 3,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, port: { type: 'integer' } },
      },
    },
  },
}

function version(changes: Json = {}): Json {
  return {
    name: 'v1',
    served: true,
    storage: true,
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: specSchema, status: { type: 'object', properties: { replicas: { type: 'integer' } } } },
      },
    },
    ...changes,
  }
}

function crontabDefinition(spec: Json = {}, versions: readonly Json[] = [version()]): Json {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'], categories: ['all'] },
      versions,
      ...spec,
    },
  }
}

function crontab(spec: Json, metadata: Json = {}): Json {
  return { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name: 'mine', ...metadata }, spec }
}

function withCrontabs(spec: Json = {}, versions: readonly Json[] = [version()]): TestServer {
  const server = new TestServer()
  const { status } = server.request('POST', definitions, { body: crontabDefinition(spec, versions) })
  expect(status).toBe(201)
  server.clock.advance(50)
  return server
}

function refusalOf(server: TestServer, spec: Json): string {
  return server.refusal('POST', crontabs, { body: crontab(spec) })
}

test('a definition gets its names and is established a moment later', () => {
  const server = new TestServer()
  server.request('POST', definitions, { body: crontabDefinition() })
  expect(server.request('GET', crontabs).status).toBe(404)
  server.clock.advance(50)
  expect(server.request('GET', crontabs).status).toBe(200)
  const { status } = server.body<KubernetesObject & { status: Json }>('GET', `${definitions}/${name}`)
  expect(status['acceptedNames']).toMatchObject({ singular: 'crontab', listKind: 'CronTabList' })
  expect(status['storedVersions']).toEqual(['v1'])
  expect((status['conditions'] as Json[]).map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
    'NamesAccepted True NoConflicts',
    'Established True InitialNamesAccepted',
  ])
})

test('names that another definition has are not accepted', () => {
  const server = withCrontabs()
  const names = { plural: 'cronjobs', kind: 'CronTab' }
  const body = { ...crontabDefinition({ names }), metadata: { name: 'cronjobs.stable.example.com' } }
  expect(server.request('POST', definitions, { body }).status).toBe(201)
  server.clock.advance(50)
  const { status } = server.body<KubernetesObject & { status: { conditions: Json[] } }>(
    'GET',
    `${definitions}/cronjobs.stable.example.com`,
  )
  expect(
    status.conditions.map(({ type, status, reason, message }) => [type, status, reason, message].join(' ')),
  ).toEqual([
    'NamesAccepted False ListKindConflict "CronTabList" is already in use',
    'Established False NotAccepted not all names are accepted',
  ])
})

test('discovery lists the kinds that definitions define', () => {
  const server = withCrontabs({}, [version({ subresources: { status: {} } })])
  const list = server.body<{ resources: Json[] }>('GET', '/apis/stable.example.com/v1')
  expect(list.resources.map(resource => resource['name'])).toEqual(['crontabs', 'crontabs/status'])
  expect(list.resources[0]).toMatchObject({
    kind: 'CronTab',
    shortNames: ['ct'],
    categories: ['all'],
    namespaced: true,
  })
  const groups = server.body<{ groups: { name: string }[] }>('GET', '/apis').groups
  expect(groups.at(-1)!.name).toBe('stable.example.com')
})

test('objects are filled in, pruned and told of', () => {
  const server = withCrontabs()
  const body = crontab({ cronSpec: '*', other: 1, note: null, mode: null, free: { any: { thing: 1 } } })
  const { headers, body: created } = server.request('POST', crontabs, { body })
  expect((created as { spec: Json }).spec).toEqual({
    cronSpec: '*',
    free: { any: { thing: 1 } },
    image: 'busybox',
    note: null,
  })
  expect(headers['warning']).toBe('299 - "unknown field \\"spec.other\\""')
  expect(server.refusal('POST', crontabs, { body, query: { fieldValidation: 'Strict' } })).toBe(
    'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.other"',
  )
})

test.each<[Json, string]>([
  [{}, 'spec.cronSpec: Required value'],
  [{ cronSpec: 5 }, 'spec.cronSpec: Invalid value: "integer": spec.cronSpec in body must be of type string: "integer"'],
  [{ cronSpec: 'a b' }, `spec.cronSpec: Invalid value: "a b": spec.cronSpec in body should match '^\\S+$'`],
  [{ cronSpec: 'x'.repeat(21) }, 'spec.cronSpec: Too long: may not be more than 20 bytes'],
  [
    { cronSpec: '*', replicas: 11 },
    'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
  ],
  [{ cronSpec: '*', mode: 'Other' }, 'spec.mode: Unsupported value: "Other": supported values: "Fast", "Slow"'],
  [
    { cronSpec: '*', port: true },
    '[<nil>: Invalid value: "": "spec.port" must validate at least one schema (anyOf), spec.port: Invalid value: "boolean": spec.port in body must be of type integer: "boolean"]',
  ],
  [{ cronSpec: '*', ports: [{}] }, 'spec.ports[0].name: Required value'],
  [
    { cronSpec: '*', ports: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] },
    'spec.ports[2]: Duplicate value: {"name":"a"}',
  ],
  [
    { cronSpec: '*', ports: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }] },
    'spec.ports: Too many: 4: must have at most 3 items',
  ],
])('%o is refused in the words of the real server', (spec, text) => {
  expect(refusalOf(withCrontabs(), spec)).toBe(`CronTab.stable.example.com "mine" is invalid: ${text}`)
})

test('a status has a door of its own once the definition says so', () => {
  const server = withCrontabs({}, [version({ subresources: { status: {} } })])
  const body = { ...crontab({ cronSpec: '*' }), status: { replicas: 3 } }
  expect(server.body('POST', crontabs, { body })).not.toHaveProperty('status')
  const status = server.patch(
    `${crontabs}/mine/status`,
    { status: { replicas: 2 }, spec: { image: 'x' } },
    'merge-patch+json',
  )
  expect(status.body).toMatchObject({
    metadata: { generation: 1 },
    spec: { image: 'busybox' },
    status: { replicas: 2 },
  })
  expect(
    (server.patch(`${crontabs}/mine/status`, { status: { replicas: 'x' } }, 'merge-patch+json').body as Json)[
      'message'
    ],
  ).toBe(
    'CronTab.stable.example.com "mine" is invalid: status.replicas: Invalid value: "string": status.replicas in body must be of type integer: "string"',
  )
})

test('a scale is read and written where the definition says', () => {
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }
  const server = withCrontabs({}, [version({ subresources: { status: {}, scale } })])
  server.request('POST', crontabs, { body: crontab({ cronSpec: '*', replicas: 2 }) })
  expect(server.body('GET', `${crontabs}/mine/scale`)).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } })
  server.patch(`${crontabs}/mine/scale`, { spec: { replicas: 5 } }, 'merge-patch+json')
  expect(server.body('GET', `${crontabs}/mine`)).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } })
})

test('tables show what the columns of the definition find', () => {
  const additionalPrinterColumns = [
    { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' },
    { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ]
  const server = withCrontabs({}, [version({ additionalPrinterColumns })])
  server.request('POST', crontabs, { body: crontab({ cronSpec: '* *'.replace(' ', '') }) })
  server.clock.advance(65_000)
  const table = server.body<{ columnDefinitions: Json[]; rows: { cells: unknown[] }[] }>('GET', crontabs, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  })
  expect(table.columnDefinitions.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
    'Name 0',
    'Spec 0',
    'Replicas 1',
    'Age 0',
  ])
  expect(table.rows[0]!.cells).toEqual(['mine', '**', null, '65s'])
})

test('versions without conversion show the same objects under another name', () => {
  const old = version({ name: 'v1beta1', storage: false, deprecated: true })
  const server = withCrontabs({}, [version(), old])
  server.request('POST', crontabs, { body: crontab({ cronSpec: '*' }) })
  const { headers, body } = server.request('GET', `${crontabs.replace('/v1/', '/v1beta1/')}/mine`)
  expect(body).toMatchObject({ apiVersion: 'stable.example.com/v1beta1', spec: { cronSpec: '*' } })
  expect(headers['warning']).toBe('299 - "stable.example.com/v1beta1 CronTab is deprecated"')
})

test('objects can be chosen by the fields that the definition selects', () => {
  const server = withCrontabs({}, [version({ selectableFields: [{ jsonPath: '.spec.mode' }] })])
  for (const mode of ['Fast', 'Slow'])
    server.request('POST', crontabs, { body: crontab({ cronSpec: '*', mode }, { name: mode.toLowerCase() }) })
  const list = server.body<{ items: KubernetesObject[] }>('GET', crontabs, {
    query: { fieldSelector: 'spec.mode=Slow' },
  })
  expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['slow'])
  expect(server.refusal('GET', crontabs, { query: { fieldSelector: 'spec.image=x' } })).toBe(
    'field label not supported: spec.image',
  )
})

test('server-side apply tells the items of keyed lists apart', () => {
  const server = withCrontabs()
  const path = `${crontabs}/mine`
  const apply = (manager: string, spec: Json) =>
    server.patch(path, crontab(spec), 'apply-patch+yaml', { fieldManager: manager })
  expect(apply('one', { cronSpec: '*', ports: [{ name: 'a', port: 1 }] }).status).toBe(201)
  apply('two', { ports: [{ name: 'b', port: 2 }] })
  expect(server.body('GET', path)).toMatchObject({ spec: { ports: [{ name: 'a' }, { name: 'b' }] } })
  expect((apply('two', { ports: [{ name: 'a', port: 3 }] }).body as Json)['message']).toBe(
    'Apply failed with 1 conflict: conflict with "one": .spec.ports[name="a"].port',
  )
})

test('strategic merge patches are refused', () => {
  const server = withCrontabs()
  server.request('POST', crontabs, { body: crontab({ cronSpec: '*' }) })
  expect(server.patch(`${crontabs}/mine`, { spec: { image: 'x' } }).status).toBe(415)
})

test('a new schema holds at once for old objects', () => {
  const server = withCrontabs()
  server.request('POST', crontabs, { body: crontab({ cronSpec: '*' }) })
  const properties = { ...(specSchema['properties'] as Json), image: { type: 'string', enum: ['busybox', 'alpine'] } }
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { ...specSchema, properties } } } }
  server.patch(`${definitions}/${name}`, { spec: { versions: [version({ schema })] } }, 'merge-patch+json')
  expect((server.patch(`${crontabs}/mine`, { spec: { image: 'x' } }, 'merge-patch+json').body as Json)['message']).toBe(
    'CronTab.stable.example.com "mine" is invalid: spec.image: Unsupported value: "x": supported values: "busybox", "alpine"',
  )
})

test('rules of a schema are checked, also those that compare with what was', () => {
  const rules = [
    { rule: 'self.replicas <= 5 || self.mode == "Fast"', message: 'many replicas must be fast' },
    {
      rule: 'self.cronSpec == oldSelf.cronSpec',
      messageExpression: '"was " + oldSelf.cronSpec',
      fieldPath: '.cronSpec',
    },
  ]
  const spec = { ...specSchema, 'x-kubernetes-validations': rules }
  const server = withCrontabs({}, [version({ schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } })])
  expect(refusalOf(server, { cronSpec: '*', replicas: 6, mode: 'Slow' })).toBe(
    'CronTab.stable.example.com "mine" is invalid: spec: Invalid value: "object": many replicas must be fast',
  )
  expect(refusalOf(server, { replicas: 6, mode: 'Slow' })).toBe(
    'CronTab.stable.example.com "mine" is invalid: [spec.cronSpec: Required value, <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
  )
  server.request('POST', crontabs, { body: crontab({ cronSpec: '*', replicas: 1 }) })
  expect(
    (server.patch(`${crontabs}/mine`, { spec: { cronSpec: '+' } }, 'merge-patch+json').body as Json)['message'],
  ).toBe('CronTab.stable.example.com "mine" is invalid: spec.cronSpec: Invalid value: "object": was *')
})

test('what was there before a stricter schema may stay', () => {
  const server = withCrontabs()
  server.request('POST', crontabs, { body: crontab({ cronSpec: '*', image: 'old' }) })
  const properties = { ...(specSchema['properties'] as Json), image: { type: 'string', enum: ['new'] } }
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { ...specSchema, properties } } } }
  server.patch(`${definitions}/${name}`, { spec: { versions: [version({ schema })] } }, 'merge-patch+json')
  expect(server.patch(`${crontabs}/mine`, { spec: { mode: 'Fast' } }, 'merge-patch+json').status).toBe(200)
})

test('a definition takes its objects with it and waits for their finalizers', () => {
  const server = withCrontabs()
  const finalizers = ['example.com/wait']
  server.request('POST', crontabs, { body: crontab({ cronSpec: '*' }, { finalizers }) })
  server.request('DELETE', `${definitions}/${name}`)
  server.clock.advance(100)
  expect(server.body('GET', `${definitions}/${name}`)).toMatchObject({
    metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] },
  })
  expect(server.refusal('POST', crontabs, { body: crontab({ cronSpec: '*' }, { name: 'late' }) })).toBe(
    'create not allowed while custom resource definition is terminating',
  )
  server.patch(`${crontabs}/mine`, { metadata: { finalizers: null } }, 'merge-patch+json')
  server.clock.advance(6000)
  expect(server.request('GET', `${definitions}/${name}`).status).toBe(404)
  expect(server.request('GET', crontabs).status).toBe(404)
})

test.each<[Json, string]>([
  [{ group: 'example' }, 'spec.group: Invalid value: "example": should be a domain with at least one dot'],
  [{ scope: 'Other' }, 'spec.scope: Unsupported value: "Other": supported values: "Cluster", "Namespaced"'],
  [
    { versions: [{ name: 'v1', served: true, storage: true }] },
    'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
  ],
  [
    { versions: [version({ schema: { openAPIV3Schema: { type: 'object', properties: { spec: {} } } } })] },
    'spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
  ],
  [
    {
      versions: [
        version({
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.spec.x == 1' }] } },
        }),
      ],
    },
    'spec.versions[0].schema.openAPIV3Schema.x-kubernetes-validations[0].rule: Invalid value: "self.spec.x == 1": compilation failed: ERROR: <input>:1:5: undefined field \'spec\'\n | self.spec.x == 1\n | ....^',
  ],
  [
    { names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['C_T'] } },
    "spec.names.shortNames[0]: Invalid value: \"C_T\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  ],
])('a definition with %o is refused', (spec, text) => {
  const message = new TestServer().refusal('POST', definitions, { body: crontabDefinition(spec) })
  expect(message).toContain(text)
})
