import type { Redirection } from 'unbash'
import { FileError } from '../fileError.ts'
import type { Process, Program, Spawn } from '../program.ts'
import type { Descriptor } from '../streams.ts'
import { hangulHint } from './hangulKeys.ts'
import type { Interpreter } from './interpreter.ts'
import { adopt, redirect } from './redirections.ts'

/** Starts a program and waits for it; in tail position it takes over the shell's own process. */
export async function runExternal(
  shell: Interpreter,
  args: readonly string[],
  environment: ReadonlyMap<string, string>,
  redirections: readonly Redirection[],
  { isTail, text }: { readonly isTail: boolean; readonly text: string },
): Promise<number> {
  const redirected = await redirect(shell, redirections)
  if (!redirected) return shell.dialect === 'dash' ? 2 : 1
  if (isTail && !shell.traps.has('EXIT')) {
    adopt(shell, redirected)
    return become(shell, args, environment)
  }
  let child: Process
  try {
    child = shell.process.spawn({
      argv: args,
      env: environment,
      descriptors: redirected.table,
      ...titleOf(shell, args[0]!),
      ...(shell.hasJobControl ? { group: 'new' as const } : {}),
    })
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (error.code !== 'ENOEXEC') return await explainWith(shell, args[0]!, error, redirected.table)
    child = startScript(shell, args, environment, redirected.table)
  } finally {
    redirected.release()
  }
  remember(shell, args[0]!, environment)
  return shell.jobs.runForeground([child], text)
}

/** busybox runs its own commands in a copy of the shell, whose command line `ps` goes on to show. */
function titleOf(shell: Interpreter, name: string): Pick<Spawn, 'commandLine'> {
  if (shell.dialect !== 'ash' || name.includes('/')) return {}
  const file = shell.findCommand(name)
  const isOwn = file !== undefined && shell.process.files.program(file)?.flavour === 'busybox'
  return isOwn ? { commandLine: shell.process.commandLine } : {}
}

/** Keeps where a command was found; `hash` and `type` tell. */
function remember(shell: Interpreter, name: string, environment: ReadonlyMap<string, string>): void {
  if (name.includes('/') || environment.get('PATH') !== shell.path) return
  const known = shell.hashed.get(name)
  const file = known?.file ?? shell.findCommand(name)
  if (file !== undefined) shell.hashed.set(name, { file, hits: (known?.hits ?? 0) + 1 })
}

/** The shell's process becomes the program, as after `fork` in a pipeline. */
async function become(
  shell: Interpreter,
  args: readonly string[],
  environment: ReadonlyMap<string, string>,
): Promise<number> {
  try {
    return await shell.process.replace(args, environment)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (error.code !== 'ENOEXEC') return explainMissing(shell, args[0]!, error)
    const child = startScript(shell, args, environment, new Map(shell.process.descriptors))
    return shell.jobs.runForeground([child], args.join(' '))
  }
}

/** A text file without `#!` is run by a copy of the shell. */
function startScript(
  shell: Interpreter,
  args: readonly string[],
  environment: ReadonlyMap<string, string>,
  descriptors: ReadonlyMap<number, Descriptor>,
): Process {
  const file = shell.findCommand(args[0]!)!
  const program: Program = {
    name: shell.dialect,
    summary: 'a script',
    run: process => shell.runScriptIn(process, file, args),
  }
  return shell.process.spawn({
    argv: args,
    env: environment,
    descriptors,
    program,
    ...(shell.hasJobControl ? { group: 'new' as const } : {}),
  })
}

/** Says why a command can't be run, on the standard error that the command would have had. */
async function explainWith(
  shell: Interpreter,
  name: string,
  error: FileError,
  table: ReadonlyMap<number, Descriptor>,
): Promise<number> {
  const { descriptors } = shell.process
  const own = descriptors.get(2)
  const theirs = table.get(2)
  if (theirs) descriptors.set(2, theirs)
  try {
    return await explainMissing(shell, name, error)
  } finally {
    if (own) descriptors.set(2, own)
  }
}

/** Says why a command can't be run; gives 126 or 127. */
export async function explainMissing(shell: Interpreter, name: string, error: FileError, start = ''): Promise<number> {
  const isUnknown = error.code === 'ENOENT' && !name.includes('/')
  if (isUnknown) {
    await shell.complain(
      `${start}${name}: ${start === '' && shell.dialect === 'bash' ? 'command not found' : 'not found'}`,
    )
    const hint = shell.isInteractive ? hangulHint(name) : undefined
    if (hint) await shell.process.stderr.write(`${hint}\n`)
    return 127
  }
  await shell.complain(`${start}${name}: ${problem(shell, name, error)}`)
  return error.code === 'ENOENT' ? 127 : 126
}

function problem(shell: Interpreter, name: string, error: FileError): string {
  const isInterpreterMissing = error.code === 'ENOENT' && shell.process.files.exists(shell.process.path(name))
  if (shell.dialect !== 'bash') {
    if (error.code === 'ENOENT') return 'not found'
    return error.code === 'EISDIR' ? 'Permission denied' : error.text
  }
  if (isInterpreterMissing) return 'cannot execute: required file not found'
  return error.code === 'ENOEXEC' ? 'cannot execute binary file: Exec format error' : error.text
}
