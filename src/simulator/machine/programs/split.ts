import { bytesOf, textOf } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { readInput } from '../inputs.ts'
import { defineProgram } from '../options.ts'
import { quoted, quotedName } from '../quoting.ts'
import { parseSize } from '../sizes.ts'

/** Cuts a file into pieces. */
export const split = defineProgram({
  name: 'split',
  summary: 'split a file into pieces',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE [PREFIX]]',
  options: [
    { short: 'a', long: 'suffix-length', value: 'N', help: 'generate suffixes of length N (default 2)' },
    { long: 'additional-suffix', value: 'SUFFIX', help: 'append an additional SUFFIX to file names' },
    { short: 'b', long: 'bytes', value: 'SIZE', help: 'put SIZE bytes per output file' },
    { short: 'd', help: 'use numeric suffixes starting at 0, not alphabetic' },
    { short: 'l', long: 'lines', value: 'NUMBER', isNumber: true, help: 'put NUMBER lines/records per output file' },
  ],
  notSimulated:
    '-C --line-bytes -e --elide-empty-files --filter --numeric-suffixes -x --hex-suffixes -n --number -t --separator -u --unbuffered --verbose',
  busybox: { usage: '[OPTIONS] [INPUT [PREFIX]]', options: 'abl' },
  async run(process, args) {
    const [name = '-', prefix = 'x'] = args.operands
    let text: string
    try {
      text = await readInput(process, name)
    } catch (error) {
      if (error instanceof FileError) return process.fail(`cannot open ${quotedName(name)} for reading: ${error.text}`)
      throw error
    }
    const unit = args.has('bytes') ? 'bytes' : 'lines'
    const size = parseSize(args.get(unit) ?? '1000')
    if (!size) return process.fail(`invalid number of ${unit}: ${quoted(process, args.get(unit)!)}`)
    const pieces = unit === 'bytes' ? byBytes(text, size) : byLines(text, size)
    const length = Number(args.get('suffix-length') ?? 2)
    for (const [index, piece] of pieces.entries()) {
      const suffix = suffixOf(index, length, args.has('d'))
      if (suffix === undefined) return process.fail('output file suffixes exhausted')
      const output = process.openWrite(`${prefix}${suffix}${args.get('additional-suffix') ?? ''}`)
      await output.write(piece)
      output.close()
    }
    return 0
  },
})

function byBytes(text: string, size: number): string[] {
  const bytes = bytesOf(text)
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(textOf(bytes.subarray(at, at + size)))
  return pieces
}

function byLines(text: string, size: number): string[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const pieces: string[] = []
  for (let at = 0; at < lines.length; at += size) pieces.push(lines.slice(at, at + size).join(''))
  return pieces
}

function suffixOf(index: number, length: number, isNumeric: boolean): string | undefined {
  const letters = isNumeric ? '0123456789' : 'abcdefghijklmnopqrstuvwxyz'
  if (index >= letters.length ** length) return undefined
  let suffix = ''
  for (let rest = index, left = length; left > 0; left--, rest = Math.floor(rest / letters.length)) {
    suffix = letters[rest % letters.length]! + suffix
  }
  return suffix
}
