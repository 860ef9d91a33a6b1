import { expect, test } from 'vitest'
import type { KubernetesObject } from '../../../../src/simulator/cluster/api/object.ts'
import { configMap } from '../../../../src/simulator/cluster/kinds/configMap.ts'
import { TestServer } from '../testServer.ts'

const maps = '/api/v1/namespaces/default/configmaps'

interface Event {
  readonly type: string
  readonly object: KubernetesObject & { readonly code?: number; readonly message?: string }
}

/** Collects what a watch brings. */
function watch(server: TestServer, query: Record<string, string> = {}) {
  const { stream } = server.request('GET', maps, { query: { watch: 'true', ...query } })
  const events: Event[] = []
  stream!.onData(event => events.push(event as Event))
  return {
    stream: stream!,
    told: () => events.splice(0).map(({ type, object }) => `${type} ${object.metadata?.name}`),
    events,
  }
}

function make(server: TestServer, name: string, labels: Record<string, string> = {}): void {
  server.client.create(configMap, { metadata: { name, namespace: 'default', labels } })
}

test('a watch brings what is there and then each change', () => {
  const server = new TestServer()
  make(server, 'a')
  const { told, stream } = watch(server)
  make(server, 'b')
  server.client.delete(configMap, 'a', 'default')
  expect(told()).toEqual(['ADDED a', 'ADDED b', 'DELETED a'])
  stream.close()
  make(server, 'c')
  expect(told()).toEqual([])
})

test('a watch from a version brings only what came after', () => {
  const server = new TestServer()
  make(server, 'a')
  const list = server.body<{ metadata: { resourceVersion: string } }>('GET', maps)
  make(server, 'b')
  expect(watch(server, { resourceVersion: list.metadata.resourceVersion }).told()).toEqual(['ADDED b'])
})

test('a version that is forgotten is told', () => {
  const server = new TestServer()
  make(server, 'a')
  for (let i = 0; i < 2100; i++) server.client.patch(configMap, 'a', 'default', { data: { i: String(i) } })
  const { events } = watch(server, { resourceVersion: '5' })
  expect(events[0]).toMatchObject({ type: 'ERROR', object: { code: 410 } })
  expect(events[0]!.object.message).toMatch(/^too old resource version: 5 \(\d+\)$/)
})

test('what enters or leaves a selection is added or deleted', () => {
  const server = new TestServer()
  make(server, 'a', { app: 'x' })
  const { told } = watch(server, { labelSelector: 'app=x' })
  const relabel = (app: string) => server.client.patch(configMap, 'a', 'default', { metadata: { labels: { app } } })
  relabel('y')
  relabel('x')
  server.client.patch(configMap, 'a', 'default', { data: { k: 'v' } })
  expect(told()).toEqual(['ADDED a', 'DELETED a', 'ADDED a', 'MODIFIED a'])
})

test('the end of what was there is marked when asked', () => {
  const server = new TestServer()
  make(server, 'a')
  const { events } = watch(server, {
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: 'true',
  })
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK'])
  expect(events[1]!.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' })
})

test('a watch ends after its time', () => {
  const server = new TestServer()
  const { stream } = watch(server, { timeoutSeconds: '10' })
  let isOver = false
  stream.onEnd(() => {
    isOver = true
  })
  server.clock.advance(9000)
  expect(isOver).toBe(false)
  server.clock.advance(1000)
  expect(isOver).toBe(true)
})
