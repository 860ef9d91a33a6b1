import { ConditionError, evaluateCondition } from '../condition.ts'
import type { Process, Program } from '../program.ts'
import { quoted } from '../quoting.ts'

/** Decides a condition. */
export const test: Program = {
  name: 'test',
  summary: 'check file types and compare values',
  usage: 'EXPRESSION',
  run: process => decide(process, process.argv.slice(1)),
}

/** `test` as it is usually written: `[ -f FILE ]`. */
export const bracket: Program = {
  name: '[',
  summary: 'check file types and compare values',
  usage: 'EXPRESSION ]',
  async run(process) {
    if (process.argv.at(-1) !== ']') {
      return process.fail(process.flavour === 'busybox' ? 'missing ]' : `missing ${quoted(process, ']')}`, 2)
    }
    return decide(process, process.argv.slice(1, -1))
  },
}

async function decide(process: Process, words: readonly string[]): Promise<number> {
  try {
    const result = evaluateCondition(words, {
      files: process.files,
      user: process.user,
      dialect: process.flavour === 'busybox' ? 'ash' : 'gnu',
      path: path => process.path(path),
      isTerminal: number => process.descriptors.get(number)?.terminal !== undefined,
      quote: word => quoted(process, word),
    })
    return result ? 0 : 1
  } catch (error) {
    if (error instanceof ConditionError) return process.fail(error.message, 2)
    throw error
  }
}
