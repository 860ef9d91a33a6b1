import { formatDate, zoneOf } from '../../dateFormat.ts'
import { formatPrintf } from '../../printf.ts'
import { type Builtin, badOption, complain } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'

/** `printf`. */
export const printf: Builtin = {
  name: 'printf',
  usage: '[-v var] format [arguments]',
  summary: 'Formats and prints ARGUMENTS under control of the FORMAT.',
  async run(shell, args) {
    let rest = args
    let name: string | undefined
    if (rest[0] === '-v' && shell.dialect === 'bash') {
      name = rest[1]
      rest = rest.slice(2)
    } else if (rest[0]?.startsWith('-') && rest[0].length > 1 && rest[0] !== '--') {
      return badOption(shell, printf, rest[0].slice(0, 2))
    }
    if (rest[0] === '--') rest = rest.slice(1)
    const [format, ...values] = rest
    if (format === undefined) {
      await shell.process.stderr.write('printf: usage: printf [-v var] format [arguments]\n')
      return 2
    }
    const { process } = shell
    const { text, errors } = formatPrintf(format, values, {
      dialect: shell.dialect,
      formatTime: (style, seconds) =>
        formatDate(style || '%X', momentOf(shell, seconds), zoneOf(shell.variables.get('TZ'))),
    })
    if (name !== undefined) {
      const element = /^(\w+)\[(.*)\]$/.exec(name)
      if (element) await shell.assignElement(element[1]!, element[2]!, text)
      else shell.assign(name, text)
    } else await process.write(text)
    for (const problem of errors) await complain(shell, 'printf', problem)
    return errors.some(problem => !problem.startsWith('warning: ')) ? 1 : 0
  },
}

/** -1 stands for now, -2 for when the shell began. */
function momentOf(shell: Interpreter, seconds: number | undefined): number {
  if (seconds === undefined || seconds === -1) return shell.process.machine.now()
  return seconds === -2 ? shell.process.machine.epoch + shell.startedAt : seconds * 1000
}
