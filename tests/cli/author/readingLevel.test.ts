import { expect, test } from 'vitest'
import { readingLevel } from '../../../src/cli/author/readingLevel.ts'

const text = (...sentences: string[]) => ({
  file: '',
  settings: {},
  parts: [],
  links: [],
  sentences: sentences.map((sentence, index) => ({ line: index + 1, text: sentence })),
})

test('short words in short sentences are easy', () => {
  const easy = readingLevel(text('The cat sat.', 'A dog ran to `kubectl get pods` now.'), 'en')
  expect(easy).toMatchObject({ words: 4.5, longest: 6 })
  const hard = readingLevel(text('Administrators frequently underestimate unconventional configurations.'), 'en')
  expect(hard.grade).toBeGreaterThan(easy.grade! + 10)
})

test('Korean is counted by its words', () => {
  expect(readingLevel(text('파드가 떠요.', '서비스의 주소는 어디에도 없어요.'), 'ko')).toEqual({
    words: 3,
    longest: 4,
    grade: undefined,
  })
})
