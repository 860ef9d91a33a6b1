import { defineProgram } from '../options.ts'
import { runInstead } from '../runInstead.ts'

// Simplified: all processes are equal; the number is taken and has no effect.
/** Runs a command with another priority. */
export const nice = defineProgram({
  name: 'nice',
  summary: 'run a program with modified scheduling priority',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION] [COMMAND [ARG]...]',
  options: [
    { short: 'n', long: 'adjustment', value: 'N', isNumber: true, help: 'add integer N to the niceness (default 10)' },
  ],
  operandsEndOptions: true,
  usageStatus: 125,
  busybox: { usage: '[-n ADJUST] [PROG ARGS]', options: 'n' },
  async run(process, args) {
    if (args.operands.length > 0) return runInstead(process, args.operands)
    if (args.has('adjustment')) throw args.misuse('a command must be given with an adjustment')
    await process.write('0\n')
    return 0
  },
})
