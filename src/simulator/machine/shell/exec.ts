import type { Redirection } from 'unbash'
import { FileError } from '../fileError.ts'
import { explainMissing } from './external.ts'
import { ShellExit } from './failures.ts'
import type { Interpreter } from './interpreter.ts'
import { adopt, redirect } from './redirections.ts'

/** `exec`: the process becomes another program, or without one, the redirections last. */
export async function runExec(
  shell: Interpreter,
  args: readonly string[],
  environment: ReadonlyMap<string, string>,
  redirections: readonly Redirection[],
): Promise<number> {
  const redirected = await redirect(shell, redirections)
  if (!redirected) {
    if (shell.isInteractive || shell.dialect === 'bash') return 1
    throw new ShellExit(2)
  }
  adopt(shell, redirected)
  const words = args[0] === '--' ? args.slice(1) : args
  if (words.length === 0) return 0
  try {
    throw new ShellExit(await shell.process.replace(words, environment))
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const status = await explainMissing(shell, words[0]!, error, 'exec: ')
    if (shell.isInteractive) return status
    throw new ShellExit(status)
  }
}
