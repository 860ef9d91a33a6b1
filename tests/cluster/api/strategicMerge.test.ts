import { expect, test } from 'vitest'
import { threeWayPatch, twoWayPatch } from '../../../src/simulator/cluster/api/strategicDiff.ts'
import { strategicMerge } from '../../../src/simulator/cluster/api/strategicMerge.ts'

const pod = (...containers: object[]) => ({ spec: { containers } })
const merge = (document: unknown, patch: unknown) => strategicMerge(document, patch, 'V1Pod')

test('containers are merged by name', () => {
  expect(merge(pod({ name: 'a', image: 'x' }, { name: 'b', image: 'y' }), pod({ name: 'b', image: 'z' }))).toEqual(
    pod({ name: 'a', image: 'x' }, { name: 'b', image: 'z' }),
  )
})

test('a new item stands in front, where no order is given', () => {
  expect(merge(pod({ name: 'a' }), pod({ name: 'b' }))).toEqual(pod({ name: 'b' }, { name: 'a' }))
})

test('an order in the patch is kept', () => {
  const patch = { spec: { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }], containers: [{ name: 'b' }] } }
  expect(merge(pod({ name: 'a' }), patch)).toEqual(pod({ name: 'a' }, { name: 'b' }))
})

test('directives delete items and replace maps', () => {
  expect(merge(pod({ name: 'a' }, { name: 'b' }), pod({ name: 'a', $patch: 'delete' }))).toEqual(pod({ name: 'b' }))
  expect(merge({ metadata: { labels: { a: '1' } } }, { metadata: { labels: { $patch: 'replace', b: '2' } } })).toEqual({
    metadata: { labels: { b: '2' } },
  })
})

test('a list without a merge key is replaced, a list of plain values with a merge strategy is joined', () => {
  expect(merge({ spec: { tolerations: [{ key: 'a' }] } }, { spec: { tolerations: [{ key: 'b' }] } })).toEqual({
    spec: { tolerations: [{ key: 'b' }] },
  })
  expect(merge({ metadata: { finalizers: ['x/a'] } }, { metadata: { finalizers: ['x/b'] } })).toEqual({
    metadata: { finalizers: ['x/b', 'x/a'] },
  })
})

test('retained keys are the only ones that stay', () => {
  const volumes = [{ name: 'v', emptyDir: {} }]
  const patch = { spec: { volumes: [{ name: 'v', hostPath: { path: '/x' }, $retainKeys: ['name', 'hostPath'] }] } }
  expect(merge({ spec: { volumes } }, patch)).toEqual({ spec: { volumes: [{ name: 'v', hostPath: { path: '/x' } }] } })
})

test('an item without its key is refused with the words of Go', () => {
  expect(() => merge(pod({ name: 'a' }), pod({ image: 'x' }))).toThrow(
    'map: map[image:x] does not contain declared merge key: name',
  )
})

test('the patch between two states leads from one to the other', () => {
  const before = pod({ name: 'a', image: 'x', env: [{ name: 'A', value: '1' }] }, { name: 'b' })
  const after = pod({ name: 'a', image: 'y', env: [{ name: 'B', value: '2' }] }, { name: 'c' })
  const patch = twoWayPatch(before, after, 'V1Pod')
  expect(merge(before, patch)).toEqual(after)
})

test('applying again removes what was applied before and keeps what others have set', () => {
  const lastApplied = { metadata: { labels: { a: '1', old: 'x' } } }
  const wanted = { metadata: { labels: { a: '2' } } }
  const live = { metadata: { labels: { a: '1', old: 'x', added: 'y' } } }
  const patch = threeWayPatch(lastApplied, wanted, live, 'V1Pod')
  expect(patch).toEqual({ metadata: { labels: { a: '2', old: null } } })
  expect(merge(live, patch)).toEqual({ metadata: { labels: { a: '2', added: 'y' } } })
})

test('nothing has to be sent when nothing differs', () => {
  const state = pod({ name: 'a', image: 'x' })
  expect(threeWayPatch(state, state, { ...state, status: { phase: 'Running' } }, 'V1Pod')).toEqual({})
})

test('items that share a key are compared in their order', () => {
  const ports = [
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
  ]
  const before = pod({ name: 'a', ports })
  expect(twoWayPatch(before, pod({ name: 'a', ports, image: 'x' }), 'V1Pod')).toEqual({
    spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'a', image: 'x' }] },
  })
})

test('items of a patch stand in the order that it asks for', () => {
  const patch = {
    spec: { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }], containers: [{ name: 'b' }, { name: 'a' }] },
  }
  expect(() => merge(pod({ name: 'a' }, { name: 'b' }), patch)).toThrow(/doesn't match \$setElementOrder list/)
})

test('what is to be deleted and was never there is not sent', () => {
  const wanted = pod({ name: 'a' }, { name: 'b', $patch: 'delete' })
  expect(threeWayPatch({}, wanted, { spec: { containers: [] } }, 'V1Pod')).toMatchObject({
    spec: { containers: [{ name: 'a' }] },
  })
})
