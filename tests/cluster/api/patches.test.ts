import { expect, test } from 'vitest'
import { jsonPatch } from '../../../src/simulator/cluster/api/jsonPatch.ts'
import { mergePatch } from '../../../src/simulator/cluster/api/mergePatch.ts'

test('a merge patch merges objects, replaces lists and removes what is null', () => {
  expect(mergePatch({ a: { b: 1, c: 2 }, list: [1, 2] }, { a: { c: null, d: 3 }, list: [9] })).toEqual({
    a: { b: 1, d: 3 },
    list: [9],
  })
})

test.each([
  [[{ op: 'add', path: '/list/1', value: 'x' }], { list: ['a', 'x', 'b'] }],
  [[{ op: 'add', path: '/list/-', value: 'x' }], { list: ['a', 'b', 'x'] }],
  [[{ op: 'remove', path: '/list/0' }], { list: ['b'] }],
  [[{ op: 'replace', path: '/list/1', value: 'y' }], { list: ['a', 'y'] }],
  [[{ op: 'move', from: '/list/0', path: '/list/1' }], { list: ['b', 'a'] }],
  [[{ op: 'copy', from: '/list/0', path: '/first' }], { list: ['a', 'b'], first: 'a' }],
  [
    [
      { op: 'test', path: '/list/0', value: 'a' },
      { op: 'add', path: '/a~1b', value: 1 },
    ],
    { list: ['a', 'b'], 'a/b': 1 },
  ],
])('a JSON patch does its steps: %j', (patch, expected) => {
  expect(jsonPatch({ list: ['a', 'b'] }, patch)).toEqual(expected)
})

test.each([
  { op: 'remove', path: '/nothing' },
  { op: 'replace', path: '/list/7', value: 1 },
  { op: 'test', path: '/list/0', value: 'b' },
  { op: 'add', path: '/x/y', value: 1 },
  { op: 'paint', path: '/list' },
])('a JSON patch whose step cannot be done fails: %j', step => {
  expect(() => jsonPatch({ list: ['a'] }, [step])).toThrow()
})

test('a patch leaves the document alone', () => {
  const document = Object.freeze({ a: Object.freeze({ b: 1 }) })
  jsonPatch(document, [{ op: 'add', path: '/a/c', value: 2 }])
  mergePatch(document, { a: { b: null } })
  expect(document).toEqual({ a: { b: 1 } })
})
