import { expect, test } from 'vitest'
import { parseQuantity, Quantity } from '../../../src/simulator/cluster/api/quantity.ts'

test.each([
  ['100m', '100m'],
  ['0.25', '250m'],
  ['1.5Gi', '1536Mi'],
  ['2048Mi', '2Gi'],
  ['1000m', '1'],
  ['3000M', '3G'],
  ['2e3', '2e3'],
  ['0.3n', '1n'],
  ['-0.5', '-500m'],
  ['4.125M', '4.125M'],
])('%s is kept as %s', (text, canonical) => {
  expect(Quantity.parse(text).toString()).toBe(canonical)
})

test.each([
  ['500m', 0.5],
  ['2Ki', 2048],
  ['7', 7],
  ['1e2', 100],
])('%s stands for %d', (text, number) => {
  expect(parseQuantity(text)).toBe(number)
})

test.each(['--1', '1Ki5'])('"%s" ends in no suffix of a quantity', text => {
  expect(() => Quantity.parse(text)).toThrow("unable to parse quantity's suffix")
})

test.each(['', 'much', '1,5', '5 Gi'])('"%s" is no quantity', text => {
  expect(() => Quantity.parse(text)).toThrow('quantities must match the regular expression')
})

test('a suffix that nobody knows is told', () => {
  expect(() => Quantity.parse('3Kk')).toThrow("unable to parse quantity's suffix")
})

test('amounts compare by what they stand for', () => {
  expect(Quantity.parse('1').compare(Quantity.parse('1000m'))).toBe(0)
  expect(Quantity.parse('1Gi').compare(Quantity.parse('1G'))).toBe(1)
  expect(Quantity.parse('10m').compare(Quantity.parse('0.2'))).toBe(-1)
})

test('sums and differences stay exact', () => {
  expect(Quantity.parse('0.1').plus(Quantity.parse('0.2')).toString()).toBe('300m')
  expect(Quantity.parse('1Gi').minus(Quantity.parse('512Mi')).toString()).toBe('512Mi')
})

test('requests are rounded up to thousandths', () => {
  expect(Quantity.parse('0.0001').rounded().toString()).toBe('1m')
})

test.each([
  ['Mi', '0'],
  ['-', '0'],
  ['05', '05'],
  ['+5Ki', '+5Ki'],
  ['0.5Ki', '512'],
])('the server reads %s and writes %s', (text, written) => {
  expect(Quantity.parse(text).toString()).toBe(written)
})
