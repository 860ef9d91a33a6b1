import { bytesOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { readInput } from '../inputs.ts'
import { defineProgram } from '../options.ts'

/** Prints what can be read in files that are not text. */
export const strings = defineProgram({
  name: 'strings',
  summary: 'print the sequences of printable characters in files',
  package: 'GNU Binutils 2.40',
  usage: '[option(s)] [file(s)]',
  options: [
    { short: 'a', long: 'all', help: 'scan the entire file, not just the data section [default]' },
    { short: 'f', long: 'print-file-name', help: 'print the name of the file before each string' },
    {
      short: 'n',
      long: 'bytes',
      value: 'NUMBER',
      isNumber: true,
      help: 'print any sequence of at least NUMBER characters',
    },
    {
      short: 't',
      long: 'radix',
      value: 'RADIX',
      help: 'print the location of the string in base 8, 10 or 16 (o, d, x)',
    },
  ],
  busybox: { usage: '[-fo] [-t o|d|x] [-n LEN] [FILE]...', options: 'aftn' },
  async run(process, args) {
    const least = Number(args.get('bytes') ?? 4)
    const base = { o: 8, d: 10, x: 16 }[args.get('radix') ?? '']
    let status = 0
    for (const name of args.operands.length > 0 ? args.operands : ['-']) {
      try {
        const text = Array.from(bytesOf(await readInput(process, name)), byte => String.fromCharCode(byte)).join('')
        let output = ''
        for (const match of text.matchAll(/[\t\x20-\x7e]+/g)) {
          if (match[0].length < least) continue
          const file = args.has('print-file-name') ? `${name}: ` : ''
          const place = base === undefined ? '' : `${match.index.toString(base).padStart(7)} `
          output += `${file}${place}${match[0]}\n`
        }
        await process.write(output)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        status = await process.fail(
          error.code === 'ENOENT' ? `'${name}': No such file` : `Warning: '${name}' is a directory`,
        )
      }
    }
    return status
  },
})
