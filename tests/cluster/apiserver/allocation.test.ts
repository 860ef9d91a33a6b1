import { expect, test } from 'vitest'
import { ipAddress } from '../../../src/simulator/cluster/kinds/ipAddress.ts'
import { type Service, service } from '../../../src/simulator/cluster/kinds/service.ts'
import { TestServer } from './testServer.ts'

const draft = (name: string, spec: Partial<Service['spec']> = {}) => ({
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec },
})

test('a Service gets an address that nobody else has, and the address is an object', () => {
  const { client } = new TestServer()
  const { spec } = client.create(service, draft('a'))
  expect(spec.clusterIP).toMatch(/^10\.(9[6-9]|1[01]\d)\.\d+\.\d+$/)
  expect(spec.clusterIPs).toEqual([spec.clusterIP])
  expect(client.get(ipAddress, spec.clusterIP!)!.spec.parentRef).toMatchObject({ resource: 'services', name: 'a' })
  client.delete(service, 'a', 'default')
  expect(client.get(ipAddress, spec.clusterIP!)).toBeUndefined()
})

test.each([
  ['10.96.0.10', 'failed to allocate IP 10.96.0.10: provided IP is already allocated'],
  [
    '192.168.0.1',
    'failed to allocate IP 192.168.0.1: provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/12',
  ],
])('the address %s cannot be had', (clusterIP, why) => {
  const { client } = new TestServer()
  client.create(service, draft('dns', { clusterIP: '10.96.0.10' }))
  expect(() => client.create(service, draft('b', { clusterIP }))).toThrow(
    `Service "b" is invalid: spec.clusterIPs: Invalid value: ["${clusterIP}"]: ${why}`,
  )
})

test('headless and external Services have no address', () => {
  const { client } = new TestServer()
  expect(client.create(service, draft('a', { clusterIP: 'None' })).spec.clusterIPs).toEqual(['None'])
  expect(
    client.create(service, draft('b', { type: 'ExternalName', externalName: 'x.io' })).spec.clusterIP,
  ).toBeUndefined()
})

test('node ports are given, kept through changes, and free again afterwards', () => {
  const { client } = new TestServer()
  const first = client.create(service, draft('a', { type: 'NodePort' }))
  const { nodePort } = first.spec.ports![0]!
  expect(nodePort).toBeGreaterThanOrEqual(30_086)
  const changed = client.patch(service, 'a', 'default', { spec: { ports: [{ port: 8080, protocol: 'TCP' }] } })
  expect(changed.spec.ports![0]!.nodePort).toBe(nodePort)
  const wish = draft('b', { type: 'NodePort', ports: [{ port: 80, nodePort: nodePort! }] })
  expect(() => client.create(service, wish)).toThrow(
    `Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
  )
  const inside = client.patch(service, 'a', 'default', { spec: { type: 'ClusterIP' } })
  expect([inside.spec.ports![0]!.nodePort, inside.spec.externalTrafficPolicy]).toEqual([undefined, undefined])
  expect(client.create(service, wish).spec.ports![0]!.nodePort).toBe(nodePort)
})

test('a refused Service keeps nothing', () => {
  const { client } = new TestServer()
  client.create(service, draft('a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_100 }] }))
  const ports = [
    { name: 'x', port: 1, nodePort: 30_200 },
    { name: 'y', port: 2, nodePort: 30_100 },
  ]
  expect(() => client.create(service, draft('b', { type: 'NodePort', ports }))).toThrow('spec.ports[1].nodePort')
  const again = draft('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_200 }] })
  expect(client.create(service, again).spec.ports![0]!.nodePort).toBe(30_200)
})

test('a dry run keeps nothing either', () => {
  const server = new TestServer()
  const body = { apiVersion: 'v1', kind: 'Service', ...draft('a', { clusterIP: '10.96.0.77' }) }
  for (const status of [201, 201])
    expect(
      server.request('POST', '/api/v1/namespaces/default/services', { body, query: { dryRun: 'All' } }).status,
    ).toBe(status)
})

test('two protocols on one port share the node port', () => {
  const { client } = new TestServer()
  const ports = [
    { name: 'a', port: 53, protocol: 'TCP' as const },
    { name: 'b', port: 53, protocol: 'UDP' as const },
  ]
  const { spec } = client.create(service, draft('dns', { type: 'NodePort', ports }))
  expect(spec.ports![0]!.nodePort).toBe(spec.ports![1]!.nodePort)
})
