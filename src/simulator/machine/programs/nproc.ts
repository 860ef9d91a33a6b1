import { defineProgram } from '../options.ts'

// Simplified: every machine has two processors.
const processors = 2

/** Prints how many processors there are. */
export const nproc = defineProgram({
  name: 'nproc',
  summary: 'print the number of processing units available',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]...',
  options: [
    { long: 'all', help: 'print the number of installed processors' },
    { long: 'ignore', value: 'N', help: 'if possible, exclude N processing units' },
  ],
  busybox: { usage: '[--all] [--ignore=N]', options: '_ all ignore' },
  async run(process, args) {
    args.demandOperands(0, 0)
    await process.write(`${Math.max(1, processors - Number(args.get('ignore') ?? 0))}\n`)
    return 0
  },
})
