import { describe, expect, test } from 'vitest'
import { changeTaints, formatTaint, parseTaints, presentKeys } from '../../../src/simulator/kubectl/nodes/taints.ts'

const red = { key: 'team', value: 'red', effect: 'NoSchedule' }
const blue = { key: 'team', value: 'blue', effect: 'NoSchedule' }
const gone = { key: 'gone', effect: 'NoExecute' }

describe('what a command line does to taints', () => {
  test.each([
    { specs: ['team=red:NoSchedule'], added: [red], removed: [] },
    { specs: ['gone:NoExecute'], added: [gone], removed: [] },
    { specs: ['team-'], added: [], removed: [{ key: 'team', effect: '' }] },
    { specs: ['team:NoSchedule-'], added: [], removed: [{ key: 'team', effect: 'NoSchedule' }] },
    { specs: ['team=red:NoSchedule-'], added: [], removed: [{ key: 'team', effect: 'NoSchedule' }] },
  ])('$specs is read', ({ specs, added, removed }) => {
    expect(parseTaints(specs)).toEqual({ added, removed })
  })

  test.each([
    ['team=blue:Sometimes', 'invalid taint effect: Sometimes, unsupported taint effect'],
    ['team=a=b:NoSchedule', 'invalid taint spec: team=a=b:NoSchedule'],
    ['team:a:b', 'invalid taint effect: a, unsupported taint effect'],
    ['team:NoSchedule:b', 'invalid taint spec: team:NoSchedule:b'],
  ])('%s is refused', (spec, message) => {
    expect(() => parseTaints([spec])).toThrow(message)
  })

  test('the same key and effect twice is refused', () => {
    expect(() => parseTaints(['team=a:NoSchedule', 'team=b:NoSchedule'])).toThrow('duplicated taints')
  })
})

describe('the taints of a node after a change', () => {
  test.each([
    { before: [], specs: ['team=red:NoSchedule'], taints: [red], operation: 'tainted' },
    { before: [gone], specs: ['team=red:NoSchedule'], taints: [red, gone], operation: 'tainted' },
    { before: [red, gone], specs: ['team-'], taints: [gone], operation: 'untainted' },
    { before: [red, gone], specs: ['team:NoExecute-', 'gone-'], taints: [red], operation: 'untainted' },
    { before: [gone], specs: ['team=red:NoSchedule', 'gone-'], taints: [red], operation: 'modified' },
  ])('$specs makes of them what is wanted', ({ before, specs, taints, operation }) => {
    expect(changeTaints(before, parseTaints(specs), false)).toMatchObject({ taints, operation })
  })

  test('an overwritten value is told as a modification', () => {
    const changes = parseTaints(['team=blue:NoSchedule'])
    expect(presentKeys([red], changes)).toEqual(['team'])
    expect(changeTaints([red], changes, true)).toEqual({ taints: [blue], operation: 'modified', problems: [] })
  })

  test('what cannot be removed is told', () => {
    const { problems } = changeTaints([red], parseTaints(['gone:NoExecute-']), false)
    expect(problems.map(({ message }) => message)).toEqual(['taint "gone:NoExecute" not found'])
  })
})

test.each([
  [red, 'team=red:NoSchedule'],
  [gone, 'gone:NoExecute'],
  [{ key: 'team', effect: '' }, 'team'],
])('%j is written as %s', (taint, text) => {
  expect(formatTaint(taint)).toBe(text)
})
