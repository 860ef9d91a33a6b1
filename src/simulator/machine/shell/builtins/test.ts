import { ConditionError, evaluateCondition } from '../../condition.ts'
import { type Builtin, complain } from '../builtin.ts'
import { conditionContext } from '../conditionContext.ts'
import type { Interpreter } from '../interpreter.ts'

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
    return evaluateCondition(args, conditionContext(shell)) ? 0 : 1
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    // busybox names the shell alone.
    if (shell.dialect === 'ash') await shell.complain(error.message)
    else await complain(shell, name, error.message)
    return 2
  }
}
