import { defineProgram } from '../options.ts'

/** Prints environment variables. */
export const printenv = defineProgram({
  name: 'printenv',
  summary: 'print all or part of environment',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [VARIABLE]...',
  options: [{ short: '0', long: 'null', help: 'end each output line with NUL, not newline' }],
  operandsEndOptions: true,
  usageStatus: 2,
  busybox: { usage: '[VARIABLE]...', options: '' },
  async run(process, args) {
    const end = args.has('null') ? '\0' : '\n'
    if (args.operands.length === 0) {
      await process.write([...process.env].map(([name, value]) => `${name}=${value}${end}`).join(''))
      return 0
    }
    const values = args.operands.map(name => process.env.get(name))
    await process.write(values.map(value => (value === undefined ? '' : value + end)).join(''))
    return values.includes(undefined) ? 1 : 0
  },
})
