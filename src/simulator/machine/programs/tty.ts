import { defineProgram } from '../options.ts'
import { terminalName } from '../sessions.ts'

/** Prints the name of the terminal. */
export const tty = defineProgram({
  name: 'tty',
  summary: 'print the file name of the terminal connected to standard input',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]...',
  options: [
    { short: 's', long: 'silent', help: 'print nothing, only return an exit status' },
    { long: 'quiet', help: 'same as --silent' },
  ],
  usageStatus: 2,
  busybox: { usage: '[-s]', options: 's' },
  async run(process, args) {
    const { terminal } = process.stdin
    if (!args.has('silent') && !args.has('quiet')) {
      await process.write(terminal ? `/dev/${terminalName(process.machine, terminal)}\n` : 'not a tty\n')
    }
    return terminal ? 0 : 1
  },
})
