import { expect, test } from 'vitest'
import { digest } from '#simulator/stateHash.ts'

test('the order of keys does not matter, everything else does', () => {
  expect(digest({ a: 1, b: [true, null] })).toBe(digest({ b: [true, null], a: 1 }))
  const values = [{ a: 1 }, { a: '1' }, { a: [1] }, { b: 1 }, { a: 1, b: 1 }, [], {}, null, '', 0, false]
  expect(new Set(values.map(digest)).size).toBe(values.length)
})

test('undefined counts as absent', () => {
  expect(digest({ a: 1, b: undefined })).toBe(digest({ a: 1 }))
})
