import { defineProgram } from '../options.ts'

/** Prints the working directory. */
export const pwd = defineProgram({
  name: 'pwd',
  summary: 'print name of current/working directory',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]...',
  options: [
    { short: 'L', long: 'logical', help: 'use PWD from environment, even if it contains symlinks' },
    { short: 'P', long: 'physical', help: 'avoid all symlinks' },
  ],
  busybox: { options: 'LP' },
  async run(process, args) {
    const logical = process.env.get('PWD')
    const isLogical = args.last('logical', 'physical') === 'logical' && logical?.startsWith('/')
    await process.write(`${isLogical ? logical : process.files.realPath(process.cwd)}\n`)
    return 0
  },
})
