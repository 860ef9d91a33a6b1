import { expect, test } from 'vitest'
import { resolveResourceScalar } from '#simulator/kubectl/kustomize/scalars.ts'

test.each([
  ['yes', 'yes'],
  ['y', 'y'],
  ['True', true],
  ['0777', 511],
  ['0o17', 15],
  ['1_000', 1000],
  ['1e400', '1e400'],
  ['12:30:45', '12:30:45'],
  ['2001-01-01', '2001-01-01T00:00:00Z'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14T21:59:43.1-05:00'],
  ['2001-12-14 21:59:43.10 -5', '2001-12-14 21:59:43.10 -5'],
  ['~', null],
])('%s means %j in a resource', (text, value) => {
  expect(resolveResourceScalar(text, undefined, true)).toBe(value)
})
