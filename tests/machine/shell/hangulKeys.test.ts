import { expect, test } from 'vitest'
import { hangulHint, latinKeys } from '../../../src/simulator/machine/shell/hangulKeys.ts'

test.each([
  ['ㅏㅕㅠㄷㅊ시', 'kubectl'],
  ['ㅣㄴ', 'ls'],
  ['ㅊㅁㅅ', 'cat'],
  ['촏', 'che'],
  ['ㄷ초ㅐ', 'echo'],
  ['ㅔㅐㅇㄴ', 'pods'],
  ['ㅊㅕ기', 'curl'],
  ['ㅔㅑㅜㅎ', 'ping'],
  ['ㅛㅁㅡㅣ', 'yaml'],
  ['값', 'rkqt'],
  ['ㄲㅆㅒ', 'RTO'],
  ['ㅢㄺ', 'mlfr'],
  ['get ㅔㅐㅇㄴ', 'get pods'],
])('%s spells %s', (hangul, latin) => {
  expect(latinKeys(hangul)).toBe(latin)
})

test('there is a hint only for Hangul', () => {
  expect(hangulHint('kubctl')).toBeUndefined()
  expect(hangulHint('ㅣㄴ')).toContain("'ls'")
})
