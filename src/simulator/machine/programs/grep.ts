import { byteLength } from '../bytes.ts'
import { FileError } from '../fileError.ts'
import { lineBatches, linesIn, openFile, readInput } from '../inputs.ts'
import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { joinPath } from '../path.ts'
import { Exit, type Process, type Program, type Readable, UsageError } from '../program.ts'
import { shownName } from '../quoting.ts'
import { compilePattern, PatternError, type PatternSyntax } from '../regularExpression.ts'
import { matchesGlob } from '../wildcard.ts'

const options = [
  { short: 'E', long: 'extended-regexp', help: 'PATTERNS are extended regular expressions' },
  { short: 'F', long: 'fixed-strings', help: 'PATTERNS are strings' },
  { short: 'G', long: 'basic-regexp', help: 'PATTERNS are basic regular expressions' },
  { short: 'P', long: 'perl-regexp', help: 'PATTERNS are Perl regular expressions' },
  { short: 'e', long: 'regexp', value: 'PATTERNS', help: 'use PATTERNS for matching' },
  { short: 'f', long: 'file', value: 'FILE', help: 'take PATTERNS from FILE' },
  { short: 'i', long: 'ignore-case', help: 'ignore case distinctions in patterns and data' },
  { short: 'y', help: 'same as -i' },
  { long: 'no-ignore-case', help: 'do not ignore case distinctions (default)' },
  { short: 'w', long: 'word-regexp', help: 'match only whole words' },
  { short: 'x', long: 'line-regexp', help: 'match only whole lines' },
  { short: 'z', long: 'null-data', help: 'a data line ends in 0 byte, not newline' },
  { short: 's', long: 'no-messages', help: 'suppress error messages' },
  { short: 'v', long: 'invert-match', help: 'select non-matching lines' },
  { short: 'm', long: 'max-count', value: 'NUM', help: 'stop after NUM selected lines' },
  { short: 'b', long: 'byte-offset', help: 'print the byte offset with output lines' },
  { short: 'n', long: 'line-number', help: 'print line number with output lines' },
  { long: 'line-buffered', help: 'flush output on every line' },
  { short: 'H', long: 'with-filename', help: 'print file name with output lines' },
  { short: 'h', long: 'no-filename', help: 'suppress the file name prefix on output' },
  { long: 'label', value: 'LABEL', help: 'use LABEL as the standard input file name prefix' },
  { short: 'o', long: 'only-matching', help: 'show only nonempty parts of lines that match' },
  { short: 'q', long: 'quiet', help: 'suppress all normal output' },
  { long: 'silent', help: 'same as --quiet' },
  {
    long: 'binary-files',
    value: 'TYPE',
    help: "assume that binary files are TYPE; 'binary', 'text' or 'without-match'",
  },
  { short: 'a', long: 'text', help: 'equivalent to --binary-files=text' },
  { short: 'I', help: 'equivalent to --binary-files=without-match' },
  { short: 'd', long: 'directories', value: 'ACTION', help: "how to handle directories; 'read', 'recurse' or 'skip'" },
  { short: 'r', long: 'recursive', help: 'like --directories=recurse' },
  { short: 'R', long: 'dereference-recursive', help: 'likewise, but follow all symlinks' },
  { long: 'include', value: 'GLOB', help: 'search only files that match GLOB' },
  { long: 'exclude', value: 'GLOB', help: 'skip files that match GLOB' },
  { long: 'exclude-dir', value: 'GLOB', help: 'skip directories that match GLOB' },
  { short: 'L', long: 'files-without-match', help: 'print only names of FILEs with no selected lines' },
  { short: 'l', long: 'files-with-matches', help: 'print only names of FILEs with selected lines' },
  { short: 'c', long: 'count', help: 'print only a count of selected lines per FILE' },
  { short: 'T', long: 'initial-tab', help: 'make tabs line up (if needed)' },
  { short: 'Z', long: 'null', help: 'print 0 byte after FILE name' },
  { short: 'B', long: 'before-context', value: 'NUM', help: 'print NUM lines of leading context' },
  { short: 'A', long: 'after-context', value: 'NUM', help: 'print NUM lines of trailing context' },
  { short: 'C', long: 'context', value: 'NUM', isNumber: true, help: 'print NUM lines of output context' },
  {
    long: 'color',
    value: '[WHEN]',
    help: "use markers to highlight the matching strings; WHEN is 'always', 'never' or 'auto'",
  },
  { long: 'colour', value: '[WHEN]', help: 'same as --color' },
] as const

type GrepArguments = Arguments<OptionName<typeof options>>

const declaration = {
  summary: 'print lines that match patterns',
  package: 'GNU grep 3.8',
  usage: '[OPTION]... PATTERNS [FILE]...',
  options,
  notSimulated: '-D --devices --exclude-from --no-group-separator --group-separator -U --binary',
  usageStatus: 2,
  busybox: {
    usage: '[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...',
    options: 'HhnlLoqvsrRiwFEmABCefxcz',
    usageStatus: 2,
  },
} satisfies Partial<Program>

/** Prints the lines that match a pattern. */
export const grep = defineProgram({
  ...declaration,
  name: 'grep',
  run: (process, args) => search(process, args, 'basic'),
})

/** `grep -E` by its old name. */
export const egrep = defineProgram({
  ...declaration,
  name: 'egrep',
  run: (process, args) => search(process, args, 'extended'),
})

/** `grep -F` by its old name. */
export const fgrep = defineProgram({
  ...declaration,
  name: 'fgrep',
  run: (process, args) => search(process, args, 'fixed'),
})

async function search(process: Process, args: GrepArguments, syntax: PatternSyntax): Promise<number> {
  let operands = args.operands
  let patterns = await patternsOf(process, args)
  if (!patterns) {
    const [first, ...rest] = operands
    if (first === undefined) throw usage(process, args)
    patterns = first.split('\n')
    operands = rest
  }
  return new Search(process, args, patterns, syntax).run(operands)
}

/** GNU grep prints its usage line where others say what is missing. */
function usage(process: Process, args: GrepArguments): UsageError {
  if (process.flavour === 'busybox') return args.misuse('')
  const name = process.argv[0]
  return new UsageError(
    `Usage: ${name} [OPTION]... PATTERNS [FILE]...\nTry '${name} --help' for more information.`,
    2,
    true,
  )
}

async function patternsOf(process: Process, args: GrepArguments): Promise<string[] | undefined> {
  if (!args.has('regexp') && !args.has('file')) return undefined
  const patterns: string[] = []
  for (const { name, value = '' } of args.given) {
    if (name === 'regexp') patterns.push(...value.split('\n'))
    if (name === 'file') {
      try {
        patterns.push(...linesIn(await readInput(process, value)))
      } catch (error) {
        if (error instanceof FileError) throw new Exit(await process.fail(`${shownName(value)}: ${error.text}`, 2))
        throw error
      }
    }
  }
  return patterns
}

/** The colours of GREP_COLORS as they are when nobody has set them. */
const colors = { match: '01;31', name: '35', number: '32', separator: '36' }

/** What is printed of each file. */
type Printed = 'lines' | 'matches' | 'count' | 'with' | 'without' | 'nothing'

class Search {
  readonly #process: Process
  readonly #args: GrepArguments
  readonly #pattern: RegExp
  readonly #matchesNothing: boolean
  readonly #isInverted: boolean
  readonly #hasColor: boolean
  readonly #end: string
  readonly #before: number
  readonly #after: number
  readonly #limit: number
  readonly #kind: Printed
  #showsNames = false
  #hasFailed = false
  #hasSelected = false
  /** Whether any context group has been printed. */
  #hasPrinted = false

  constructor(process: Process, args: GrepArguments, patterns: readonly string[], usual: PatternSyntax) {
    this.#process = process
    this.#args = args
    this.#matchesNothing = patterns.length === 0
    this.#pattern = this.#compile(patterns, usual)
    this.#isInverted = args.has('invert-match')
    this.#end = args.has('null-data') ? '\0' : '\n'
    this.#before = this.#number('before-context') ?? this.#number('context') ?? 0
    this.#after = this.#number('after-context') ?? this.#number('context') ?? 0
    this.#limit = this.#number('max-count') ?? Number.POSITIVE_INFINITY
    const when = args.has('color') || args.has('colour') ? (args.get('color') ?? args.get('colour') ?? 'auto') : 'never'
    this.#hasColor = when === 'always' || (when === 'auto' && process.stdout.terminal !== undefined)
    this.#kind = this.#kindOf()
  }

  async run(operands: readonly string[]): Promise<number> {
    const action = this.#args.get('directories')
    const follows = this.#args.has('dereference-recursive')
    const recurses = this.#args.has('recursive') || follows || action === 'recurse'
    this.#showsNames = this.#args.last('with-filename', 'no-filename') === 'with-filename'
    if (this.#args.last('with-filename', 'no-filename') === undefined)
      this.#showsNames = operands.length > 1 || recurses
    for (const name of operands.length > 0 ? operands : [recurses ? '.' : '-']) {
      if (recurses && name !== '-') await this.#searchTree(name, operands.length === 0, follows, true)
      else await this.#searchFile(name, action === 'skip')
      if (this.#kind === 'nothing' && this.#hasSelected) return 0
    }
    if (this.#hasFailed) return 2
    return this.#hasSelected ? 0 : 1
  }

  #compile(patterns: readonly string[], usual: PatternSyntax): RegExp {
    const args = this.#args
    const letters = args.last('extended-regexp', 'fixed-strings', 'basic-regexp', 'perl-regexp')
    const syntaxes = {
      'extended-regexp': 'extended',
      'fixed-strings': 'fixed',
      'basic-regexp': 'basic',
      'perl-regexp': 'perl',
    } as const
    const syntax = letters ? syntaxes[letters] : usual
    const ignoresCase = args.has('ignore-case') || args.has('y')
    const whole = args.has('line-regexp') ? 'line' : args.has('word-regexp') ? 'word' : undefined
    const one = (pattern: string) =>
      compilePattern(pattern, {
        syntax,
        ...(whole ? { whole } : {}),
        ignoresCase: ignoresCase && args.last('ignore-case', 'y', 'no-ignore-case') !== 'no-ignore-case',
      })
    try {
      const compiled = patterns.map(one)
      if (compiled.length === 1) return compiled[0]!
      const sources = compiled.map(each => `(?:${each.source})`)
      // Longest first for plain texts, so that -o finds the longest of several.
      if (syntax === 'fixed') sources.sort((a, b) => b.length - a.length)
      return new RegExp(sources.join('|') || '(?!)', compiled[0]?.flags ?? 'gsu')
    } catch (error) {
      if (error instanceof PatternError) {
        const isBusybox = this.#process.flavour === 'busybox'
        throw new UsageError(isBusybox ? `bad regex '${patterns.join('\n')}': ${error.message}` : error.message, 2)
      }
      throw error
    }
  }

  #number(name: 'before-context' | 'after-context' | 'context' | 'max-count'): number | undefined {
    const text = this.#args.get(name)
    if (text === undefined) return undefined
    if (/^\d+$/.test(text)) return Number(text)
    if (this.#process.flavour === 'busybox') throw new UsageError(`invalid number '${text}'`)
    throw new UsageError(name === 'max-count' ? 'invalid max count' : `${text}: invalid context length argument`, 2)
  }

  #kindOf(): Printed {
    const args = this.#args
    if (args.has('quiet') || args.has('silent')) return 'nothing'
    const list = args.last('files-with-matches', 'files-without-match')
    if (list) return list === 'files-with-matches' ? 'with' : 'without'
    if (args.has('count')) return 'count'
    return args.has('only-matching') ? 'matches' : 'lines'
  }

  async #complain(message: string): Promise<void> {
    this.#hasFailed = true
    if (!this.#args.has('no-messages')) await this.#process.fail(message)
  }

  async #searchTree(name: string, isImplied: boolean, follows: boolean, isOperand: boolean): Promise<void> {
    const { files } = this.#process
    const path = this.#process.path(name)
    const stat = follows || isOperand ? files.find(path) : files.exists(path) ? files.lstat(path) : undefined
    const base = name.slice(name.lastIndexOf('/') + 1)
    if (stat?.kind !== 'directory') {
      if (!isOperand && (stat?.kind === 'link' || stat?.kind === 'character' || stat?.kind === 'fifo')) return
      const { include, exclude } = { include: this.#args.all('include'), exclude: this.#args.all('exclude') }
      if (include.length > 0 && !include.some(glob => matchesGlob(glob, base))) return
      if (exclude.some(glob => matchesGlob(glob, base))) return
      await this.#searchFile(name, false)
      return
    }
    if (!isOperand && this.#args.all('exclude-dir').some(glob => matchesGlob(glob, base))) return
    let entries: string[]
    try {
      entries = files.list(path)
    } catch (error) {
      if (error instanceof FileError) return this.#complain(`${shownName(name)}: ${error.text}`)
      throw error
    }
    for (const entry of entries) {
      await this.#searchTree(isImplied ? entry : joinPath(name.replace(/(.)\/$/, '$1'), entry), false, follows, false)
      if (this.#kind === 'nothing' && this.#hasSelected) return
    }
  }

  async #searchFile(name: string, skipsDirectories: boolean): Promise<void> {
    if (name === '-') return this.#searchStream(this.#args.get('label') ?? '(standard input)', this.#process.stdin)
    let stream: Readable
    try {
      stream = openFile(this.#process, name)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      if (error.code === 'EISDIR' && skipsDirectories) return
      return this.#complain(`${shownName(name)}: ${error.text}`)
    }
    try {
      await this.#searchStream(name, stream)
    } finally {
      stream.close()
    }
  }

  async #searchStream(name: string, stream: Readable): Promise<void> {
    const state = { line: 0, offset: 0, selected: 0, after: 0, lastPrinted: 0, before: [] as string[], isBinary: false }
    const stopsEarly = this.#kind === 'nothing' || this.#kind === 'with' || this.#kind === 'without'
    lines: for await (const { lines } of lineBatches(stream, this.#end)) {
      let output = ''
      for (const line of lines) {
        state.line++
        const isSelected = state.selected < this.#limit && this.#isMatch(line) !== this.#isInverted
        if (isSelected) {
          state.selected++
          this.#hasSelected ||= this.#kind !== 'without'
          if (stopsEarly) break lines
          if (this.#kind === 'lines' || this.#kind === 'matches') {
            if (line.includes('\0') && this.#end === '\n' && !this.#readsAsText()) {
              state.isBinary = true
              await this.#process.write(output)
              break lines
            }
            output += this.#selected(name, line, state)
          }
        } else if (this.#kind === 'lines' || this.#kind === 'matches') output += this.#context(name, line, state)
        state.offset += byteLength(line) + 1
        if (state.selected >= this.#limit && state.after === 0) {
          await this.#process.write(output)
          break lines
        }
      }
      if (output !== '') await this.#process.write(output)
    }
    await this.#conclude(name, state)
  }

  #readsAsText(): boolean {
    return this.#args.has('text') || this.#args.get('binary-files') === 'text'
  }

  async #conclude(name: string, state: { selected: number; isBinary: boolean }): Promise<void> {
    if (state.isBinary) {
      if (this.#args.has('I') || this.#args.get('binary-files') === 'without-match') return
      await this.#process.stderr.write(`grep: ${name}: binary file matches\n`)
    }
    const end = this.#args.has('null') ? '\0' : '\n'
    if (this.#kind === 'count') {
      const front = this.#showsNames ? this.#paint(name, 'name') + this.#nameEnd(':') : ''
      await this.#process.write(`${front}${state.selected}\n`)
    } else if ((this.#kind === 'with' && state.selected > 0) || (this.#kind === 'without' && state.selected === 0)) {
      await this.#process.write(this.#paint(name, 'name') + end)
      if (this.#kind === 'without') this.#hasSelected = true
    }
  }

  #isMatch(line: string): boolean {
    if (this.#matchesNothing) return false
    this.#pattern.lastIndex = 0
    return this.#pattern.test(line)
  }

  #selected(name: string, line: string, state: SearchState): string {
    let output = ''
    if (this.#kind === 'matches' && this.#isInverted) return output
    if (this.#before > 0 || this.#after > 0) {
      const first = state.line - state.before.length
      if (this.#hasPrinted && first > state.lastPrinted + 1) output += `${this.#paint('--', 'separator')}\n`
      state.before.forEach((text, index) => {
        output += this.#front(name, first + index, 0, '-') + text + this.#end
      })
      state.before = []
      state.after = this.#after
    }
    this.#hasPrinted = true
    state.lastPrinted = state.line
    if (this.#kind === 'matches') {
      this.#pattern.lastIndex = 0
      for (const match of line.matchAll(this.#pattern)) {
        if (match[0] === '') continue
        output += `${this.#front(name, state.line, state.offset + byteLength(line.slice(0, match.index)), ':')}${this.#paint(match[0], 'match')}${this.#end}`
      }
      return output
    }
    return output + this.#front(name, state.line, state.offset, ':') + this.#highlighted(line) + this.#end
  }

  #context(name: string, line: string, state: SearchState): string {
    if (state.after > 0) {
      state.after--
      state.lastPrinted = state.line
      return this.#kind === 'matches' ? '' : this.#front(name, state.line, state.offset, '-') + line + this.#end
    }
    if (this.#before > 0 && this.#kind === 'lines') {
      state.before.push(line)
      if (state.before.length > this.#before) state.before.shift()
    }
    return ''
  }

  #front(name: string, line: number, offset: number, separator: ':' | '-'): string {
    let front = ''
    if (this.#showsNames) front += this.#paint(name, 'name') + this.#nameEnd(separator)
    if (this.#args.has('line-number'))
      front += this.#paint(String(line), 'number') + this.#paint(separator, 'separator')
    if (this.#args.has('byte-offset'))
      front += this.#paint(String(offset), 'number') + this.#paint(separator, 'separator')
    return front !== '' && this.#args.has('initial-tab') ? `${front}\t` : front
  }

  #nameEnd(separator: ':' | '-'): string {
    return this.#args.has('null') ? '\0' : this.#paint(separator, 'separator')
  }

  #highlighted(line: string): string {
    if (!this.#hasColor || this.#isInverted) return line
    return line.replace(this.#pattern, match => (match === '' ? '' : this.#paint(match, 'match')))
  }

  #paint(text: string, as: keyof typeof colors): string {
    return this.#hasColor ? `\x1b[${colors[as]}m\x1b[K${text}\x1b[m\x1b[K` : text
  }
}

interface SearchState {
  readonly line: number
  readonly offset: number
  after: number
  lastPrinted: number
  before: string[]
}
