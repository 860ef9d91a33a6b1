import { FileError } from '../fileError.ts'
import { defineProgram } from '../options.ts'
import type { Writable } from '../program.ts'
import { shownName } from '../quoting.ts'

/** Copies its input to files and to its output. */
export const tee = defineProgram({
  name: 'tee',
  summary: 'read from standard input and write to standard output and files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'a', long: 'append', help: 'append to the given FILEs, do not overwrite' },
    { short: 'i', long: 'ignore-interrupts', help: 'ignore interrupt signals' },
    { short: 'p', help: 'operate in a more appropriate MODE with pipes' },
  ],
  notSimulated: '--output-error',
  busybox: { usage: '[-ai] [FILE]...', options: 'ai' },
  async run(process, args) {
    let status = 0
    if (args.has('ignore-interrupts')) process.ignoreSignal('SIGINT')
    const outputs: Writable[] = []
    for (const name of args.operands) {
      try {
        outputs.push(process.openWrite(name, { append: args.has('append') }))
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        status = await process.fail(`${shownName(name)}: ${error.text}`)
      }
    }
    for (let piece = await process.stdin.read(); piece !== undefined; piece = await process.stdin.read()) {
      await process.write(piece)
      for (const output of outputs) await output.write(piece)
    }
    for (const output of outputs) output.close()
    return status
  },
})
