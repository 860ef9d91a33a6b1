import { defineProgram } from '../options.ts'

/** Prints the last part of a path. */
export const basename = defineProgram({
  name: 'basename',
  summary: 'strip directory and suffix from filenames',
  package: 'GNU coreutils 9.1',
  usage: 'NAME [SUFFIX]',
  options: [
    { short: 'a', long: 'multiple', help: 'support multiple arguments and treat each as a NAME' },
    { short: 's', long: 'suffix', value: 'SUFFIX', help: 'remove a trailing SUFFIX; implies -a' },
    { short: 'z', long: 'zero', help: 'end each output line with NUL, not newline' },
  ],
  operandsEndOptions: true,
  busybox: { usage: 'FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...', options: 'as' },
  async run(process, args) {
    const isMultiple = args.has('multiple') || args.has('suffix')
    args.demandOperands(1, isMultiple ? Number.POSITIVE_INFINITY : 2)
    const suffix = args.get('suffix') ?? (isMultiple ? '' : (args.operands[1] ?? ''))
    const names = isMultiple ? args.operands : args.operands.slice(0, 1)
    const end = args.has('zero') ? '\0' : '\n'
    await process.write(names.map(name => withoutSuffix(lastPart(name), suffix) + end).join(''))
    return 0
  },
})

function lastPart(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  if (trimmed === '') return path === '' ? '' : '/'
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

function withoutSuffix(name: string, suffix: string): string {
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}
