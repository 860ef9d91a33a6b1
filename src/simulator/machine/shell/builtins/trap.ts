import { findSignal, signals } from '../../signals.ts'
import { type Builtin, complain, parseOptions } from '../builtin.ts'
import { shellQuoted } from '../quote.ts'

/** `trap`. */
export const trap: Builtin = {
  name: 'trap',
  usage: '[-lp] [[arg] signal_spec ...]',
  summary: 'Trap signals and other events.',
  async run(shell, args) {
    const { options, rest } = parseOptions(
      /^-[lp]/.test(args[0] ?? '') ? args : args[0] === '--' ? args : ['--', ...args],
      'lp',
    )
    if (options.has('l')) {
      await shell.process.write(signalTable())
      return 0
    }
    const nameOf = (text: string) => {
      if (text === '0' || /^(SIG)?EXIT$/i.test(text)) return 'EXIT'
      if (/^(ERR|DEBUG|RETURN)$/i.test(text) && shell.dialect === 'bash') return text.toUpperCase()
      return findSignal(text)?.name
    }
    if (rest.length === 0 || options.has('p')) {
      const wanted = rest.map(nameOf)
      const shown = shell.traps.all.filter(([name]) => wanted.length === 0 || wanted.includes(name))
      const short = (name: string) => (shell.dialect === 'bash' ? name : name.replace(/^SIG/, ''))
      await shell.process.write(
        shown.map(([name, action]) => `trap -- ${shellQuoted(action)} ${short(name)}\n`).join(''),
      )
      return 0
    }
    const isReset = rest[0] === '-' || (rest.length === 1 && nameOf(rest[0]!) !== undefined) || /^\d+$/.test(rest[0]!)
    const action = isReset ? undefined : rest[0]
    let status = 0
    for (const text of isReset && rest[0] !== '-' ? rest : rest.slice(1)) {
      const name = nameOf(text)
      if (name === undefined) {
        status = 1
        if (shell.dialect === 'dash') await shell.process.stderr.write(`trap: ${text}: bad trap\n`)
        else await complain(shell, 'trap', `${text}: invalid signal specification`)
      } else shell.traps.set(name, action)
    }
    return status
  },
}

/** The table of `kill -l` and `trap -l`: five in a row. Real-time signals are numbered from 34 (signal(7)). */
export function signalTable(): string {
  const names = new Map<number, string>(signals.map(signal => [signal.number, signal.name]))
  names.set(34, 'SIGRTMIN')
  for (let i = 1; i <= 15; i++) names.set(34 + i, `SIGRTMIN+${i}`)
  for (let i = 14; i >= 1; i--) names.set(64 - i, `SIGRTMAX-${i}`)
  names.set(64, 'SIGRTMAX')
  const cells = [...names].map(([number, name]) => `${String(number).padStart(2)}) ${name}`)
  return cells.map((cell, index) => cell + (index % 5 === 4 || index === cells.length - 1 ? '\n' : '\t')).join('')
}
