import type { FileError } from '../fileError.ts'
import { lineBatches, openInputs, reportFile } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { quoted } from '../quoting.ts'
import { compilePattern } from '../regularExpression.ts'

// Simplified: the marks \:\:\: that divide a text into pages are printed like any other line.
/** Numbers lines. */
export const nl = defineProgram({
  name: 'nl',
  summary: 'number lines of files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    {
      short: 'b',
      long: 'body-numbering',
      value: 'STYLE',
      help: 'use STYLE for numbering: a all, t nonempty, n none, pBRE matching',
    },
    { short: 'i', long: 'line-increment', value: 'NUMBER', help: 'line number increment at each line' },
    { short: 'n', long: 'number-format', value: 'FORMAT', help: 'insert line numbers according to FORMAT: ln, rn, rz' },
    { short: 's', long: 'number-separator', value: 'STRING', help: 'add STRING after (possible) line number' },
    { short: 'v', long: 'starting-line-number', value: 'NUMBER', help: 'first line number for each section' },
    { short: 'w', long: 'number-width', value: 'NUMBER', help: 'use NUMBER columns for line numbers' },
  ],
  notSimulated:
    '-d --section-delimiter -f --footer-numbering -h --header-numbering -l --join-blank-lines -p --no-renumber',
  busybox: { usage: '[OPTIONS] [FILE]...', options: 'bisvwn' },
  async run(process, args) {
    const style = args.get('body-numbering') ?? 't'
    if (!/^([atn]|p.*)$/s.test(style)) throw args.misuse(`invalid body numbering style: ${quoted(process, style)}`)
    const format = args.get('number-format') ?? 'rn'
    if (!['ln', 'rn', 'rz'].includes(format))
      throw args.misuse(`invalid line numbering format: ${quoted(process, format)}`)
    const pattern = style.startsWith('p') ? compilePattern(style.slice(1), { syntax: 'basic' }) : undefined
    const width = Number(args.get('number-width') ?? 6)
    const separator = args.get('number-separator') ?? '\t'
    const step = Number(args.get('line-increment') ?? 1)
    let number = Number(args.get('starting-line-number') ?? 1)
    const isNumbered = (line: string) => {
      if (pattern) {
        pattern.lastIndex = 0
        return pattern.test(line)
      }
      return style === 'a' || (style === 't' && line !== '')
    }
    const numbered = (line: string) => {
      if (!isNumbered(line)) return `${' '.repeat(width + separator.length)}${line}\n`
      const text = String(number)
      number += step
      const field = format === 'ln' ? text.padEnd(width) : text.padStart(width, format === 'rz' ? '0' : ' ')
      return `${field}${separator}${line}\n`
    }
    let status = 0
    const report = async (error: FileError, name: string) => {
      status = await reportFile(process, error, name)
    }
    for await (const { stream } of openInputs(process, args.operands, report)) {
      for await (const { lines } of lineBatches(stream)) await process.write(lines.map(numbered).join(''))
    }
    return status
  },
})
