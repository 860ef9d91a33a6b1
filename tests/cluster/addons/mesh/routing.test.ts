import { expect, test } from 'vitest'
import { findRoute, findVirtualHost, isText, rewritePath } from '#simulator/cluster/addons/mesh/routing.ts'
import { type MeshRoute, noRetries } from '#simulator/cluster/addons/mesh/settings.ts'
import { HttpHeaders, type HttpRequestHead } from '#simulator/machine/http.ts'

function head(target: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): HttpRequestHead {
  return { method, target, version: '1.1', headers: new HttpHeaders(headers) }
}

function route(name: string, matches: MeshRoute['matches']): MeshRoute {
  return { name, matches, destinations: [], timeout: 0, retries: noRetries }
}

const hosts = [
  { name: 'web', domains: ['web', 'web:80', 'web.default.svc.cluster.local'], routes: [] },
  { name: 'shops', domains: ['*.example.com'], routes: [] },
  { name: 'shop', domains: ['*.shop.example.com'], routes: [] },
]

test.each([
  ['web', 'web'],
  ['WEB:80', 'web'],
  ['a.shop.example.com', 'shop'],
  ['a.example.com', 'shops'],
  ['elsewhere', undefined],
])('the host %s is found', (authority, name) => {
  expect(findVirtualHost(hosts, authority)?.name).toBe(name)
})

const routes = [
  route('jason', [{ headers: { 'x-user': { exact: 'jason' } } }]),
  route('post', [{ method: { exact: 'POST' }, path: { prefix: '/api' } }]),
  route('version', [{ query: { v: { regex: '[23]' } } }]),
  route('anonymous', [{ path: { exact: '/me' }, withoutHeaders: { 'x-user': { present: true } } }]),
  route('rest', []),
]

test.each([
  ['a header', head('/', { 'X-User': 'jason' }), 'jason'],
  ['another header', head('/', { 'X-User': 'anna' }), 'rest'],
  ['method and path', head('/api/x', {}, 'POST'), 'post'],
  ['a path without the method', head('/api/x'), 'rest'],
  ['a parameter', head('/?a=1&v=2'), 'version'],
  ['a parameter that is only like it', head('/?v=22'), 'rest'],
  ['a header that is absent', head('/me'), 'anonymous'],
])('the first route whose conditions hold is taken: %s', (_, request, name) => {
  expect(findRoute(routes, request)?.name).toBe(name)
})

test('a prefix is rewritten and the rest of the path stays', () => {
  const found = route('r', [{ path: { prefix: '/v1' } }])
  expect(rewritePath('/v1/users?x=1', '/new', found, head('/v1/users?x=1'))).toBe('/new/users?x=1')
  expect(isText({ prefix: '/V1' }, '/v1/x', true)).toBe(true)
})
