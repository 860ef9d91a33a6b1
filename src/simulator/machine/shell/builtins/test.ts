import { type Builtin, complain } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { evaluateTest, TestSyntaxError } from '../testCommand.ts'

/** `test` and `[`. */
export const tests: readonly Builtin[] = [
  {
    name: 'test',
    usage: '[expr]',
    summary: 'Evaluate conditional expression.',
    run: (shell, args) => evaluate(shell, 'test', args),
  },
  {
    name: '[',
    usage: 'arg... ]',
    summary: 'Evaluate conditional expression.',
    run(shell, args) {
      if (args.at(-1) === ']') return evaluate(shell, '[', args.slice(0, -1))
      return complain(shell, '[', shell.dialect === 'bash' ? "missing `]'" : 'missing ]', 2)
    },
  },
]

async function evaluate(shell: Interpreter, name: string, args: readonly string[]): Promise<number> {
  try {
    return evaluateTest(shell, args) ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestSyntaxError)) throw error
    return complain(shell, name, error.message, 2)
  }
}
