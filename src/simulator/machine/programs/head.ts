import { bytesOf, textOf } from '../bytes.ts'
import type { FileError } from '../fileError.ts'
import { fileComplaint, linesIn, openInputs, readAll, windBack } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { Exit, type Process, type Readable } from '../program.ts'
import { quoted, quotedName } from '../quoting.ts'
import { parseSize } from '../sizes.ts'

/** Prints the beginning of files. */
export const head = defineProgram({
  name: 'head',
  summary: 'output the first part of files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    {
      short: 'c',
      long: 'bytes',
      value: '[-]NUM',
      help: 'print the first NUM bytes of each file; with - all but the last',
    },
    {
      short: 'n',
      long: 'lines',
      value: '[-]NUM',
      isNumber: true,
      help: 'print the first NUM lines instead of the first 10; with - all but the last',
    },
    { short: 'q', long: 'quiet', help: 'never print headers giving file names' },
    { long: 'silent', help: 'same as --quiet' },
    { short: 'v', long: 'verbose', help: 'always print headers giving file names' },
    { short: 'z', long: 'zero-terminated', help: 'line delimiter is NUL, not newline' },
  ],
  busybox: { usage: '[OPTIONS] [FILE]...', options: 'ncqv' },
  async run(process, args) {
    const amount = await amountOf(process, args)
    const order = args.last('quiet', 'silent', 'verbose')
    const hasHeaders = order === 'verbose' || (order === undefined && args.operands.length > 1)
    let status = 0
    let count = 0
    const report = async (error: FileError, name: string) => {
      status = await process.fail(openFailure(process, error, name))
    }
    for await (const { name, isStdin, stream } of openInputs(process, args.operands, report)) {
      if (hasHeaders) await process.write(`${count++ > 0 ? '\n' : ''}==> ${isStdin ? 'standard input' : name} <==\n`)
      await printBeginning(process, stream, amount)
    }
    return status
  },
})

interface Amount {
  readonly unit: 'lines' | 'bytes'
  readonly count: number
  /** True to print all but that much at the end. */
  readonly isFromEnd: boolean
  readonly terminator: string
}

async function amountOf(process: Process, args: Arguments): Promise<Amount> {
  const unit = args.last('lines', 'bytes') ?? 'lines'
  const text = args.get(unit) ?? '10'
  const count = parseSize(text.replace(/^[-+]/, ''))
  if (count === undefined) {
    const words =
      process.flavour === 'busybox' ? `invalid number '${text}'` : `invalid number of ${unit}: ${quoted(process, text)}`
    throw new Exit(await process.fail(words))
  }
  return { unit, count, isFromEnd: text.startsWith('-'), terminator: args.has('zero-terminated') ? '\0' : '\n' }
}

function openFailure(process: Process, error: FileError, name: string): string {
  if (process.flavour === 'busybox') return fileComplaint(process, error, name)
  if (error.code === 'EISDIR') return `error reading ${quotedName(name)}: ${error.text}`
  return `cannot open ${quotedName(name)} for reading: ${error.text}`
}

async function printBeginning(process: Process, stream: Readable, amount: Amount): Promise<void> {
  if (amount.isFromEnd) {
    const text = await readAll(stream)
    if (amount.unit === 'bytes') {
      const bytes = bytesOf(text)
      await process.write(textOf(bytes.subarray(0, Math.max(0, bytes.length - amount.count))))
    } else {
      const lines = linesIn(text, amount.terminator)
      const kept = lines.slice(0, Math.max(0, lines.length - amount.count))
      await process.write(kept.map(line => line + amount.terminator).join(''))
    }
    return
  }
  let left = amount.count
  while (left > 0) {
    const piece = await stream.read()
    if (piece === undefined) return
    const [wanted, rest, used] =
      amount.unit === 'bytes' ? firstBytes(piece, left) : firstLines(piece, left, amount.terminator)
    left -= used
    await process.write(wanted)
    windBack(stream, rest)
  }
}

function firstBytes(text: string, count: number): [wanted: string, rest: string, used: number] {
  const bytes = bytesOf(text)
  if (bytes.length <= count) return [text, '', bytes.length]
  return [textOf(bytes.subarray(0, count)), textOf(bytes.subarray(count)), count]
}

function firstLines(text: string, count: number, terminator: string): [wanted: string, rest: string, used: number] {
  let end = 0
  for (let used = 0; used < count; used++) {
    const next = text.indexOf(terminator, end)
    if (next < 0) return [text, '', used]
    end = next + 1
  }
  return [text.slice(0, end), text.slice(end), count]
}
