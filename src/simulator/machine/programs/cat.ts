import { bytesOf } from '../bytes.ts'
import type { FileError } from '../fileError.ts'
import { type NamedInput, openInputs, reportFile } from '../inputs.ts'
import { FileStream } from '../openFile.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process } from '../program.ts'
import { shownName } from '../quoting.ts'

/** Prints files one after another. */
export const cat = defineProgram({
  name: 'cat',
  summary: 'concatenate files and print on the standard output',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]... [FILE]...',
  options: [
    { short: 'A', long: 'show-all', help: 'equivalent to -vET' },
    { short: 'b', long: 'number-nonblank', help: 'number nonempty output lines, overrides -n' },
    { short: 'e', help: 'equivalent to -vE' },
    { short: 'E', long: 'show-ends', help: 'display $ at end of each line' },
    { short: 'n', long: 'number', help: 'number all output lines' },
    { short: 's', long: 'squeeze-blank', help: 'suppress repeated empty output lines' },
    { short: 't', help: 'equivalent to -vT' },
    { short: 'T', long: 'show-tabs', help: 'display TAB characters as ^I' },
    { short: 'u', help: '(ignored)' },
    { short: 'v', long: 'show-nonprinting', help: 'use ^ and M- notation, except for LFD and TAB' },
  ],
  busybox: { usage: '[-nbvteA] [FILE]...', options: 'nbvteAu' },
  async run(process, args) {
    let status = 0
    const decorator = needsDecoration(args) ? new Decorator(args) : undefined
    const report = async (error: FileError, name: string) => {
      status = await reportFile(process, error, name)
    }
    for await (const input of openInputs(process, args.operands, report)) {
      if (readsItsOutput(process, input)) {
        status = await process.fail(`${shownName(input.name)}: input file is output file`)
        continue
      }
      for (let piece = await input.stream.read(); piece !== undefined; piece = await input.stream.read()) {
        await process.write(decorator ? decorator.decorate(piece) : piece)
      }
    }
    return status
  },
})

function needsDecoration(args: Arguments): boolean {
  return args.given.some(each => each.name !== 'u')
}

/** Appending a file to itself would never end. */
function readsItsOutput({ stdout }: Process, { stream }: NamedInput): boolean {
  const output = 'descriptor' in stdout ? stdout.descriptor : undefined
  const input = 'descriptor' in stream ? stream.descriptor : undefined
  return output instanceof FileStream && input instanceof FileStream && input.path === output.path
}

/** Numbers lines and makes invisible characters visible, over all files as if they were one. */
class Decorator {
  readonly #numbersAll: boolean
  readonly #numbersFilled: boolean
  readonly #squeezes: boolean
  readonly #showsEnds: boolean
  readonly #showsTabs: boolean
  readonly #showsControls: boolean
  #number = 0
  #isAtLineStart = true
  #emptyLines = 0

  constructor(args: Arguments) {
    const all = args.has('show-all')
    this.#numbersFilled = args.has('number-nonblank')
    this.#numbersAll = args.has('number') && !this.#numbersFilled
    this.#squeezes = args.has('squeeze-blank')
    this.#showsEnds = all || args.has('e') || args.has('show-ends')
    this.#showsTabs = all || args.has('t') || args.has('show-tabs')
    this.#showsControls = all || args.has('e') || args.has('t') || args.has('show-nonprinting')
  }

  decorate(piece: string): string {
    let result = ''
    for (const line of piece.match(/[^\n]*\n|[^\n]+$/g) ?? []) result += this.#line(line)
    return result
  }

  #line(line: string): string {
    const ends = line.endsWith('\n')
    const text = ends ? line.slice(0, -1) : line
    const isEmpty = this.#isAtLineStart && text === ''
    this.#emptyLines = isEmpty ? this.#emptyLines + 1 : 0
    if (this.#squeezes && this.#emptyLines > 1) return ''
    let front = ''
    if (this.#isAtLineStart && (this.#numbersAll || (this.#numbersFilled && !isEmpty))) {
      front = `${String(++this.#number).padStart(6)}\t`
    }
    this.#isAtLineStart = ends
    return front + this.#visible(text) + (ends ? `${this.#showsEnds ? '$' : ''}\n` : '')
  }

  #visible(text: string): string {
    let result = text
    if (this.#showsControls) result = Array.from(bytesOf(text), byteNotation).join('')
    else if (this.#showsEnds) result = result.replace(/\r$/, '^M')
    return this.#showsTabs ? result.replaceAll('\t', '^I') : result
  }
}

/** `^A`, `M-b`, `^?`: a byte as terminals without 8 bits show it. */
function byteNotation(byte: number): string {
  if (byte >= 128) return `M-${byte === 128 + 9 ? '^I' : byteNotation(byte - 128)}`
  if (byte === 9) return '\t'
  if (byte < 32) return `^${String.fromCharCode(byte + 64)}`
  return byte === 127 ? '^?' : String.fromCharCode(byte)
}
