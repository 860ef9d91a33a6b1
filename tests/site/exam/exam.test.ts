import { expect, test } from 'vitest'
import { clockText, endedExam, timeLeft } from '../../../src/site/exam/exam.ts'

const exam = { lesson: 'diagnosis/the-final', started: 1_000_000 }

test('the time runs out and does not go on below nought', () => {
  expect(timeLeft(exam, 40, 1_000_000)).toBe(2_400_000)
  expect(timeLeft(exam, 40, 1_000_000 + 2_399_000)).toBe(1000)
  expect(timeLeft(exam, 40, 9_000_000)).toBe(0)
})

test('a clock shows minutes and seconds', () => {
  expect([2_400_000, 65_000, 1, 0].map(clockText)).toEqual(['40:00', '1:05', '0:01', '0:00'])
})

test('an exam that is opened after its time has ended with its time', () => {
  expect(endedExam(exam, 40, 12, 1_600_000)).toEqual({ ...exam, ended: 1_600_000, reached: 12 })
  expect(endedExam(exam, 40, 12, 99_000_000)).toEqual({ ...exam, ended: 3_400_000, reached: 12 })
})
