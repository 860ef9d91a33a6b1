import { parseOptions } from '../options.ts'
import { formatPrintf } from '../printf.ts'
import type { Program } from '../program.ts'
import { quoted } from '../quoting.ts'

/** Formats its arguments. */
export const printf: Program = {
  name: 'printf',
  summary: 'format and print data',
  package: 'GNU coreutils 9.1',
  usage: 'FORMAT [ARGUMENT]...',
  async run(process) {
    let words = process.argv.slice(1)
    if (words[0] === '--') words = words.slice(1)
    const [format, ...values] = words
    if (format === undefined || (words.length === 1 && format.startsWith('--'))) {
      const args = await parseOptions(process, printf, words.slice(0, 1))
      args.demandOperands(1)
    }
    const { text, errors } = formatPrintf(format ?? '', values, {
      dialect: process.flavour === 'busybox' ? 'ash' : 'gnu',
      quote: word => quoted(process, word),
    })
    await process.write(text)
    for (const error of errors) await process.fail(error)
    return errors.some(error => !error.startsWith('warning: ')) ? 1 : 0
  },
}
