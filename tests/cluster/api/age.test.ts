import { expect, test } from 'vitest'
import { formatAge } from '../../../src/simulator/cluster/api/age.ts'

const [minute, hour, day] = [60, 3600, 86_400]

test.each([
  [-5, '<invalid>'],
  [-1, '0s'],
  [0, '0s'],
  [119, '119s'],
  [2 * minute, '2m'],
  [9 * minute + 59, '9m59s'],
  [10 * minute + 59, '10m'],
  [2 * hour + 59 * minute, '179m'],
  [7 * hour + 5 * minute, '7h5m'],
  [8 * hour + 5 * minute, '8h'],
  [47 * hour, '47h'],
  [3 * day + 4 * hour, '3d4h'],
  [8 * day + 4 * hour, '8d'],
  [2 * 365 * day + 3 * day, '2y3d'],
  [9 * 365 * day, '9y'],
])('%d seconds are shown as %s', (seconds, text) => {
  expect(formatAge(seconds * 1000)).toBe(text)
})
