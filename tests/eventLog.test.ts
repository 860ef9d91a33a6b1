import { expect, test } from 'vitest'
import { type LabEvent, withoutLastCommand } from '#simulator/eventLog.ts'

const open: LabEvent = { at: 0, type: 'open', terminal: 1, columns: 80, rows: 24 }
const keys = (at: number, text: string): LabEvent => ({ at, type: 'input', terminal: 1, text })

test('undo takes back what was typed since the Enter before', () => {
  const log = [open, keys(1, 'ls\r'), keys(2, 'kubectl'), keys(3, ' get pods'), keys(4, '\r')]
  expect(withoutLastCommand(log)).toEqual([open, keys(1, 'ls\r')])
})

test('a line that was begun goes with the command before it', () => {
  expect(withoutLastCommand([open, keys(1, 'ls\r'), keys(2, 'half')])).toEqual([open])
})

test('answers, files and played commands count as one each', () => {
  const answer: LabEvent = { at: 5, type: 'answer', question: 'q', value: 'a' }
  expect(withoutLastCommand([open, keys(1, 'ls\r'), answer])).toEqual([open, keys(1, 'ls\r')])
})

test('there is nothing to undo at the start', () => {
  expect(withoutLastCommand([open, keys(1, 'half')])).toBeUndefined()
})
