import { defineProgram } from '../options.ts'

/** Prints the same line without end. */
export const yes = defineProgram({
  name: 'yes',
  summary: 'output a string repeatedly until killed',
  package: 'GNU coreutils 9.1',
  usage: '[STRING]...',
  options: [],
  busybox: { usage: '[STRING]' },
  async run(process, args) {
    const line = `${args.operands.length > 0 ? args.operands.join(' ') : 'y'}\n`
    const piece = line.repeat(Math.ceil(4096 / line.length))
    for (;;) await process.write(piece)
  },
})
