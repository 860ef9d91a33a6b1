import { type Builtin, badOption, complain } from '../builtin.ts'
import { formatPrintf } from '../printfFormat.ts'

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
    const times = { now: process.machine.now(), startedAt: process.machine.epoch + shell.startedAt }
    const result = formatPrintf(format, values, times, shell.dialect === 'dash' ? 'expected numeric value' : undefined)
    if (name !== undefined) {
      const element = /^(\w+)\[(.*)\]$/.exec(name)
      if (element) await shell.assignElement(element[1]!, element[2]!, result.text)
      else shell.assign(name, result.text)
    } else await process.write(result.text)
    for (const problem of result.problems) await complain(shell, 'printf', problem)
    return result.problems.length > 0 ? 1 : 0
  },
}
