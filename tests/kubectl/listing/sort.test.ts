import { expect, test } from 'vitest'
import { sortedBy } from '#simulator/kubectl/listing/sort.ts'

const sort = (values: readonly unknown[]) => sortedBy(values, '.v', v => ({ v }))

test.each([
  { title: 'names go letter by letter', values: ['a9', 'a10', 'a010', 'a1'], sorted: ['a010', 'a1', 'a10', 'a9'] },
  { title: 'quantities go by what they mean', values: ['1Gi', '500Mi', '2'], sorted: ['2', '500Mi', '1Gi'] },
  { title: 'numbers are numbers', values: [10, 9, 1], sorted: [1, 9, 10] },
])('$title', ({ values, sorted }) => {
  expect(sort(values)).toEqual(sorted)
})

test('a field that nothing has cannot be sorted by', () => {
  expect(() => sortedBy([{ a: 1 }, { a: 2 }], '.foo', each => each)).toThrow(
    `couldn't find any field with path "{.foo}" in the list of objects`,
  )
})
