import { expect, test } from 'vitest'
import { contentHash, withHash } from '#simulator/kubectl/objects/contentHash.ts'

const object = (kind: string, more: object) => ({ apiVersion: 'v1', kind, metadata: { name: 'x' }, ...more })

test.each([
  ['no data', object('ConfigMap', {}), '6ct58987ht'],
  ['one key', object('ConfigMap', { data: { a: 'b' } }), '4h2mbtbbt6'],
  ['a key with a blank', object('ConfigMap', { data: { 'a b': 'c' } }), 'g2b85hm7m8'],
  [
    'bytes and signs that JSON escapes',
    object('ConfigMap', {
      data: { A: '1', B: '2 ', C: '', h: '<&>', k: 'A=1\n# c\n\n B=2 \nC\n', z: 'q' },
      binaryData: { bin: '//4=' },
    }),
    'kg27khh9c5',
  ],
  ['a secret', object('Secret', { type: 'Opaque', data: { password: 'czNjcjN0', user: 'YWRtaW4=' } }), '8c9hh2fh6f'],
])('the hash of a config map or secret with %s is the real one', (_, given, hash) => {
  expect(contentHash(given)).toBe(hash)
})

test('the name makes no difference', () => {
  const renamed = { ...object('ConfigMap', { data: { a: 'b' } }), metadata: { name: 'other' } }
  expect(contentHash(renamed)).toBe('4h2mbtbbt6')
})

test('--append-hash counts the name in', () => {
  const other = { ...object('ConfigMap', { data: { a: 'b' } }), metadata: { name: 'other' } }
  expect(withHash(object('ConfigMap', { data: { a: 'b' } })).metadata.name).toBe('x-64686gkt6c')
  expect(withHash(other).metadata.name).not.toContain('64686gkt6c')
  expect(withHash(object('ConfigMap', {})).metadata.name).toBe('x-62ctbmbfd2')
})
