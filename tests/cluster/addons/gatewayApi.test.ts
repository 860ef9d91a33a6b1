import { expect, test } from 'vitest'
import { gatewayApi } from '../../../src/simulator/cluster/addons/gatewayApi.ts'
import { TestServer } from '../apiserver/testServer.ts'

const root = '/apis/gateway.networking.k8s.io/v1'
const routes = `${root}/namespaces/default/httproutes`

type Json = Record<string, unknown>

function installed(): TestServer {
  const server = new TestServer()
  gatewayApi.install(server.client)
  server.clock.advance(100)
  return server
}

function route(rule: Json): Json {
  return { metadata: { name: 'web' }, spec: { parentRefs: [{ name: 'gate' }], rules: [rule] } }
}

test('every kind is established, in the words of the real server', () => {
  const server = installed()
  const { items } = server.body<{ items: { status: { conditions: Json[] } }[] }>(
    'GET',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  )
  expect(items.map(({ status }) => status.conditions.map(({ type, status }) => `${type} ${status}`))).toEqual(
    Array(5).fill(['KubernetesAPIApprovalPolicyConformant True', 'NamesAccepted True', 'Established True']),
  )
})

test('a Gateway waits for its controller until there is one', () => {
  const server = installed()
  const body = {
    metadata: { name: 'gate' },
    spec: { gatewayClassName: 'lab', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  }
  server.request('POST', `${root}/namespaces/default/gateways`, { body })
  expect(server.body('GET', `${root}/namespaces/default/gateways/gate`)).toMatchObject({
    spec: { listeners: [{ allowedRoutes: { namespaces: { from: 'Same' } } }] },
    status: { conditions: [{ type: 'Accepted', status: 'Unknown', reason: 'Pending' }, { type: 'Programmed' }] },
  })
  const table = server.body<{ rows: { cells: unknown[] }[] }>('GET', `${root}/namespaces/default/gateways`, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  })
  expect(table.rows[0]!.cells).toEqual(['gate', 'lab', null, 'Unknown', '0s'])
})

test('a route gets what it leaves out', () => {
  const server = installed()
  server.request('POST', routes, { body: route({ backendRefs: [{ name: 'web', port: 80 }] }) })
  expect(server.body<{ spec: Json }>('GET', `${routes}/web`).spec).toEqual({
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gate' }],
    rules: [
      {
        backendRefs: [{ group: '', kind: 'Service', name: 'web', port: 80, weight: 1 }],
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
      },
    ],
  })
})

test.each<[Json, string]>([
  [{ backendRefs: [{ name: 'web' }] }, 'Must have port for Service reference'],
  [{ matches: [{ path: { value: 'api' } }] }, "value must be an absolute path and start with '/'"],
  [{ matches: [{ path: { type: 'Prefix' } }] }, 'supported values: "Exact", "PathPrefix", "RegularExpression"'],
  [{ filters: [{ type: 'URLRewrite' }] }, 'filter.urlRewrite must be specified for URLRewrite filter.type'],
  [{ timeouts: { request: '1s', backendRequest: '2s' } }, 'backendRequest timeout cannot be longer'],
  [
    { backendRefs: [{ name: 'web', port: 80 }], filters: [{ type: 'RequestRedirect', requestRedirect: {} }] },
    'RequestRedirect filter must not be used together with backendRefs',
  ],
])('a rule with %o is refused', (rule, text) => {
  expect(installed().refusal('POST', routes, { body: route(rule) })).toContain(text)
})

test('listeners must be told apart', () => {
  const listeners = [80, 80].map(port => ({ name: 'http', port, protocol: 'HTTP' }))
  const body = { metadata: { name: 'gate' }, spec: { gatewayClassName: 'lab', listeners } }
  const path = `${root}/namespaces/default/gateways`
  expect(installed().refusal('POST', path, { body })).toContain('spec.listeners[1]: Duplicate value: {"name":"http"}')
})
