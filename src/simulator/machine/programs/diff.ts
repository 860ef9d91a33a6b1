import { formatDate, zoneOf } from '../dateFormat.ts'
import { FileError } from '../fileError.ts'
import { readInput } from '../inputs.ts'
import { type Change, diffLines } from '../lineDiff.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { joinPath, lastName } from '../path.ts'
import { Exit, type Process } from '../program.ts'
import { shownName } from '../quoting.ts'
import { type DiffText, diffText, groupChanges, groupRange, markedLine, unifiedHunks } from '../unifiedDiff.ts'
import { matchesGlob } from '../wildcard.ts'

const options = [
  { short: 'q', long: 'brief', help: 'report only when files differ' },
  { short: 's', long: 'report-identical-files', help: 'report when two files are the same' },
  { short: 'c', help: 'output 3 lines of copied context' },
  { short: 'C', long: 'context', value: 'NUM', help: 'output NUM (default 3) lines of copied context' },
  { short: 'u', help: 'output 3 lines of unified context' },
  { short: 'U', long: 'unified', value: 'NUM', help: 'output NUM (default 3) lines of unified context' },
  { long: 'normal', help: 'output a normal diff (the default)' },
  { short: 'y', long: 'side-by-side', help: 'output in two columns' },
  { short: 'W', long: 'width', value: 'NUM', help: 'output at most NUM (default 130) print columns' },
  { long: 'suppress-common-lines', help: 'do not output common lines' },
  { long: 'label', value: 'LABEL', help: 'use LABEL instead of file name and timestamp (can be repeated)' },
  { short: 'r', long: 'recursive', help: 'recursively compare any subdirectories found' },
  { short: 'N', long: 'new-file', help: 'treat absent files as empty' },
  { short: 'x', long: 'exclude', value: 'PAT', help: 'exclude files that match PAT' },
  { short: 'i', long: 'ignore-case', help: 'ignore case differences in file contents' },
  { short: 'Z', long: 'ignore-trailing-space', help: 'ignore white space at line end' },
  { short: 'b', long: 'ignore-space-change', help: 'ignore changes in the amount of white space' },
  { short: 'w', long: 'ignore-all-space', help: 'ignore all white space' },
  { short: 'B', long: 'ignore-blank-lines', help: 'ignore changes where lines are all blank' },
  { long: 'strip-trailing-cr', help: 'strip trailing carriage return on input' },
  { short: 'a', long: 'text', help: 'treat all files as text' },
  { short: 'd', long: 'minimal', help: 'try hard to find a smaller set of changes' },
  { long: 'color', value: '[WHEN]', help: "color output; WHEN is 'never', 'always', or 'auto'" },
] as const

type DiffArguments = Arguments<OptionName<typeof options>>

/** Shows how two files or directories differ. */
export const diff = defineProgram({
  name: 'diff',
  summary: 'compare files line by line',
  package: 'GNU diffutils 3.8',
  usage: '[OPTION]... FILES',
  options,
  notSimulated:
    '-e --ed -n --rcs -p --show-c-function -F --show-function-line -t --expand-tabs -T --initial-tab --tabsize --suppress-blank-empty -l --paginate --no-dereference -P --unidirectional-new-file -X --exclude-from -S --starting-file --from-file --to-file -E --ignore-tab-expansion -I --ignore-matching-lines -D --ifdef --line-format --horizon-lines --speed-large-files --palette --left-column',
  usageStatus: 2,
  usageHint: "diff: Try 'diff --help' for more information.",
  busybox: {
    usage: '[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2',
    options: 'abBdiNqrsuUw',
    usageStatus: 2,
  },
  async run(process, args) {
    const [first, second, third] = args.operands
    if (first === undefined || second === undefined) {
      const last = args.operands[0]
      throw args.misuse(`missing operand after '${last ?? process.argv.at(-1)}'`)
    }
    if (third !== undefined) throw args.misuse(`extra operand '${third}'`)
    return new Comparison(process, args).compare(first, second)
  },
})

/** A name that is missing counts as empty with -N. */
type Side = { readonly name: string; readonly kind: 'file' | 'directory' | 'missing' }

class Comparison {
  readonly #process: Process
  readonly #args: DiffArguments
  readonly #hasColor: boolean

  constructor(process: Process, args: DiffArguments) {
    this.#process = process
    this.#args = args
    const when = args.has('color') ? (args.get('color') ?? 'auto') : 'never'
    this.#hasColor = when === 'always' || (when === 'auto' && process.stdout.terminal !== undefined)
  }

  async compare(first: string, second: string): Promise<number> {
    let [a, b] = [this.#side(first), this.#side(second)]
    if (a.kind === 'directory' && b.kind === 'file') a = this.#side(joinPath(trimmed(first), lastName(second)))
    else if (b.kind === 'directory' && a.kind === 'file') b = this.#side(joinPath(trimmed(second), lastName(first)))
    let isMissing = false
    for (const side of [a, b]) {
      const isTolerated = this.#args.has('new-file') && (side === a ? b : a).kind !== 'missing'
      if (side.kind !== 'missing' || isTolerated) continue
      isMissing = true
      await this.#process.fail(`${shownName(side.name)}: No such file or directory`)
    }
    if (isMissing) return 2
    if (a.kind === 'directory' || b.kind === 'directory') return this.#compareDirectories(a.name, b.name)
    return this.#compareFiles(a, b)
  }

  #side(name: string): Side {
    if (name === '-') return { name, kind: 'file' }
    const stat = this.#process.files.find(this.#process.path(name))
    const isDevice = name.startsWith('/dev/fd/') || name.startsWith('/proc/self/fd/')
    if (!stat) return { name, kind: isDevice ? 'file' : 'missing' }
    return { name, kind: stat.kind === 'directory' ? 'directory' : 'file' }
  }

  async #compareDirectories(first: string, second: string): Promise<number> {
    const { files } = this.#process
    const list = (name: string) => {
      const path = this.#process.path(name)
      return files.isDirectory(path) ? files.list(path) : []
    }
    const [left, right] = [new Set(list(first)), new Set(list(second))]
    let status = 0
    for (const name of [...new Set([...left, ...right])].sort()) {
      if (this.#args.all('exclude').some(pattern => matchesGlob(pattern, name))) continue
      const result = await this.#compareEntry(first, second, name, left.has(name), right.has(name))
      status = Math.max(status, result)
    }
    return status
  }

  async #compareEntry(first: string, second: string, name: string, isLeft: boolean, isRight: boolean): Promise<number> {
    const [a, b] = [this.#side(joinPath(trimmed(first), name)), this.#side(joinPath(trimmed(second), name))]
    if (!(isLeft && isRight) && !this.#args.has('new-file')) {
      await this.#process.write(`Only in ${trimmed(isLeft ? first : second)}: ${name}\n`)
      return 1
    }
    if (a.kind === 'directory' || b.kind === 'directory') {
      if (a.kind === 'file' || b.kind === 'file') {
        const word = ({ kind }: Side) => (kind === 'directory' ? 'a directory' : 'a regular file')
        await this.#process.write(`File ${a.name} is ${word(a)} while file ${b.name} is ${word(b)}\n`)
        return 1
      }
      if (this.#args.has('recursive')) return this.#compareDirectories(a.name, b.name)
      await this.#process.write(`Common subdirectories: ${a.name} and ${b.name}\n`)
      return 0
    }
    return this.#compareFiles(a, b, this.#commandLine(a.name, b.name))
  }

  /** The line that stands above each file when directories are compared. */
  #commandLine(first: string, second: string): string {
    const words = this.#process.argv.slice(1).filter(word => word.startsWith('-') && word !== '-' && word !== '--')
    return `${['diff', ...words, first, second].map(shownName).join(' ')}\n`
  }

  async #compareFiles(a: Side, b: Side, headline = ''): Promise<number> {
    const [before, after] = [await this.#read(a), await this.#read(b)]
    if (before.includes('\0') || after.includes('\0')) {
      if (before === after) return 0
      await this.#process.write(`Binary files ${a.name} and ${b.name} differ\n`)
      return 2
    }
    const [left, right] = [this.#text(before), this.#text(after)]
    const changes = this.#changes(left, right)
    if (changes.length === 0) {
      if (this.#args.has('report-identical-files'))
        await this.#process.write(`Files ${a.name} and ${b.name} are identical\n`)
      if (this.#isSideBySide && !this.#args.has('suppress-common-lines'))
        await this.#process.write(this.#sideBySide(left, right, changes))
      return 0
    }
    if (this.#args.has('brief')) {
      await this.#process.write(`Files ${a.name} and ${b.name} differ\n`)
      return 1
    }
    await this.#process.write(this.#painted(headline + this.#output(a, b, left, right, changes)))
    return 1
  }

  async #read({ name, kind }: Side): Promise<string> {
    if (kind === 'missing') return ''
    try {
      return await readInput(this.#process, name)
    } catch (error) {
      if (error instanceof FileError) throw new Exit(await this.#process.fail(`${shownName(name)}: ${error.text}`, 2))
      throw error
    }
  }

  #text(text: string): DiffText {
    return diffText(this.#args.has('strip-trailing-cr') ? text.replaceAll('\r\n', '\n') : text)
  }

  #changes(left: DiffText, right: DiffText): Change[] {
    const keyOf = this.#keyOfLine()
    const ignoresEnds =
      this.#args.last('ignore-all-space', 'ignore-space-change', 'ignore-trailing-space') !== undefined
    const keys = ({ lines, isTerminated }: DiffText) =>
      lines.map((line, index) => keyOf(line) + (isTerminated || ignoresEnds || index < lines.length - 1 ? '' : '\0'))
    const changes = diffLines(keys(left), keys(right))
    if (!this.#args.has('ignore-blank-lines')) return changes
    const isBlank = (text: DiffText, from: number, to: number) =>
      text.lines.slice(from, to).every(line => line.trim() === '')
    return changes.filter(({ from, fromEnd, to, toEnd }) => !isBlank(left, from, fromEnd) || !isBlank(right, to, toEnd))
  }

  #keyOfLine(): (line: string) => string {
    const steps: ((line: string) => string)[] = []
    if (this.#args.has('ignore-case')) steps.push(line => line.toLowerCase())
    if (this.#args.has('ignore-all-space')) steps.push(line => line.replace(/\s+/g, ''))
    if (this.#args.has('ignore-space-change')) steps.push(line => line.replace(/\s+$/, '').replace(/\s+/g, ' '))
    if (this.#args.has('ignore-trailing-space')) steps.push(line => line.replace(/\s+$/, ''))
    return line => steps.reduce((result, step) => step(result), line)
  }

  get #isSideBySide(): boolean {
    return this.#args.has('side-by-side')
  }

  #output(a: Side, b: Side, left: DiffText, right: DiffText, changes: readonly Change[]): string {
    if (this.#isSideBySide) return this.#sideBySide(left, right, changes)
    const isUnified = this.#args.has('u') || this.#args.has('unified') || this.#process.flavour === 'busybox'
    if (isUnified) {
      const context = Number(this.#args.get('unified') ?? 3)
      return `--- ${this.#label(a, 0)}\n+++ ${this.#label(b, 1)}\n${unifiedHunks(left, right, changes, context)}`
    }
    if (this.#args.has('c') || this.#args.has('context')) {
      const context = Number(this.#args.get('context') ?? 3)
      const head = `*** ${this.#label(a, 0)}\n--- ${this.#label(b, 1)}\n`
      return (
        head +
        groupChanges(changes, context)
          .map(group => contextHunk(left, right, group, context))
          .join('')
      )
    }
    return changes.map(change => normalHunk(left, right, change)).join('')
  }

  #label({ name, kind }: Side, index: number): string {
    const label = this.#args.all('label')[index]
    if (label !== undefined) return label
    if (this.#process.flavour === 'busybox') return name
    const time =
      kind === 'missing'
        ? 0
        : (this.#process.files.find(this.#process.path(name))?.modified ?? this.#process.machine.now())
    const zone = zoneOf(this.#process.env.get('TZ'))
    return `${name}\t${formatDate('%Y-%m-%d %H:%M:%S.%N %z', time, zone)}`
  }

  #sideBySide(left: DiffText, right: DiffText, changes: readonly Change[]): string {
    const total = Number(this.#args.get('width') ?? 130)
    const second = Math.floor((total + 11) / 16) * 8
    const half = Math.max(0, Math.min(second - 3, total - second))
    const middle = Math.floor((half + second - 1) / 2)
    const row = (a: string | undefined, mark: string, b: string | undefined) => {
      const first = (a ?? '').slice(0, half)
      if (mark === ' ') return `${tabbed(first, 0, second)}${(b ?? '').slice(0, half)}`.replace(/\t+$/, '')
      const front = `${tabbed(first, 0, middle)}${mark}`
      return b === undefined ? front : tabbed(front, middle + 1 - front.length, second) + b.slice(0, half)
    }
    const isCut = (side: DiffText, line: number) => !side.isTerminated && line === side.lines.length - 1
    let text = ''
    let [i, j] = [0, 0]
    const common = (end: number) => {
      for (; i < end; i++, j++)
        if (!this.#args.has('suppress-common-lines')) text += `${row(left.lines[i], ' ', right.lines[j])}\n`
    }
    for (const { from, fromEnd, to, toEnd } of changes) {
      common(from)
      const shared = Math.min(fromEnd - from, toEnd - to)
      for (let k = 0; k < shared; k++) {
        const [cutLeft, cutRight] = [isCut(left, from + k), isCut(right, to + k)]
        const mark = cutLeft === cutRight ? '|' : cutLeft ? '\\' : '/'
        text += `${row(left.lines[from + k], mark, right.lines[to + k])}\n`
      }
      for (let k = from + shared; k < fromEnd; k++) text += `${row(left.lines[k], '<', undefined)}\n`
      for (let k = to + shared; k < toEnd; k++) text += `${row('', '>', right.lines[k])}\n`
      ;[i, j] = [fromEnd, toEnd]
    }
    common(left.lines.length)
    return text
  }

  #painted(text: string): string {
    if (!this.#hasColor) return text
    return text.replace(
      /^(?:(---|\+\+\+|\*\*\*|diff) .*|(@@.*@@)|([-<].*)|([+>].*))$/gm,
      (line, head, range, minus, plus) => {
        const code = head ? '1' : range ? '36' : minus ? '31' : plus ? '32' : '0'
        return `\x1b[${code}m${line}\x1b[0m`
      },
    )
  }
}

function trimmed(name: string): string {
  return name.replace(/(.)\/+$/, '$1')
}

function normalHunk(left: DiffText, right: DiffText, { from, fromEnd, to, toEnd }: Change): string {
  const letter = fromEnd === from ? 'a' : toEnd === to ? 'd' : 'c'
  const lines = (start: number, end: number) => (end - start <= 1 ? String(end) : `${start + 1},${end}`)
  let text = `${lines(from, fromEnd)}${letter}${lines(to, toEnd)}\n`
  for (let line = from; line < fromEnd; line++) text += markedLine('< ', left, line)
  if (letter === 'c') text += '---\n'
  for (let line = to; line < toEnd; line++) text += markedLine('> ', right, line)
  return text
}

function contextHunk(left: DiffText, right: DiffText, group: readonly Change[], context: number): string {
  const range = groupRange(group, context, [left.lines.length, right.lines.length])
  const lines = (start: number, end: number) => (end - start <= 1 ? String(end) : `${start + 1},${end}`)
  const part = (text: DiffText, start: number, end: number, isLeft: boolean) => {
    if (!group.some(change => (isLeft ? change.fromEnd > change.from : change.toEnd > change.to))) return ''
    let result = ''
    for (let line = start; line < end; line++) {
      const change = group.find(each =>
        isLeft ? line >= each.from && line < each.fromEnd : line >= each.to && line < each.toEnd,
      )
      const isBoth = change && change.fromEnd > change.from && change.toEnd > change.to
      result += markedLine(change ? (isBoth ? '! ' : isLeft ? '- ' : '+ ') : '  ', text, line)
    }
    return result
  }
  return `***************\n*** ${lines(range.from, range.fromEnd)} ****\n${part(left, range.from, range.fromEnd, true)}--- ${lines(range.to, range.toEnd)} ----\n${part(right, range.to, range.toEnd, false)}`
}

/** A text and tabs up to a column. */
function tabbed(text: string, from: number, to: number): string {
  let result = text
  let at = from + text.length
  while (at < to) {
    const next = at - (at % 8) + 8
    if (next > to) {
      result += ' '.repeat(to - at)
      break
    }
    result += '\t'
    at = next
  }
  return result
}
