import { byteLength } from '../bytes.ts'
import { characterWidth } from '../characterWidth.ts'
import type { FileError } from '../fileError.ts'
import { openInputs, reportFile } from '../inputs.ts'
import { FileStream } from '../openFile.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process, Readable } from '../program.ts'
import { shownName } from '../quoting.ts'

/** Counts lines, words and bytes. */
export const wc = defineProgram({
  name: 'wc',
  summary: 'print newline, word, and byte counts for each file',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'c', long: 'bytes', help: 'print the byte counts' },
    { short: 'm', long: 'chars', help: 'print the character counts' },
    { short: 'l', long: 'lines', help: 'print the newline counts' },
    { short: 'L', long: 'max-line-length', help: 'print the maximum display width' },
    { short: 'w', long: 'words', help: 'print the word counts' },
  ],
  notSimulated: '--files0-from',
  busybox: { usage: '[-cmlwL] [FILE]...', options: 'cmlwL' },
  async run(process, args) {
    const columns = columnsOf(args)
    const width =
      process.flavour === 'busybox' ? busyboxWidth(columns, args.operands) : numberWidth(process, args, columns)
    const total: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, 'max-line-length': 0 }
    let status = 0
    const line = (counts: Counts, name: string) => {
      const numbers = columns.map(column => String(counts[column]).padStart(width)).join(' ')
      return `${numbers}${name === '' ? '' : ` ${name}`}\n`
    }
    const report = async (error: FileError, name: string) => {
      status = await reportFile(process, error, name)
      if (error.code === 'EISDIR' && process.flavour === 'gnu') await process.write(line(emptyCounts, name))
    }
    for await (const { name, stream } of openInputs(process, args.operands, report)) {
      const counts = await count(stream, args.has('words') || args.given.length === 0)
      for (const column of ['lines', 'words', 'chars', 'bytes'] as const) total[column] += counts[column]
      total['max-line-length'] = Math.max(total['max-line-length'], counts['max-line-length'])
      await process.write(line(counts, args.operands.length === 0 ? '' : shownName(name)))
    }
    if (args.operands.length > 1) await process.write(line(total, 'total'))
    return status
  },
})

const columnOrder = ['lines', 'words', 'chars', 'bytes', 'max-line-length'] as const

type Counts = Record<(typeof columnOrder)[number], number>

const emptyCounts: Readonly<Counts> = { lines: 0, words: 0, chars: 0, bytes: 0, 'max-line-length': 0 }

function columnsOf(args: Arguments): readonly (keyof Counts)[] {
  const asked = columnOrder.filter(column => args.has(column))
  return asked.length > 0 ? asked : ['lines', 'words', 'bytes']
}

/** As wide as the size of all files together; seven columns when something's size is not known before. */
function numberWidth(process: Process, { operands }: Arguments, columns: readonly (keyof Counts)[]): number {
  if (operands.length <= 1 && columns.length === 1) return 1
  const stdin = 'descriptor' in process.stdin ? process.stdin.descriptor : undefined
  let least = 1
  let size = 0
  for (const name of operands.length === 0 ? ['-'] : operands) {
    if (name === '-' && stdin instanceof FileStream) size += process.files.find(stdin.path)?.size ?? 0
    else {
      const stat = name === '-' ? undefined : process.files.find(process.path(name))
      if (stat?.kind === 'file') size += stat.size
      else if (name === '-' || stat) least = 7
    }
  }
  return Math.max(least, String(size).length)
}

function busyboxWidth(columns: readonly (keyof Counts)[], operands: readonly string[]): number {
  return columns.length === 1 && operands.length <= 1 ? 1 : 9
}

async function count(stream: Readable, countsWords: boolean): Promise<Counts> {
  const counts: Counts = { ...emptyCounts }
  let isInWord = false
  let column = 0
  for (let piece = await stream.read(); piece !== undefined; piece = await stream.read()) {
    counts.bytes += byteLength(piece)
    for (const character of piece) {
      counts.chars++
      if (character === '\n') {
        counts.lines++
        column = 0
      } else column += character === '\t' ? 8 - (column % 8) : characterWidth(character)
      if (column > counts['max-line-length']) counts['max-line-length'] = column
      const isSpace = character === ' ' || (character >= '\t' && character <= '\r')
      if (!isSpace && !isInWord && countsWords) counts.words++
      isInWord = !isSpace
    }
  }
  return counts
}
