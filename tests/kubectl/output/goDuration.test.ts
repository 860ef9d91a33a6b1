import { expect, test } from 'vitest'
import { formatGoDuration } from '../../../src/simulator/kubectl/output/goDuration.ts'

test.each([
  [0, '0s'],
  [500, '500ms'],
  [3000, '3s'],
  [1500, '1.5s'],
  [90_000, '1m30s'],
  [60_000, '1m0s'],
  [3_600_000, '1h0m0s'],
  [-2000, '-2s'],
])('%i milliseconds are %s', (milliseconds, text) => {
  expect(formatGoDuration(milliseconds)).toBe(text)
})
