import { CommandFailure, FunctionReturn, Interrupted, LoopExit, ShellExit, SyntaxExit } from './failures.ts'
import type { Interpreter } from './interpreter.ts'
import type { Parsed } from './syntax.ts'
import { syntaxComplaint } from './syntaxComplaint.ts'
import { wordingOf } from './wording.ts'

/** What every message of a shell begins with: `bash: line 3: `, `sh: `, `sh: 1: `. */
export function complaintStart(shell: Interpreter): string {
  const { kind, name } = shell.source
  if (shell.dialect === 'dash') return `${name}: ${shell.line}: `
  if (kind === 'interactive') return `${name}: `
  if (shell.dialect === 'ash') return kind === 'file' ? `${name}: line ${shell.line}: ` : `${name}: `
  return `${name}: line ${shell.line}: `
}

/** Prints what made a command give up. */
export async function complainAbout(shell: Interpreter, failure: CommandFailure): Promise<void> {
  const start = failure.start ?? complaintStart(shell)
  await shell.process.stderr.write(`${start}${wordingOf(shell.dialect, failure)}\n`)
}

/** Prints what is wrong with a source and ends its running. */
export async function failSyntax(shell: Interpreter, { failure, source }: Parsed): Promise<never> {
  shell.at = failure!.at
  await shell.process.stderr.write(syntaxComplaint(shell, source, failure!))
  // bash gives 0 for a condition that it can't read, and 1 for a list that is never closed.
  throw new SyntaxExit(failure!.kind === 'condition' ? 0 : source[failure!.at] === '=' ? 1 : 2)
}

/** What a failure on its way out of a shell means: an exit status, after the message is printed. */
export async function settle(shell: Interpreter, error: unknown): Promise<number> {
  if (error instanceof ShellExit || error instanceof FunctionReturn) return error.status
  if (error instanceof LoopExit) return shell.status
  if (error instanceof CommandFailure) {
    await complainAbout(shell, error)
    if (shell.dialect !== 'bash') return 2
    const isCommand = shell.source.kind === 'command' && !shell.runsScript && shell.subshellDepth === 0
    return error.endsCommand && isCommand ? 127 : error.status
  }
  if (error instanceof Interrupted) {
    if (!shell.isInteractive) {
      shell.process.onSignal('SIGINT', undefined)
      shell.process.kill('SIGINT')
    }
    return 130
  }
  throw error
}
