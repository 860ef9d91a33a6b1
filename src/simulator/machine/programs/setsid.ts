import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'

/** Runs a command in a session of its own, without a terminal. */
export const setsid = defineProgram({
  name: 'setsid',
  summary: 'run a program in a new session',
  package: 'util-linux 2.38.1',
  usage: '[options] <program> [arguments ...]',
  options: [
    { short: 'c', long: 'ctty', help: 'set the controlling terminal to the current one' },
    { short: 'f', long: 'fork', help: 'always fork' },
    { short: 'w', long: 'wait', help: 'wait program to exit, and use the same return' },
  ],
  operandsEndOptions: true,
  busybox: { usage: '[-c] PROG ARGS', options: 'c' },
  async run(process, args) {
    if (args.operands.length === 0) throw args.misuse('no command specified')
    try {
      const child = process.spawn({
        argv: args.operands,
        group: 'new',
        ...(args.has('ctty') ? {} : { terminal: null }),
      })
      if (args.has('fork') && !args.has('wait')) return 0
      await process.wait<void>(wake => void child.onExit(wake))
      return child.status!
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      return process.fail(`failed to execute ${args.operands[0]}: ${error.text}`, error.code === 'ENOENT' ? 127 : 126)
    }
  },
})
