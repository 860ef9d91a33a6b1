import { expect, test } from 'vitest'
import { matchLines } from '../../../src/simulator/cluster/api/lineMatch.ts'
import { unifiedDiff } from '../../../src/simulator/cluster/api/unifiedDiff.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`)

test('a change stands between three lines that stay', () => {
  const left = numbered(10)
  expect(unifiedDiff(left, left.with(4, 'changed'))).toBe(
    '@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+changed\n line 6\n line 7\n line 8\n',
  )
})

test('changes that are close share a piece, others do not', () => {
  const left = numbered(30)
  const pieces = (text: string) => text.split('\n').filter(line => line.startsWith('@@'))
  expect(pieces(unifiedDiff(left, left.with(4, 'a').with(11, 'b')))).toEqual(['@@ -2,14 +2,14 @@'])
  expect(pieces(unifiedDiff(left, left.with(4, 'a').with(20, 'b')))).toEqual(['@@ -2,7 +2,7 @@', '@@ -18,7 +18,7 @@'])
})

test('equal texts have no difference, and one of them may be empty', () => {
  expect(unifiedDiff(['a'], ['a'])).toBe('')
  expect(unifiedDiff([], ['a', 'b'])).toBe('@@ -0,0 +1,2 @@\n+a\n+b\n')
  expect(unifiedDiff(['a'], [])).toBe('@@ -1 +0,0 @@\n-a\n')
})

test('the longest stretch in common comes first, and common lines only lengthen it', () => {
  expect(matchLines(['x', 'a', 'b', 'c'], ['a', 'b', 'c', 'x'])).toEqual([{ left: 1, right: 0, length: 3 }])
  const lines = numbered(200).flatMap(line => [line, 'common'])
  expect(matchLines(['common'], lines)).toEqual([])
  expect(matchLines(['line 7', 'common'], lines)).toEqual([{ left: 0, right: 12, length: 2 }])
})
