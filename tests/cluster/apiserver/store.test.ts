import { expect, test } from 'vitest'
import { ApiError } from '../../../src/simulator/cluster/api/error.ts'
import type { Change } from '../../../src/simulator/cluster/client.ts'
import { configMap } from '../../../src/simulator/cluster/kinds/configMap.ts'
import { deployment } from '../../../src/simulator/cluster/kinds/deployment.ts'
import { lease } from '../../../src/simulator/cluster/kinds/lease.ts'
import { namespace } from '../../../src/simulator/cluster/kinds/namespace.ts'
import { type Pod, pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { deploymentNamed, podNamed, TestServer } from './testServer.ts'

const map = (name: string, data: Record<string, string> = {}) => ({ metadata: { name, namespace: 'default' }, data })

test('a new object gets what only the server knows', () => {
  const { client } = new TestServer()
  const { metadata } = client.create(configMap, map('a'))
  expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
  expect(metadata.creationTimestamp).toBe('2026-03-02T09:00:00Z')
  expect(Number(metadata.resourceVersion)).toBeGreaterThan(0)
})

test('a generated name ends in five letters', () => {
  const { client } = new TestServer()
  const created = client.create(configMap, { metadata: { generateName: 'map-', namespace: 'default' } })
  expect(created.metadata.name).toMatch(/^map-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
})

test('the same seed gives the same names and identities', () => {
  const [a, b] = [new TestServer(7), new TestServer(7)].map(({ client }) => client.create(pod, podNamed('p')))
  expect(a).toEqual(b)
})

test('a name is taken once', () => {
  const { client } = new TestServer()
  client.create(configMap, map('a'))
  expect(() => client.create(configMap, map('a'))).toThrow('configmaps "a" already exists')
})

test('objects are frozen down to their last part', () => {
  const { client } = new TestServer()
  const created = client.create(pod, podNamed('p'))
  expect(Object.isFrozen(created.spec.containers[0]!.resources)).toBe(true)
})

test('an update of an old version is a conflict', () => {
  const { client } = new TestServer()
  const first = client.create(configMap, map('a'))
  client.update(configMap, { ...first, data: { x: '1' } })
  expect(() => client.update(configMap, { ...first, data: { x: '2' } })).toThrow(
    'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
  )
})

test('writing what is there already changes nothing', () => {
  const { client, server } = new TestServer()
  const first = client.create(configMap, map('a', { x: '1' }))
  const { version } = server
  expect(client.update(configMap, { ...first })).toBe(first)
  expect(server.version).toBe(version)
})

test('only wishes count as generations', () => {
  const { client } = new TestServer()
  client.create(deployment, { ...deploymentNamed('web'), metadata: { name: 'web', namespace: 'default' } })
  const change = (patch: object) => client.patch(deployment, 'web', 'default', patch).metadata.generation
  expect(change({ metadata: { labels: { a: 'b' } } })).toBe(1)
  expect(change({ spec: { replicas: 3 } })).toBe(2)
  const found = client.get(deployment, 'web', 'default')!
  expect(client.updateStatus(deployment, { ...found, status: { replicas: 3 } }).metadata.generation).toBe(2)
})

test('an update leaves the status alone, a status update everything else', () => {
  const { client } = new TestServer()
  const created = client.create(pod, podNamed('p'))
  const updated = client.update(pod, { ...created, status: { phase: 'Failed' } } as Pod)
  expect(updated.status.phase).toBe('Pending')
  const reported = client.updateStatus(pod, {
    ...updated,
    spec: { containers: [] },
    status: { phase: 'Running' },
  } as Pod)
  expect([reported.status.phase, reported.spec.containers.length]).toEqual(['Running', 1])
})

test('leases do not count as changes', () => {
  const { client, server } = new TestServer()
  const { version } = server
  client.create(lease, { metadata: { name: 'l', namespace: 'default' }, spec: { holderIdentity: 'a' } })
  expect(server.version).toBe(version)
})

test('watchers hear of what exists, then of each change in order, never one within another', () => {
  const { client } = new TestServer()
  client.create(configMap, map('a'))
  const heard: string[] = []
  let depth = 0
  client.watch(configMap, ({ type, object }: Change) => {
    expect(depth++).toBe(0)
    heard.push(`${type} ${object.metadata.name}`)
    if (object.metadata.name === 'a' && type === 'ADDED') client.create(configMap, map('b'))
    if (object.metadata.name === 'b' && type === 'ADDED') client.delete(configMap, 'b', 'default')
    depth--
  })
  client.patch(configMap, 'a', 'default', { data: { x: '1' } })
  expect(heard).toEqual(['ADDED a', 'ADDED b', 'DELETED b', 'MODIFIED a'])
})

test('a watch can be ended', () => {
  const { client } = new TestServer()
  let count = 0
  const stop = client.watch(configMap, () => count++)
  stop()
  client.create(configMap, map('a'))
  expect(count).toBe(0)
})

test('lists by label, owner and node keep up with changes', () => {
  const { client } = new TestServer()
  const owner = { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u', controller: true }
  const draft = podNamed('p', { app: 'a' })
  client.create(pod, { ...draft, metadata: { ...draft.metadata, ownerReferences: [owner] } })
  const names = () => [
    client.list(pod, { labels: { app: 'a' } }).length,
    client.list(pod, { namespace: 'default', labels: 'app in (b)' }).length,
    client.ownedBy(pod, 'u').length,
    client.onNode(pod, 'node1').length,
  ]
  expect(names()).toEqual([1, 0, 1, 0])
  client.bind('p', 'default', 'node1')
  client.patch(pod, 'p', 'default', { metadata: { labels: { app: 'b' }, ownerReferences: null } })
  expect(names()).toEqual([0, 1, 0, 1])
  client.delete(pod, 'p', 'default', { gracePeriodSeconds: 0 })
  expect(names()).toEqual([0, 0, 0, 0])
})

test('a pod is bound once', () => {
  const { client } = new TestServer()
  client.create(pod, podNamed('p'))
  client.bind('p', 'default', 'node1')
  expect(() => client.bind('p', 'default', 'node2')).toThrow('pod p is already assigned to node "node1"')
})

test('a pod on a node waits for its kubelet, one without a node goes at once', () => {
  const { client, clock } = new TestServer()
  client.create(pod, podNamed('a'))
  client.create(pod, podNamed('b'))
  client.bind('a', 'default', 'node1')
  client.delete(pod, 'a', 'default')
  client.delete(pod, 'b', 'default')
  expect(client.get(pod, 'a', 'default')!.metadata).toMatchObject({
    deletionTimestamp: '2026-03-02T09:00:30Z',
    deletionGracePeriodSeconds: 30,
  })
  expect(client.get(pod, 'b', 'default')).toBeUndefined()
  clock.advance(5000)
  client.delete(pod, 'a', 'default', { gracePeriodSeconds: 10 })
  expect(client.get(pod, 'a', 'default')!.metadata.deletionTimestamp).toBe('2026-03-02T09:00:10Z')
  client.delete(pod, 'a', 'default', { gracePeriodSeconds: 0 })
  expect(client.get(pod, 'a', 'default')).toBeUndefined()
})

test('a finalizer holds an object until it is taken away', () => {
  const { client } = new TestServer()
  client.create(configMap, { metadata: { name: 'a', namespace: 'default', finalizers: ['x.io/hold'] } })
  client.delete(configMap, 'a', 'default')
  expect(client.get(configMap, 'a', 'default')!.metadata.deletionTimestamp).toBe('2026-03-02T09:00:00Z')
  expect(() =>
    client.patch(configMap, 'a', 'default', { metadata: { finalizers: ['x.io/hold', 'x.io/more'] } }),
  ).toThrow(
    /no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"x\.io\/more"\}/,
  )
  client.patch(configMap, 'a', 'default', { metadata: { finalizers: null } })
  expect(client.get(configMap, 'a', 'default')).toBeUndefined()
})

test('foreground and orphaning deletions wait for the garbage collector', () => {
  const { client } = new TestServer()
  client.create(configMap, map('a'))
  client.create(configMap, map('b'))
  client.delete(configMap, 'a', 'default', { propagationPolicy: 'Foreground' })
  client.delete(configMap, 'b', 'default', { propagationPolicy: 'Orphan' })
  expect(client.get(configMap, 'a', 'default')!.metadata.finalizers).toEqual(['foregroundDeletion'])
  expect(client.get(configMap, 'b', 'default')!.metadata.finalizers).toEqual(['orphan'])
})

test('a deletion meant for another object of the same name is refused', () => {
  const { client } = new TestServer()
  client.create(configMap, map('a'))
  expect(() => client.delete(configMap, 'a', 'default', { uid: 'other' })).toThrow(ApiError)
  expect(client.get(configMap, 'a', 'default')).toBeDefined()
})

test('a namespace is emptied before it goes', () => {
  const { client } = new TestServer()
  client.create(namespace, { metadata: { name: 'team' }, spec: {} })
  client.delete(namespace, 'team')
  const terminating = client.get(namespace, 'team')!
  expect([terminating.status.phase, terminating.spec.finalizers]).toEqual(['Terminating', ['kubernetes']])
  client.finalize(namespace, { ...terminating, spec: { finalizers: [] } })
  expect(client.get(namespace, 'team')).toBeUndefined()
})

test('who follows one node hears of its objects only, and objects without a controller are found by index', () => {
  const { client } = new TestServer()
  const heard: string[] = []
  const put = (name: string, nodeName: string) => {
    const draft = podNamed(name)
    client.create(pod, { ...draft, spec: { ...draft.spec, nodeName } } as typeof draft)
  }
  put('before', 'node1')
  client.watchNode(pod, 'node1', ({ type, object }) => heard.push(`${type} ${object.metadata.name}`))
  put('here', 'node1')
  put('there', 'node2')
  client.delete(pod, 'here', 'default', { gracePeriodSeconds: 0 })
  expect(heard).toEqual(['ADDED before', 'ADDED here', 'DELETED here'])
  expect(client.uncontrolled(pod, 'default').map(({ metadata }) => metadata.name)).toEqual(['before', 'there'])
})
