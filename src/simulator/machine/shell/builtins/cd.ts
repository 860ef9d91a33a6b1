import { FileError } from '../../fileError.ts'
import { resolvePath } from '../../path.ts'
import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'

/** `cd`. */
export const cd: Builtin = {
  name: 'cd',
  usage: '[-L|[-P [-e]] [-@]] [dir]',
  summary: 'Change the shell working directory.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'LPe@')
    if (unknown) return badOption(shell, cd, unknown)
    if (rest.length > 1 && shell.dialect === 'bash') return complain(shell, 'cd', 'too many arguments')
    const [target] = rest
    if (target === undefined && shell.variables.get('HOME') === undefined) return complain(shell, 'cd', 'HOME not set')
    const wanted = target ?? shell.variables.get('HOME')!
    if (wanted === '-') {
      const before = shell.variables.get('OLDPWD')
      if (before === undefined) return complain(shell, 'cd', 'OLDPWD not set')
      const status = await changeDirectory(shell, 'cd', before)
      if (status === 0) await shell.process.write(`${shell.process.cwd}\n`)
      return status
    }
    const found = wanted === '' ? '.' : alongPath(shell, wanted)
    const status = await changeDirectory(shell, 'cd', found ?? wanted, options.has('P'))
    if (status === 0 && found !== undefined && found !== wanted && wanted !== '') {
      await shell.process.write(`${shell.process.cwd}\n`)
    }
    return status
  },
}

/** `pwd`. */
export const pwd: Builtin = {
  name: 'pwd',
  usage: '[-LP]',
  summary: 'Print the name of the current working directory.',
  async run(shell, args) {
    const { options, unknown } = parseOptions(args, 'LP')
    if (unknown) return badOption(shell, pwd, unknown)
    const { cwd, files } = shell.process
    await shell.process.write(`${options.has('P') ? files.realPath(cwd) : cwd}\n`)
    return 0
  },
}

/** Moves the shell to another directory, or says why it can't; gives the exit status. */
export async function changeDirectory(
  shell: Interpreter,
  name: string,
  target: string,
  isPhysical = false,
): Promise<number> {
  const { process } = shell
  let path = resolvePath(process.cwd, target)
  try {
    if (process.files.stat(path).kind !== 'directory') throw new FileError('ENOTDIR', target)
    if (!process.files.may('execute', path)) throw new FileError('EACCES', target)
    if (isPhysical || shell.options.has('physical')) path = process.files.realPath(path)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (shell.dialect === 'bash') return complain(shell, name, `${target}: ${error.text}`)
    return complain(shell, name, `can't cd to ${target}${shell.dialect === 'ash' ? `: ${error.text}` : ''}`, 2)
  }
  shell.variables.set('OLDPWD', process.cwd)
  shell.variables.declare('OLDPWD').isExported = true
  process.cwd = path
  shell.variables.set('PWD', path)
  return 0
}

/** A directory under one of CDPATH. */
function alongPath(shell: Interpreter, target: string): string | undefined {
  const path = shell.variables.get('CDPATH')
  if (!path || /^\.{0,2}\//.test(target) || target === '.' || target === '..') return target
  return (
    path
      .split(':')
      .map(directory => `${directory || '.'}/${target}`)
      .find(directory => shell.process.files.isDirectory(shell.process.path(directory))) ?? target
  )
}
