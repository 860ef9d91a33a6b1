import { setDescriptor } from '../descriptors.ts'
import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { runInstead } from '../runInstead.ts'
import type { Descriptor } from '../streams.ts'

/** Runs a command that goes on when the terminal is closed. */
export const nohup = defineProgram({
  name: 'nohup',
  summary: 'run a command immune to hangups, with output to a non-tty',
  package: 'GNU coreutils 9.1',
  usage: 'COMMAND [ARG]...',
  options: [],
  operandsEndOptions: true,
  usageStatus: 125,
  busybox: { usage: 'PROG ARGS' },
  async run(process, args) {
    args.demandOperands(1)
    process.ignoreSignal('SIGHUP')
    const { terminal } = process.stdout
    const ignoresInput = process.stdin.terminal !== undefined
    if (ignoresInput) replace(process, 0, process.open('/dev/null', { read: true }))
    if (terminal) {
      try {
        const output = process.open('nohup.out', { write: true, append: true, create: true, mode: 0o600 })
        replace(process, 1, output)
        await process.fail(`${ignoresInput ? 'ignoring input and ' : ''}appending output to 'nohup.out'`)
        if (process.stderr.terminal) setDescriptor(process, 2, output)
      } catch (error) {
        if (error instanceof FileError) return process.fail(`failed to open 'nohup.out': ${error.text}`, 125)
        throw error
      }
    } else if (ignoresInput) await process.fail('ignoring input')
    return runInstead(process, args.operands, { isNamed: true })
  },
})

/** Puts something freshly opened in the place of a descriptor. */
function replace(process: Process, number: number, opened: Descriptor): void {
  setDescriptor(process, number, opened)
  opened.release()
}
