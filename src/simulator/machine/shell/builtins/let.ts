import { type Builtin, complain } from '../builtin.ts'
import { CommandFailure } from '../failures.ts'

/** `let`. */
export const letBuiltin: Builtin = {
  name: 'let',
  usage: 'arg [arg ...]',
  summary: 'Evaluate arithmetic expressions.',
  async run(shell, args) {
    if (args.length === 0) return complain(shell, 'let', 'expression expected')
    let value = 0n
    try {
      for (const arg of args) value = await shell.calculate(arg)
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.isFatal) throw error
      return complain(shell, 'let', error.message)
    }
    return value === 0n ? 1 : 0
  },
}
