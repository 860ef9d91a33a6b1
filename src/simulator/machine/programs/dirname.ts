import { defineProgram } from '../options.ts'

/** Prints all but the last part of a path. */
export const dirname = defineProgram({
  name: 'dirname',
  summary: 'strip last component from file name',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION] NAME...',
  options: [{ short: 'z', long: 'zero', help: 'end each output line with NUL, not newline' }],
  busybox: { usage: 'FILENAME', options: '' },
  async run(process, args) {
    args.demandOperands(1)
    const end = args.has('zero') ? '\0' : '\n'
    await process.write(args.operands.map(name => parentOf(name) + end).join(''))
    return 0
  },
})

function parentOf(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  if (trimmed === '') return path.startsWith('/') ? '/' : '.'
  const slash = trimmed.lastIndexOf('/')
  return slash < 0 ? '.' : trimmed.slice(0, slash).replace(/\/+$/, '') || '/'
}
