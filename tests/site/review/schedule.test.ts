import { expect, test } from 'vitest'
import { afterAnswer, dueQuestions } from '../../../src/site/review/schedule.ts'

const day = 86_400_000

test('a question that is answered rightly comes back later each time', () => {
  let review = afterAnswer('pod/a#b', undefined, true, 0)
  const pauses = [review.due]
  for (let i = 0; i < 5; i++) {
    const now = review.due
    review = afterAnswer('pod/a#b', review, true, now)
    pauses.push(review.due - now)
  }
  expect(pauses).toEqual([1, 3, 7, 16, 35, 35].map(days => days * day))
})

test('a wrong answer brings it back the next day', () => {
  const known = { question: 'pod/a#b', streak: 4, due: 100 * day }
  expect(afterAnswer('pod/a#b', known, false, 100 * day)).toEqual({ question: 'pod/a#b', streak: 0, due: 101 * day })
})

test('only questions of begun lessons are asked, the longest waiting first', () => {
  const questions = ['a/one#x', 'a/one#y', 'a/one#z', 'a/two#x'].map(key => ({ key, lesson: key.split('#')[0]! }))
  const reviews = new Map([
    ['a/one#x', { question: 'a/one#x', streak: 1, due: 50 }],
    ['a/one#y', { question: 'a/one#y', streak: 1, due: 500 }],
  ])
  const due = dueQuestions(questions, new Set(['a/one']), reviews, 100)
  expect(due.map(({ key }) => key)).toEqual(['a/one#z', 'a/one#x'])
})
