import { expect, test } from 'vitest'
import { formatFieldSelector, parseFieldSelector, textAt } from '../../../src/simulator/cluster/api/fieldSelector.ts'

test('demands are read and written in order', () => {
  expect(formatFieldSelector(parseFieldSelector('status.phase!=Failed,metadata.name==web'))).toBe(
    'metadata.name=web,status.phase!=Failed',
  )
})

test('commas and equal signs in values are escaped', () => {
  expect(parseFieldSelector('a=x\\,y\\=z')).toEqual([{ field: 'a', operator: '=', value: 'x,y=z' }])
})

test('what is no demand is refused', () => {
  expect(() => parseFieldSelector('web')).toThrow("invalid selector: 'web'; can't understand 'web'")
})

test('an absent field is the empty text', () => {
  expect(textAt({ spec: { nodeName: 'node1' } }, 'spec.nodeName')).toBe('node1')
  expect(textAt({ spec: {} }, 'spec.nodeName')).toBe('')
  expect(textAt({}, 'status.phase')).toBe('')
})
