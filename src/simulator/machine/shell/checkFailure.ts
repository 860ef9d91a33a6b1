import { ShellExit } from './failures.ts'
import type { Interpreter } from './interpreter.ts'

/** After a command that failed: the ERR trap, and the end under `set -e`. */
export async function checkFailure(shell: Interpreter): Promise<void> {
  if (shell.status === 0 || shell.conditionDepth > 0) return
  const { status } = shell
  await shell.traps.run('ERR')
  shell.status = status
  if (shell.options.has('errexit')) throw new ShellExit(status)
}
