import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'
import { CommandFailure } from '../failures.ts'
import { keyOf } from '../shellArithmetic.ts'
import { isName } from '../variables.ts'

/** `unset`. */
export const unset: Builtin = {
  name: 'unset',
  usage: '[-f] [-v] [-n] [name ...]',
  summary: 'Unset values and attributes of shell variables and functions.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'fvn')
    if (unknown) return badOption(shell, unset, unknown)
    let status = 0
    for (const name of rest) {
      if (options.has('f')) {
        shell.functions.delete(name)
        continue
      }
      const element = /^(\w+)\[(.*)\]$/.exec(name)
      try {
        if (element) {
          if (element[2] === '@' || element[2] === '*') shell.variables.unset(element[1]!)
          else shell.variables.unsetElement(element[1]!, String(await keyOf(shell, element[1]!, element[2]!)))
        } else if (!isName(name)) {
          if (shell.dialect !== 'bash') return complain(shell, 'unset', `${name}: bad variable name`, 2)
          if (options.has('v')) status = await complain(shell, 'unset', `\`${name}': not a valid identifier`)
          else shell.functions.delete(name)
        } else if (shell.variables.findSelf(name) || options.has('v')) shell.variables.unset(name)
        else shell.functions.delete(name)
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error
        status = await complain(shell, 'unset', error.message)
      }
    }
    return status
  },
}
