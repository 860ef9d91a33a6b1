import { joinPath, resolvePath } from '../path.ts'
import type { Interpreter } from './interpreter.ts'

/** The names of all programs along a shell's PATH. */
export function commandNames(shell: Interpreter): string[] {
  const { files, cwd } = shell.process
  const names = shell.path
    .split(':')
    .map(directory => resolvePath(cwd, directory))
    .filter(directory => files.isDirectory(directory) && files.may('read', directory))
    .flatMap(directory => files.list(directory).filter(name => files.may('execute', joinPath(directory, name))))
  return [...new Set(names)].sort()
}
