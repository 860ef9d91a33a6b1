import { type Builtin, complain } from '../builtin.ts'
import { FunctionReturn, LoopExit, ShellExit } from '../failures.ts'
import type { Interpreter } from '../interpreter.ts'
import { stateOf } from '../jobs.ts'

/** `exit`. */
export const exit: Builtin = {
  name: 'exit',
  usage: '[n]',
  summary: 'Exit the shell.',
  async run(shell, args) {
    if (shell.isInteractive && shell.dialect === 'bash') await shell.process.stderr.write('exit\n')
    if (shell.isInteractive && !shell.isLeaving && shell.jobs.all.some(job => stateOf(job) === 'stopped')) {
      shell.isLeaving = true
      await shell.process.stderr.write(
        shell.dialect === 'bash' ? 'There are stopped jobs.\n' : 'You have stopped jobs.\n',
      )
      return 1
    }
    throw new ShellExit(await statusFrom(shell, 'exit', args))
  },
}

/** `logout`. */
export const logout: Builtin = {
  name: 'logout',
  usage: '[n]',
  summary: 'Exit a login shell.',
  run: shell => complain(shell, 'logout', "not login shell: use `exit'"),
}

/** `return`. */
export const returnFrom: Builtin = {
  name: 'return',
  usage: '[n]',
  summary: 'Return from a shell function.',
  async run(shell, args) {
    if (shell.callers.length === 0 && shell.sourceDepth === 0) {
      if (shell.dialect !== 'bash') throw new ShellExit(await statusFrom(shell, 'return', args))
      return complain(shell, 'return', "can only `return' from a function or sourced script", 2)
    }
    throw new FunctionReturn(await statusFrom(shell, 'return', args))
  },
}

/** `break` and `continue`. */
export const loopExits: readonly Builtin[] = ['break', 'continue'].map(name => ({
  name,
  usage: '[n]',
  summary: name === 'break' ? 'Exit for, while, or until loops.' : 'Resume for, while, or until loops.',
  async run(shell, args) {
    if (shell.loopDepth === 0) {
      if (shell.dialect !== 'bash') return 0
      return complain(shell, name, "only meaningful in a `for', `while', or `until' loop", 0)
    }
    const levels = Number(args[0] ?? 1)
    if (!Number.isInteger(levels)) {
      await shell.complain(`${name}: ${args[0]}: numeric argument required`)
      throw new ShellExit(128)
    }
    if (levels < 1) return complain(shell, name, `${args[0]}: loop count out of range`)
    throw new LoopExit(Math.min(levels, shell.loopDepth), name === 'continue')
  },
}))

/** `shift`. */
export const shift: Builtin = {
  name: 'shift',
  usage: '[n]',
  summary: 'Shift positional parameters.',
  async run(shell, args) {
    const count = Number(args[0] ?? 1)
    if (!Number.isInteger(count)) return complain(shell, 'shift', `${args[0]}: numeric argument required`)
    if (count < 0) return complain(shell, 'shift', `${args[0]}: shift count out of range`)
    if (count > shell.positional.length) {
      if (shell.dialect === 'dash') {
        await complain(shell, 'shift', "can't shift that many")
        throw new ShellExit(2)
      }
      return 1
    }
    shell.positional = shell.positional.slice(count)
    return 0
  },
}

async function statusFrom(shell: Interpreter, name: string, args: readonly string[]): Promise<number> {
  const text = args[0] === '--' ? args[1] : args[0]
  if (text === undefined) return shell.status
  if (/^[-+]?\d+$/.test(text)) return Number(text) & 255
  await complain(
    shell,
    name,
    shell.dialect === 'bash' ? `${text}: numeric argument required` : `Illegal number: ${text}`,
  )
  return 2
}
