import { FileError } from './fileError.ts'
import type { FileSystem } from './files.ts'
import { joinPath, lastName, resolvePath } from './path.ts'
import type { Flavour, Program } from './program.ts'

/** What the kernel runs for a command: a program and the arguments it really gets. */
export interface Executable {
  readonly path: string
  readonly program: Program
  readonly flavour: Flavour
  readonly argv: readonly string[]
}

/** Where PATH leads for shells that have none. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The file that a command name stands for; undefined when PATH has none. A name with a slash is a path already. */
export function findCommand(files: FileSystem, path: string, cwd: string, name: string): string | undefined {
  if (name.includes('/')) return resolvePath(cwd, name)
  if (name === '') return undefined
  let refused: string | undefined
  for (const directory of path.split(':')) {
    const file = joinPath(resolvePath(cwd, directory), name)
    if (files.find(file)?.kind !== 'file') continue
    if (files.may('execute', file)) return file
    refused ??= file
  }
  return refused
}

/** All files of a name along PATH, for `type -a` and `which -a`. */
export function findCommands(files: FileSystem, path: string, cwd: string, name: string): string[] {
  return path
    .split(':')
    .map(directory => joinPath(resolvePath(cwd, directory), name))
    .filter(file => files.find(file)?.kind === 'file' && files.may('execute', file))
}

/** Prepares a file to be run; a `#!` line names another program. Throws `FileError` like execve(2). */
export function loadExecutable(files: FileSystem, file: string, argv: readonly string[], depth = 0): Executable {
  const stat = files.stat(file)
  if (stat.kind === 'directory') throw new FileError('EISDIR', file)
  if (stat.kind !== 'file' || !files.may('execute', file)) throw new FileError('EACCES', file)
  const found = files.program(file)
  if (found) return { path: file, ...found, argv }
  const shebang = /^#![ \t]*(\S+)(?:[ \t]+(.*?))?[ \t]*(?:\n|$)/.exec(files.readText(file))
  if (!shebang || depth > 4) throw new FileError('ENOEXEC', file)
  const [, interpreter = '', argument] = shebang
  const shown = argv[0]?.includes('/') ? argv[0] : file
  const rest = [interpreter, ...(argument ? [argument] : []), shown, ...argv.slice(1)]
  if (!files.exists(interpreter)) throw new FileError('ENOENT', interpreter)
  return loadExecutable(files, interpreter, rest, depth + 1)
}

/** The name that the kernel gives a process: fifteen bytes of the file's name. */
export function commandName(argv0: string): string {
  return lastName(argv0).replace(/^-/, '').slice(0, 15)
}
