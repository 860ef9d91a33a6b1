import { expect, test } from 'vitest'
import { endpointSlice } from '../../../src/simulator/cluster/kinds/endpointSlice.ts'
import { endpoints } from '../../../src/simulator/cluster/kinds/endpoints.ts'
import { node } from '../../../src/simulator/cluster/kinds/node.ts'
import { type Pod, pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { type Service, service } from '../../../src/simulator/cluster/kinds/service.ts'
import { startPlane, type TestPlane } from './controlPlane.ts'

function addService(plane: TestPlane, spec: Partial<Service['spec']> = {}): void {
  plane.client.create(service, {
    metadata: { name: 'web', namespace: 'default', labels: { tier: 'front' } },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec },
  })
}

function addPod(plane: TestPlane, name: string, containerPort: number, spec: Partial<Pod['spec']> = {}): void {
  plane.client.create(pod, {
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ name: 'http', containerPort }] }], ...spec },
  })
}

const slices = (plane: TestPlane) =>
  plane.client.list(endpointSlice, { labels: { 'kubernetes.io/service-name': 'web' } })

test('a Service without pods has one empty slice and empty Endpoints', () => {
  const plane = startPlane()
  addService(plane)
  plane.pass(100)
  expect(slices(plane)).toHaveLength(1)
  expect(slices(plane)[0]!.endpoints ?? []).toEqual([])
  expect(slices(plane)[0]!.metadata.labels).toEqual({
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': 'web',
    tier: 'front',
  })
  expect(plane.client.get(endpoints, 'web', 'default')!.subsets).toBeUndefined()
})

test('a pod is listed when it has an address, ready when it is ready', () => {
  const plane = startPlane(['node1'])
  addService(plane)
  addPod(plane, 'a', 8080)
  plane.pass(1000)
  expect(slices(plane)[0]!.endpoints ?? []).toEqual([])
  plane.runPods()
  plane.pass(100)
  expect(slices(plane)[0]).toMatchObject({
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: [
      {
        addresses: ['10.244.1.2'],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: 'node1',
        targetRef: { kind: 'Pod', name: 'a', namespace: 'default' },
      },
    ],
  })
  plane.setPodStatus('a', { conditions: [{ type: 'Ready', status: 'False' }] })
  plane.pass(100)
  expect(slices(plane)[0]!.endpoints[0]!.conditions).toEqual({ ready: false, serving: false, terminating: false })
  expect(plane.client.get(endpoints, 'web', 'default')!.subsets).toMatchObject([
    { notReadyAddresses: [{ ip: '10.244.1.2' }], ports: [{ name: 'http', port: 8080 }] },
  ])
})

test('a pod that is being deleted still serves, but is not ready', () => {
  const plane = startPlane()
  addService(plane)
  addPod(plane, 'a', 80)
  plane.settle(1000)
  plane.client.delete(pod, 'a', 'default')
  plane.pass(100)
  expect(slices(plane)[0]!.endpoints[0]!.conditions).toEqual({ ready: false, serving: true, terminating: true })
  expect(plane.client.get(endpoints, 'web', 'default')!.subsets).toBeUndefined()
})

test('pods with another number for the same port name stand in slices of their own', () => {
  const plane = startPlane()
  addService(plane)
  addPod(plane, 'a', 80)
  addPod(plane, 'b', 8080)
  plane.settle(1000)
  expect(slices(plane).map(({ ports }) => ports?.map(({ port }) => port))).toEqual([[80], [8080]])
})

test('a slice holds a hundred endpoints', () => {
  const plane = startPlane(['node1', 'node2', 'node3'])
  addService(plane)
  for (let i = 0; i < 150; i++) addPod(plane, `p${i}`, 80)
  plane.settle(1000)
  expect(slices(plane).map(slice => slice.endpoints.length)).toEqual([100, 50])
})

test('the hostname of a pod counts under the Service that is its subdomain', () => {
  const plane = startPlane()
  addService(plane, { clusterIP: 'None' })
  addPod(plane, 'a', 80, { hostname: 'alpha', subdomain: 'web' })
  addPod(plane, 'b', 80, { hostname: 'beta', subdomain: 'other' })
  plane.settle(1000)
  expect(slices(plane)[0]!.endpoints.map(({ hostname }) => hostname)).toEqual(['alpha', undefined])
})

test('Endpoints written by hand are mirrored for a Service without a selector', () => {
  const plane = startPlane()
  plane.client.create(service, { metadata: { name: 'web', namespace: 'default' }, spec: { ports: [{ port: 80 }] } })
  plane.client.create(endpoints, {
    metadata: { name: 'web', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '192.168.64.1' }], ports: [{ port: 8000 }] }],
  })
  plane.pass(100)
  expect(slices(plane)).toMatchObject([
    {
      metadata: { labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' } },
      endpoints: [{ addresses: ['192.168.64.1'], conditions: { ready: true } }],
      ports: [{ port: 8000, protocol: 'TCP' }],
    },
  ])
})

test('a deleted Service takes its slices and Endpoints along', () => {
  const plane = startPlane()
  addService(plane)
  plane.pass(100)
  plane.client.delete(service, 'web', 'default')
  plane.pass(100)
  expect(slices(plane)).toHaveLength(0)
  expect(plane.client.get(endpoints, 'web', 'default')).toBeUndefined()
})

test('ready endpoints carry hints about who should prefer them', () => {
  const plane = startPlane(['node1'])
  const found = plane.client.get(node, 'node1')!
  const labels = { ...found.metadata.labels, 'topology.kubernetes.io/zone': 'a' }
  plane.client.patch(node, 'node1', undefined, { metadata: { labels } })
  addService(plane, { trafficDistribution: 'PreferSameNode' })
  addPod(plane, 'a', 8080)
  plane.settle(1000)
  const hints = () => slices(plane)[0]!.endpoints[0]!.hints
  expect(hints()).toEqual({ forNodes: [{ name: 'node1' }], forZones: [{ name: 'a' }] })
  plane.client.patch(service, 'web', 'default', { spec: { trafficDistribution: 'PreferClose' } })
  plane.pass(100)
  expect(hints()).toEqual({ forZones: [{ name: 'a' }] })
  plane.setPodStatus('a', { conditions: [{ type: 'Ready', status: 'False' }] })
  plane.pass(100)
  expect(hints()).toBeUndefined()
})
