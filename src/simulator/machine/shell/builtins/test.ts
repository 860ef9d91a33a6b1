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
    if (shell.dialect === 'bash') return complain(shell, name, error.message, 2)
    if (shell.dialect === 'dash') return complain(shell, name, dashWords(error, args), 2)
    // busybox names the shell alone.
    await shell.complain(ashWords(error))
    return 2
  }
}

function dashWords({ kind, subject, message }: TestSyntaxError, args: readonly string[]): string {
  if (kind === 'number') return `Illegal number: ${subject}`
  return kind === 'other' ? message : `${args[0]}: unexpected operator`
}

function ashWords({ kind, subject, message }: TestSyntaxError): string {
  if (kind === 'number') return `${subject}: bad number`
  return kind === 'other' ? message : `${subject}: unknown operand`
}
