import { expect, test } from 'vitest'
import { maskSecrets } from '../../../src/simulator/kubectl/objects/secretMask.ts'

const secret = (data?: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  ...(data && { data }),
})

test.each([
  { title: 'the same value', old: { a: '1' }, current: { a: '1' }, before: { a: '***' }, after: { a: '***' } },
  {
    title: 'another value',
    old: { a: '1' },
    current: { a: '2' },
    before: { a: '*** (before)' },
    after: { a: '*** (after)' },
  },
  { title: 'a new key', old: {}, current: { a: '1' }, before: {}, after: { a: '***' } },
])('$title shows no value', ({ old, current, before, after }) => {
  expect(maskSecrets(secret(old), secret(current))).toEqual([secret(before), secret(after)])
})

test('a secret that is not there yet has no state before', () => {
  expect(maskSecrets(undefined, secret({ a: '1' }))).toEqual([undefined, secret({ a: '***' })])
})

test('a secret without data stays as it is', () => {
  expect(maskSecrets(secret(), secret())).toEqual([secret(), secret()])
})
