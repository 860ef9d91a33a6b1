import { expect, test } from 'vitest'
import { Clock } from '../../../src/simulator/clock.ts'
import { BackOff } from '../../../src/simulator/cluster/kubelet/backOff.ts'

test('waiting times double from ten seconds to five minutes', () => {
  const clock = new Clock()
  const backOff = new BackOff(clock)
  const waits = Array.from({ length: 7 }, () => {
    backOff.next('a', clock.now)
    const wait = backOff.remainingSince('a', clock.now)
    clock.advance(wait)
    expect(backOff.remaining('a')).toBe(0)
    return wait / 1000
  })
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300])
})

test('after ten quiet minutes the waiting begins anew', () => {
  const clock = new Clock()
  const backOff = new BackOff(clock)
  backOff.next('a', clock.now)
  backOff.next('a', clock.now)
  clock.advance(600_001)
  backOff.next('a', clock.now)
  expect(backOff.remaining('a')).toBe(10_000)
})
