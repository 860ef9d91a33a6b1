import { expect, test } from 'vitest'
import { type Check, defineChecks, fail, pass, runChecks } from '#simulator/grading/check.ts'
import type { World } from '#simulator/grading/world.ts'

const words = { ko: '말', en: 'words' }
const check = (id: string, probe: Check['probe'], needs: string[] = []): Check => ({
  id,
  title: words,
  points: 2,
  needs,
  hints: [],
  probe,
})
const world = {} as World

test('a pass gives its points, a fail its reason, and what needs it is skipped', async () => {
  const checks = [
    check('first', () => pass('seen')),
    check('second', () => fail(words, 'observed'), ['first']),
    check('third', () => pass(), ['second']),
  ]
  expect(await runChecks(checks, world)).toEqual([
    { id: 'first', state: 'pass', points: 2, evidence: 'seen' },
    { id: 'second', state: 'fail', points: 0, reason: words, evidence: 'observed' },
    { id: 'third', state: 'skipped', points: 0 },
  ])
})

test('a check that throws is an error, never a pass', async () => {
  const broken = check('broken', () => {
    throw new Error('oops')
  })
  expect(await runChecks([broken], world)).toEqual([{ id: 'broken', state: 'error', points: 0, evidence: 'oops' }])
})

test('an author who names a check twice, or needs one that comes later, is told', () => {
  expect(() => defineChecks([check('a', () => pass()), check('a', () => pass())])).toThrow('called a')
  expect(() => defineChecks([check('a', () => pass(), ['b'])])).toThrow('needs b')
})
