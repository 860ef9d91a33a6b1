import { defineProgram } from '../options.ts'

/** Prints the kind of processor. */
export const arch = defineProgram({
  name: 'arch',
  summary: 'print machine hardware name',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]...',
  options: [],
  busybox: { usage: '' },
  async run(process) {
    await process.write('x86_64\n')
    return 0
  },
})
