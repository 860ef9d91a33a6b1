import { expect, test } from 'vitest'
import { documentsIn } from '../../../src/simulator/kubectl/objects/documents.ts'

test.each([
  ['JSON after JSON', '{"a":1}\n{"b":2}', [{ a: 1 }, { b: 2 }]],
  ['JSON between lines of YAML', '{"a":1}\n---\n{"b":2}\n---\nc: 3\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
  ['YAML in flow style', '{a: 1}\n---\n{b: 2}\n', [{ a: 1 }, { b: 2 }]],
])('%s is read to the end', (_, text, documents) => {
  expect([...documentsIn(text)]).toEqual(documents)
})

test('JSON that breaks off is refused in the words of Go', () => {
  expect(() => [...documentsIn('{"a": [1, }')]).toThrow(/^invalid character/)
})
