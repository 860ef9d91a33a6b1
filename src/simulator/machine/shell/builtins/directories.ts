import { type Builtin, complain } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { changeDirectory } from './cd.ts'

/** `pushd`. */
export const pushd: Builtin = {
  name: 'pushd',
  usage: '[-n] [+N | -N | dir]',
  summary: 'Add directories to stack.',
  async run(shell, args) {
    const stack = [shell.process.cwd, ...shell.directoryStack]
    const [target] = args
    if (target === undefined || /^[+-]\d+$/.test(target)) {
      if (stack.length === 1) return complain(shell, 'pushd', 'no other directory')
      const turn = target === undefined ? 1 : position(target, stack.length)
      if (turn === undefined) return complain(shell, 'pushd', `${target}: directory stack index out of range`)
      const turned =
        target === undefined
          ? [stack[1]!, stack[0]!, ...stack.slice(2)]
          : [...stack.slice(turn), ...stack.slice(0, turn)]
      if ((await changeDirectory(shell, 'pushd', turned[0]!)) !== 0) return 1
      shell.directoryStack = turned.slice(1)
    } else {
      if ((await changeDirectory(shell, 'pushd', target)) !== 0) return 1
      shell.directoryStack = stack
    }
    return show(shell)
  },
}

/** `popd`. */
export const popd: Builtin = {
  name: 'popd',
  usage: '[-n] [+N | -N]',
  summary: 'Remove directories from stack.',
  async run(shell, args) {
    const stack = [shell.process.cwd, ...shell.directoryStack]
    if (stack.length === 1) return complain(shell, 'popd', 'directory stack empty')
    const place = args[0] === undefined ? 0 : position(args[0], stack.length)
    if (place === undefined) return complain(shell, 'popd', `${args[0]}: directory stack index out of range`)
    stack.splice(place, 1)
    if (place === 0 && (await changeDirectory(shell, 'popd', stack[0]!)) !== 0) return 1
    shell.directoryStack = stack.slice(1)
    return show(shell)
  },
}

/** `dirs`. */
export const dirs: Builtin = {
  name: 'dirs',
  usage: '[-clpv] [+N] [-N]',
  summary: 'Display directory stack.',
  async run(shell, args) {
    if (args.includes('-c')) {
      shell.directoryStack = []
      return 0
    }
    const stack = [shell.process.cwd, ...shell.directoryStack].map(path =>
      args.includes('-l') ? path : short(shell, path),
    )
    if (args.includes('-v')) {
      await shell.process.write(stack.map((path, index) => `${String(index).padStart(2)}  ${path}\n`).join(''))
    } else await shell.process.write(`${stack.join(args.includes('-p') ? '\n' : ' ')}\n`)
    return 0
  },
}

async function show(shell: Interpreter): Promise<number> {
  return dirs.run(shell, [])
}

function position(text: string, length: number): number | undefined {
  const number = Number(text.slice(1))
  const place = text.startsWith('+') ? number : length - 1 - number
  return place >= 0 && place < length ? place : undefined
}

function short(shell: Interpreter, path: string): string {
  const home = shell.variables.get('HOME')
  if (!home || home === '/') return path
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
