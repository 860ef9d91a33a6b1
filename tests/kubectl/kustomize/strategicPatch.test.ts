import { expect, test } from 'vitest'
import { strategicPatch } from '#simulator/kubectl/kustomize/strategicPatch.ts'

const pod = () => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', finalizers: ['f1', 'f2'] },
  spec: {
    nodeSelector: { disk: 'ssd' },
    containers: [
      { name: 'a', image: 'nginx', args: ['x', 'y'], env: [{ name: 'A', value: '1' }] },
      { name: 'b', image: 'busybox' },
    ],
  },
})

const patch = (spec: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  spec,
})

function specAfter(change: object): Record<string, unknown> {
  return strategicPatch(pod(), patch(change))?.['spec'] as Record<string, unknown>
}

test('what a patch adds to a list stands first', () => {
  expect(specAfter({ containers: [{ name: 'c' }] })['containers']).toMatchObject([
    { name: 'c' },
    { name: 'a' },
    { name: 'b' },
  ])
})

test('an item that is patched moves to the front', () => {
  expect(specAfter({ containers: [{ name: 'b', image: 'new' }] })['containers']).toMatchObject([
    { name: 'b', image: 'new' },
    { name: 'a', image: 'nginx' },
  ])
})

test('lists without keys are replaced', () => {
  expect(specAfter({ containers: [{ name: 'a', args: ['z'] }] })['containers']).toMatchObject([
    { name: 'a', args: ['z'] },
    {},
  ])
})

test('plain values are put in front of those that are there, each once', () => {
  const after = strategicPatch(pod(), patch({}, { finalizers: ['f3', 'f2'] }))
  expect(after?.metadata['finalizers']).toEqual(['f3', 'f2', 'f1'])
})

test('null takes a field away', () => {
  expect(specAfter({ nodeSelector: null })).not.toHaveProperty('nodeSelector')
})

test.each([
  ['an item', { containers: [{ name: 'a', $patch: 'delete' }] }, { containers: [{ name: 'b', image: 'busybox' }] }],
  ['a list', { containers: [{ name: 'q' }, { $patch: 'replace' }] }, { containers: [{ name: 'q' }] }],
  ['a map', { nodeSelector: { $patch: 'replace', x: 'y' } }, { nodeSelector: { x: 'y' } }],
])('a directive deletes or replaces %s', (_, change, expected) => {
  expect(specAfter(change)).toMatchObject(expected)
})

test('a directive deletes the whole object', () => {
  expect(strategicPatch(pod(), { ...patch({}), $patch: 'delete' })).toBeUndefined()
})

test('an unknown directive is refused', () => {
  expect(() => specAfter({ nodeSelector: { $patch: 'foo' } })).toThrow("unknown patch strategy 'foo'")
})

test('a map cannot take the place of a list', () => {
  expect(() => specAfter({ containers: { a: 'b' } })).toThrow(
    'wrong node kind: expected SequenceNode but got MappingNode',
  )
})
