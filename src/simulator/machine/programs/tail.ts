import { bytesOf, textOf } from '../bytes.ts'
import type { FileError } from '../fileError.ts'
import { fileComplaint, openInputs, readAll } from '../inputs.ts'
import { FileStream } from '../openFile.ts'
import { type Arguments, defineProgram } from '../options.ts'
import { Exit, type Process, type Readable } from '../program.ts'
import { quoted, quotedName, shownName } from '../quoting.ts'
import { parseDuration, parseSize } from '../sizes.ts'

/** Prints the end of files, and goes on as they grow. */
export const tail = defineProgram({
  name: 'tail',
  summary: 'output the last part of files',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'c', long: 'bytes', value: '[+]NUM', help: 'output the last NUM bytes; with + from byte NUM on' },
    { short: 'f', long: 'follow', value: '[={name|descriptor}]', help: 'output appended data as the file grows' },
    { short: 'F', help: 'same as --follow=name --retry' },
    {
      short: 'n',
      long: 'lines',
      value: '[+]NUM',
      isNumber: true,
      help: 'output the last NUM lines, instead of the last 10; with + from line NUM on',
    },
    { long: 'pid', value: 'PID', help: 'with -f, terminate after process ID, PID dies' },
    { short: 'q', long: 'quiet', help: 'never output headers giving file names' },
    { long: 'silent', help: 'same as --quiet' },
    { long: 'retry', help: 'keep trying to open a file if it is inaccessible' },
    { short: 's', long: 'sleep-interval', value: 'N', help: 'with -f, sleep for about N seconds between iterations' },
    { short: 'v', long: 'verbose', help: 'always output headers giving file names' },
    { short: 'z', long: 'zero-terminated', help: 'line delimiter is NUL, not newline' },
  ],
  notSimulated: '--max-unchanged-stats',
  busybox: { usage: '[OPTIONS] [FILE]...', options: 'cfFnqsv' },
  async run(process, args) {
    const amount = await amountOf(process, args)
    // `tail +2 FILE` is how it was written long ago; it still works.
    const old = /^\+(\d+)$/.exec(args.operands[0] ?? '')
    const isOld = old !== null && args.given.length === 0 && args.operands.length <= 2
    const operands = isOld ? args.operands.slice(1) : args.operands
    const order = args.last('quiet', 'silent', 'verbose')
    const hasHeaders = order === 'verbose' || (order === undefined && operands.length > 1)
    const printer = new TailPrinter(process, hasHeaders)
    const follows = args.has('follow') || args.has('F')
    const waitsForFile = args.has('F') || args.has('retry')
    const followed: Followed[] = []
    const byName = args.has('F') || args.get('follow') === 'name'
    const report = async (error: FileError, name: string) => {
      await printer.fail(openFailure(process, error, name))
      if (follows && waitsForFile) followed.push({ name, stream: undefined, size: 0, byName })
    }
    const shown = isOld ? { ...amount, count: Number(old[1]), isFromStart: true } : amount
    for await (const { name, isStdin, stream } of openInputs(process, operands, report)) {
      await printer.header(isStdin ? 'standard input' : name)
      await printEnd(process, stream, shown)
      const descriptor = 'descriptor' in stream ? stream.descriptor : undefined
      if (descriptor instanceof FileStream) {
        followed.push({ name, stream: descriptor, size: sizeOf(process, name), byName: byName && !isStdin })
      } else if (!isStdin) followed.push({ name, stream: undefined, size: -1, byName: false })
    }
    if (follows && followed.length > 0) await follow(process, printer, followed, args)
    else if (follows && printer.status > 0) return process.fail('no files remaining')
    return printer.status
  },
})

interface Amount {
  readonly unit: 'lines' | 'bytes'
  readonly count: number
  /** True to count from the beginning: `-n +2`. */
  readonly isFromStart: boolean
  readonly terminator: string
}

async function amountOf(process: Process, args: Arguments): Promise<Amount> {
  const unit = args.last('lines', 'bytes') ?? 'lines'
  const text = args.get(unit) ?? '10'
  const count = parseSize(text.replace(/^[-+]/, ''))
  if (count === undefined) {
    const isBusybox = process.flavour === 'busybox'
    const words = isBusybox ? `invalid number '${text}'` : `invalid number of ${unit}: ${quoted(process, text)}`
    throw new Exit(await process.fail(words))
  }
  return { unit, count, isFromStart: text.startsWith('+'), terminator: args.has('zero-terminated') ? '\0' : '\n' }
}

function openFailure(process: Process, error: FileError, name: string): string {
  if (process.flavour === 'busybox') return fileComplaint(process, error, name)
  if (error.code === 'EISDIR') return `error reading ${quotedName(name)}: ${error.text}`
  return `cannot open ${quotedName(name)} for reading: ${error.text}`
}

/** Prints, with a header whenever the file changes. */
class TailPrinter {
  status = 0
  readonly #process: Process
  readonly #hasHeaders: boolean
  #current: string | undefined

  constructor(process: Process, hasHeaders: boolean) {
    this.#process = process
    this.#hasHeaders = hasHeaders
  }

  async header(name: string): Promise<void> {
    if (!this.#hasHeaders || this.#current === name) return
    await this.#process.write(`${this.#current === undefined ? '' : '\n'}==> ${name} <==\n`)
    this.#current = name
  }

  async fail(message: string): Promise<void> {
    this.status = await this.#process.fail(message)
  }
}

async function printEnd(process: Process, stream: Readable, amount: Amount): Promise<void> {
  const { unit, count, isFromStart, terminator } = amount
  if (isFromStart) {
    await (unit === 'bytes' ? skipBytes(process, stream, count - 1) : skipLines(process, stream, count - 1, terminator))
    return
  }
  const text = await readAll(stream)
  if (count === 0) return
  if (unit === 'bytes') await process.write(textOf(bytesOf(text).slice(-count)))
  else await process.write(text.slice(startOfLastLines(text, count, terminator)))
}

function startOfLastLines(text: string, count: number, terminator: string): number {
  let at = text.endsWith(terminator) ? text.length - 1 : text.length
  for (let left = count; left > 0; left--) {
    at = text.lastIndexOf(terminator, at - 1)
    if (at < 0) return 0
    if (left > 1 && at === 0) return 0
  }
  return at + 1
}

async function skipLines(process: Process, stream: Readable, count: number, terminator: string): Promise<void> {
  let left = count
  for (let piece = await stream.read(); piece !== undefined; piece = await stream.read()) {
    let start = 0
    while (left > 0) {
      const end = piece.indexOf(terminator, start)
      if (end < 0) break
      start = end + 1
      left--
    }
    if (left <= 0) await process.write(piece.slice(start))
  }
}

async function skipBytes(process: Process, stream: Readable, count: number): Promise<void> {
  let left = count
  for (let piece = await stream.read(); piece !== undefined; piece = await stream.read()) {
    const bytes = bytesOf(piece)
    if (left < bytes.length) await process.write(left > 0 ? textOf(bytes.subarray(left)) : piece)
    left = Math.max(0, left - bytes.length)
  }
}

/** A file that `-f` watches; without a stream it is missing or cannot grow. */
interface Followed {
  readonly name: string
  stream: FileStream | undefined
  size: number
  readonly byName: boolean
}

async function follow(
  process: Process,
  printer: TailPrinter,
  files: readonly Followed[],
  args: Arguments,
): Promise<void> {
  const interval = parseDuration(args.get('sleep-interval') ?? '1') ?? 1000
  const pid = args.get('pid')
  for (;;) {
    for (const file of files) await printGrowth(process, printer, file)
    if (pid !== undefined && !process.machine.processes.has(Number(pid))) return
    await nextChange(process, files, pid === undefined ? undefined : interval)
  }
}

/** Waits until one of the files changes, or a while where that cannot be told. */
async function nextChange(process: Process, files: readonly Followed[], interval: number | undefined): Promise<void> {
  const missing = files.some(file => file.stream === undefined && file.size >= 0)
  const stops: (() => void)[] = []
  const watch = (wake: (value: true) => void) => {
    for (const file of files) {
      if (file.stream === undefined) continue
      stops.push(process.files.onChange(process.path(file.name), () => wake(true)))
    }
  }
  try {
    if (interval !== undefined || missing) await process.waitFor<true>(interval ?? 1000, watch)
    else await process.wait<true>(watch)
  } finally {
    for (const stop of stops) stop()
  }
}

async function printGrowth(process: Process, printer: TailPrinter, file: Followed): Promise<void> {
  const { name } = file
  if (file.size < 0) return
  const exists = process.files.exists(process.path(name))
  if (file.byName && file.stream && !exists) {
    file.stream = undefined
    await printer.fail(`${quotedName(name)} has become inaccessible: No such file or directory`)
    return
  }
  if (!file.stream) {
    if (!exists) return
    await printer.fail(`${quotedName(name)} has appeared;  following new file`)
    file.stream = opened(process, name)
    file.size = 0
  }
  const size = sizeOf(process, name)
  if (size < file.size) {
    await process.fail(`${shownName(name)}: file truncated`)
    file.stream?.rewind()
  }
  file.size = size
  for (let piece = file.stream?.take(); piece !== undefined; piece = file.stream?.take()) {
    await printer.header(name)
    await process.write(piece)
  }
}

function opened(process: Process, name: string): FileStream | undefined {
  const stream = process.open(name, { read: true })
  return stream instanceof FileStream ? stream : undefined
}

function sizeOf(process: Process, name: string): number {
  return name === '-' ? 0 : (process.files.find(process.path(name))?.size ?? 0)
}
