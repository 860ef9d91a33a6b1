import type { FileError } from '../fileError.ts'
import { fileComplaint, openInputs, readAll } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { quotedName, shownName } from '../quoting.ts'
import { compilePattern, escapeText } from '../regularExpression.ts'

/** Prints files with the last line first. */
export const tac = defineProgram({
  name: 'tac',
  summary: 'concatenate and print files in reverse',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'b', long: 'before', help: 'attach the separator before instead of after' },
    { short: 'r', long: 'regex', help: 'interpret the separator as a regular expression' },
    { short: 's', long: 'separator', value: 'STRING', help: 'use STRING as the separator instead of newline' },
  ],
  busybox: { usage: '[FILE]...', options: '' },
  async run(process, args) {
    let status = 0
    const separator = args.get('separator') ?? '\n'
    const pattern = args.has('regex')
      ? compilePattern(separator, { syntax: 'basic' })
      : new RegExp(escapeText(separator), 'gsu')
    const report = async (error: FileError, name: string) => {
      const isBusybox = process.flavour === 'busybox'
      const words = error.code === 'EISDIR' ? `${shownName(name)}: read error: Invalid argument` : undefined
      status = await process.fail(
        words ??
          (isBusybox
            ? fileComplaint(process, error, name)
            : `failed to open ${quotedName(name)} for reading: ${error.text}`),
      )
    }
    for await (const { stream } of openInputs(process, args.operands, report)) {
      const text = await readAll(stream)
      const records: string[] = []
      let start = 0
      for (const match of text.matchAll(pattern)) {
        const end = args.has('before') ? match.index : match.index + match[0].length
        records.push(text.slice(start, end))
        start = end
      }
      if (start < text.length) records.push(text.slice(start))
      await process.write(records.reverse().join(''))
    }
    return status
  },
})
