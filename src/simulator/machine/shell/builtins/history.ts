import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'

/** `history`. */
export const historyBuiltin: Builtin = {
  name: 'history',
  usage: '[-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]',
  summary: 'Display or manipulate the history list.',
  async run(shell, args) {
    const { options, rest, unknown, missing } = parseOptions(args, 'cd:anrwps')
    if (unknown) return badOption(shell, historyBuiltin, unknown)
    if (missing) return complain(shell, 'history', `${missing}: option requires an argument`, 2)
    const { history } = shell
    if (options.has('c')) history.clear()
    else if (options.has('d')) {
      if (!history.delete(Number(options.get('d'))))
        return complain(shell, 'history', `${options.get('d')}: history position out of range`)
    } else if (options.has('s')) history.add(rest.join(' '))
    else if (options.has('p')) await shell.process.write(rest.map(text => `${text}\n`).join(''))
    else if (options.size > 0)
      return complain(shell, 'history', `-${[...options.keys()].join('')} is not simulated here`)
    else {
      const count = rest[0] === undefined ? history.lines.length : Number(rest[0])
      if (Number.isNaN(count)) return complain(shell, 'history', `${rest[0]}: numeric argument required`)
      const first = Math.max(0, history.lines.length - count)
      const lines = history.lines.slice(first)
      await shell.process.write(
        lines.map((line, index) => `${String(history.firstNumber + first + index).padStart(5)}  ${line}\n`).join(''),
      )
    }
    return 0
  },
}
