import { compilePattern, PatternError } from '../regularExpression.ts'
import type { Address, Command, RangeEnd, ReplacementPart, SedPattern, Substitution } from './script.ts'
import { SedSyntaxError } from './script.ts'

/** A piece of script and where it comes from: `-e expression #1`, or `file x`. */
export interface ScriptPiece {
  readonly text: string
  readonly origin:
    | { readonly kind: 'expression'; readonly number: number }
    | { readonly kind: 'file'; readonly name: string }
}

/** How a script is meant. */
export interface ScriptOptions {
  readonly isExtended: boolean
}

/** Reads a script. Throws `SedSyntaxError` in GNU sed's words. */
export function parseScript(pieces: readonly ScriptPiece[], options: ScriptOptions): Command[] {
  const parser = new ScriptParser(options)
  pieces.forEach((piece, index) => {
    parser.read(piece, pieces.slice(index + 1))
  })
  return parser.finish()
}

const oneAddress = new Set(['=', 'a', 'i', 'q', 'Q', 'r'])

class ScriptParser {
  readonly #options: ScriptOptions
  readonly #commands: Command[] = []
  readonly #open: { readonly at: number; readonly error: () => SedSyntaxError }[] = []
  readonly #labels = new Map<string, number>()
  #piece: ScriptPiece = { text: '', origin: { kind: 'expression', number: 1 } }
  #at = 0
  /** Text of a, i and c that goes on in the next `-e`. */
  #following: readonly ScriptPiece[] = []
  readonly #used = new Set<ScriptPiece>()

  constructor(options: ScriptOptions) {
    this.#options = options
  }

  read(piece: ScriptPiece, following: readonly ScriptPiece[]): void {
    if (this.#used.has(piece)) return
    this.#piece = piece
    this.#at = 0
    this.#following = following
    while (this.#skipSeparators()) this.#command()
  }

  finish(): Command[] {
    const open = this.#open.pop()
    if (open) throw open.error()
    for (const command of this.#commands) {
      if (!['b', 't', 'T'].includes(command.name) || command.text === '') continue
      const target = this.#labels.get(command.text!)
      if (target === undefined) throw new SedSyntaxError(`can't find label for jump to \`${command.text}'`)
      command.target = target
    }
    return this.#commands
  }

  get #text(): string {
    return this.#piece.text
  }

  get #next(): string | undefined {
    return this.#text[this.#at]
  }

  #fail(message: string, at = this.#at): never {
    throw this.#error(message, at)
  }

  #error(message: string, at = this.#at): SedSyntaxError {
    const { origin } = this.#piece
    if (origin.kind === 'expression') {
      return new SedSyntaxError(`-e expression #${origin.number}, char ${at}: ${message}`)
    }
    const line = this.#text.slice(0, at).split('\n').length
    return new SedSyntaxError(`file ${origin.name} line ${line}: ${message}`)
  }

  /** Goes to the next command; false at the end. */
  #skipSeparators(): boolean {
    while (this.#next !== undefined && /[\s;]/.test(this.#next)) this.#at++
    return this.#next !== undefined
  }

  #skipBlanks(): void {
    while (this.#next === ' ' || this.#next === '\t') this.#at++
  }

  #command(): void {
    const from = this.#address()
    let to: RangeEnd | undefined
    this.#skipBlanks()
    if (from && this.#next === ',') {
      this.#at++
      this.#skipBlanks()
      to = this.#rangeEnd()
      if (!to) this.#fail("unexpected `,'")
      if (from.kind === 'line' && from.line === 0 && to.kind !== 'pattern')
        this.#fail('invalid usage of line address 0')
    } else if (from?.kind === 'line' && from.line === 0) this.#fail('invalid usage of line address 0')
    this.#skipBlanks()
    let isNegated = false
    while (this.#next === '!') {
      if (isNegated) this.#fail("multiple `!'s", this.#at + 1)
      isNegated = true
      this.#at++
      this.#skipBlanks()
    }
    const name = this.#next
    if (name === undefined || name === '\n' || name === ';') {
      this.#fail('missing command', name === undefined ? this.#at : this.#at + 1)
    }
    this.#at++
    if (to && oneAddress.has(name) && name !== 'a' && name !== 'i' && name !== '=' && name !== 'r')
      this.#fail('command only uses one address')
    this.#body(name, { from, to, isNegated })
  }

  #body(name: string, where: Pick<Command, 'from' | 'to' | 'isNegated'>): void {
    const add = (parts: Partial<Command> = {}) => void this.#commands.push({ name, ...where, ...parts })
    switch (name) {
      case '#':
        if (where.from) this.#fail("comments don't accept any addresses")
        this.#comment()
        return
      case ':': {
        if (where.from) this.#fail(": doesn't want any addresses")
        const label = this.#label()
        if (label === '') this.#fail('":" lacks a label')
        this.#labels.set(label, this.#commands.length)
        return
      }
      case '{': {
        const at = this.#at
        const error = this.#error("unmatched `{'", this.#piece.origin.kind === 'expression' ? 0 : at)
        this.#open.push({ at: this.#commands.length, error: () => error })
        add()
        return
      }
      case '}': {
        if (where.from) this.#fail("} doesn't want any addresses")
        const open = this.#open.pop()
        if (!open) this.#fail("unexpected `}'")
        this.#commands[open.at]!.target = this.#commands.length
        this.#end()
        return
      }
      case 'a':
      case 'i':
      case 'c':
        add({ text: this.#textBlock() })
        return
      case 'b':
      case 't':
      case 'T':
        add({ text: this.#label() })
        return
      case 'r':
      case 'R':
      case 'w':
      case 'W': {
        this.#skipBlanks()
        const file = this.#restOfLine()
        if (file === '') this.#fail('missing filename in r/R/w/W commands')
        add({ text: file })
        return
      }
      case 'q':
      case 'Q':
      case 'l':
      case 'L': {
        this.#skipBlanks()
        const digits = /^\d*/.exec(this.#text.slice(this.#at))![0]
        this.#at += digits.length
        add(digits === '' ? {} : { number: Number(digits) })
        this.#end()
        return
      }
      case 's':
        add({ substitution: this.#substitution() })
        return
      case 'y':
        add({ translation: this.#translation() })
        this.#end()
        return
      case 'e':
      case 'v':
        return this.#fail(`command \`${name}' is not simulated here`)
      case '=':
      case 'd':
      case 'D':
      case 'F':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
        add()
        this.#end()
        return
      default:
        return this.#fail(`unknown command: \`${name}'`)
    }
  }

  /** After a command there may be blanks, and then a separator, a closing brace or a comment. */
  #end(): void {
    this.#skipBlanks()
    const next = this.#next
    if (next === undefined || next === '}' || next === '#') return
    this.#at++
    if (next !== ';' && next !== '\n') this.#fail('extra characters after command')
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#text.length : end
  }

  #label(): string {
    this.#skipBlanks()
    const label = /^[^\s;]*/.exec(this.#text.slice(this.#at))![0]
    this.#at += label.length
    return label
  }

  #restOfLine(): string {
    const end = this.#text.indexOf('\n', this.#at)
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end)
    this.#at += line.length
    return line
  }

  #address(): Address | undefined {
    const next = this.#next
    if (next === '$') {
      this.#at++
      return { kind: 'last' }
    }
    if (next === '/' || next === '\\') return { kind: 'pattern', pattern: this.#addressPattern() }
    const digits = /^\d+/.exec(this.#text.slice(this.#at))?.[0]
    if (digits === undefined) return undefined
    this.#at += digits.length
    this.#skipBlanks()
    if (this.#next !== '~') return { kind: 'line', line: Number(digits) }
    this.#at++
    const step = /^\d*/.exec(this.#text.slice(this.#at))![0]
    this.#at += step.length
    return { kind: 'step', first: Number(digits), step: Number(step || 0) }
  }

  #rangeEnd(): RangeEnd | undefined {
    const match = /^([+~])(\d+)/.exec(this.#text.slice(this.#at))
    if (!match) return this.#address()
    this.#at += match[0].length
    return match[1] === '+'
      ? { kind: 'count', count: Number(match[2]) }
      : { kind: 'multiple', multiple: Number(match[2]) }
  }

  #addressPattern(): SedPattern {
    let delimiter = '/'
    if (this.#next === '\\') {
      this.#at++
      delimiter = this.#next ?? this.#fail("unexpected `,'")
    }
    this.#at++
    const source = this.#until(delimiter, true) ?? this.#fail('unterminated address regex')
    let flags = ''
    while (this.#next === 'I' || this.#next === 'M') flags += this.#text[this.#at++]
    return this.#compile(source, flags)
  }

  #compile(source: string, flags: string): SedPattern {
    if (source === '') {
      if (flags !== '') this.#fail('cannot specify modifiers on empty regexp')
      return undefined
    }
    try {
      return compilePattern(source, {
        syntax: this.#options.isExtended ? 'extended' : 'basic',
        ignoresCase: /i/i.test(flags),
        isMultiline: /m/i.test(flags),
        escapes: 'sed',
      })
    } catch (error) {
      if (error instanceof PatternError) this.#fail(error.message)
      throw error
    }
  }

  /** What stands before an unescaped delimiter, which is passed; undefined when there is none. */
  #until(delimiter: string, isPattern: boolean): string | undefined {
    let result = ''
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!
      if (character === delimiter) return result
      if (character === '\n' && isPattern) return undefined
      if (character === '[' && isPattern) {
        const bracket = bracketAt(this.#text, this.#at - 1)
        if (bracket === undefined) return undefined
        result += bracket
        this.#at += bracket.length - 1
        continue
      }
      if (character !== '\\') {
        result += character
        continue
      }
      const next = this.#text[this.#at++]
      if (next === undefined) return undefined
      if (next === delimiter) result += next
      else if (next === 'n' && isPattern) result += '\n'
      else result += `\\${next}`
    }
    return undefined
  }

  #substitution(): Substitution {
    const delimiter = this.#delimiter('s')
    const source = this.#until(delimiter, true) ?? this.#fail("unterminated `s' command", this.#text.length)
    const replacement = this.#until(delimiter, false) ?? this.#fail("unterminated `s' command", this.#text.length)
    const flags = { isGlobal: false, occurrence: 0, prints: 0, file: undefined as string | undefined, letters: '' }
    this.#flags(flags)
    const pattern = this.#compile(source, flags.letters)
    const parts = this.#replacement(replacement)
    const groups = pattern ? new RegExp(`${pattern.source}|`, pattern.flags).exec('')!.length - 1 : 9
    const most = Math.max(0, ...parts.map(part => (part.kind === 'group' ? part.group : 0)))
    if (most > groups) this.#fail(`invalid reference \\${most} on \`s' command's RHS`)
    const { isGlobal, prints, file } = flags
    return { pattern, replacement: parts, isGlobal, occurrence: flags.occurrence || 1, prints, file }
  }

  #delimiter(name: string): string {
    const delimiter = this.#next
    if (delimiter === undefined || delimiter === '\n' || delimiter === '\\') {
      this.#fail(`unterminated \`${name}' command`, Math.min(this.#text.length, this.#at + 1))
    }
    this.#at++
    return delimiter
  }

  #flags(flags: {
    isGlobal: boolean
    occurrence: number
    prints: number
    file: string | undefined
    letters: string
  }): void {
    for (;;) {
      const letter = this.#next
      if (letter === undefined || letter === '}' || letter === '#') return
      this.#at++
      if (letter === '\n' || letter === ';') return
      if (letter === 'g') {
        if (flags.isGlobal) this.#fail("multiple `g' options to `s' command")
        flags.isGlobal = true
      } else if (letter === 'p') {
        if (flags.prints > 0) this.#fail("multiple `p' options to `s' command")
        flags.prints++
      } else if (letter === 'i' || letter === 'I' || letter === 'm' || letter === 'M') flags.letters += letter
      else if (letter === 'e') this.#fail("option `e' of `s' is not simulated here")
      else if (letter === 'w') {
        this.#skipBlanks()
        flags.file = this.#restOfLine()
        if (flags.file === '') this.#fail('missing filename in r/R/w/W commands')
        return
      } else if (/\d/.test(letter)) {
        if (flags.occurrence > 0) this.#fail("multiple number options to `s' command")
        const digits = /^\d+/.exec(this.#text.slice(this.#at - 1))![0]
        this.#at += digits.length - 1
        flags.occurrence = Number(digits)
        if (flags.occurrence === 0) this.#fail("number option to `s' command may not be zero")
      } else if (letter === ' ' || letter === '\t' || letter === '\r') {
        // Blanks may stand between the flags and what follows.
      } else this.#fail("unknown option to `s'")
    }
  }

  #replacement(text: string): ReplacementPart[] {
    const parts: ReplacementPart[] = []
    let plain = ''
    const flush = () => {
      if (plain !== '') parts.push({ kind: 'text', text: plain })
      plain = ''
    }
    for (let i = 0; i < text.length; i++) {
      const character = text[i]!
      if (character === '&') {
        flush()
        parts.push({ kind: 'group', group: 0 })
      } else if (character !== '\\' || i + 1 === text.length) plain += character
      else {
        const next = text[++i]!
        if (/\d/.test(next)) {
          flush()
          parts.push({ kind: 'group', group: Number(next) })
        } else if (/[LUluE]/.test(next)) {
          flush()
          parts.push({ kind: 'case', letter: next as 'L' })
        } else plain += controls[next] ?? next
      }
    }
    flush()
    return parts
  }

  #translation(): Map<string, string> {
    const delimiter = this.#delimiter('y')
    const from = this.#until(delimiter, false) ?? this.#fail("unterminated `y' command", this.#text.length)
    const to = this.#until(delimiter, false) ?? this.#fail("unterminated `y' command", this.#text.length)
    const [sources, targets] = [unescaped(from), unescaped(to)]
    if (sources.length !== targets.length) this.#fail("strings for `y' command are different lengths")
    return new Map(sources.map((source, index) => [source, targets[index]!]))
  }

  /** The text behind a, i and c: in the same line, or in the lines after a backslash. */
  #textBlock(): string {
    this.#skipBlanks()
    if (this.#next === undefined) {
      const next = this.#following[0]
      if (!next) this.#fail("expected \\ after `a', `c' or `i'")
    }
    if (this.#next === '\\') {
      this.#at++
      // Blanks behind the backslash belong to the text, unless the line ends there.
      const blanks = /^[ \t]*(?:\n|$)/.exec(this.#text.slice(this.#at))?.[0]
      if (blanks !== undefined) this.#at += blanks.length
      if (blanks !== undefined && !blanks.endsWith('\n')) return this.#continuedText()
    } else if (this.#text[this.#at] === '\n') this.#fail("expected \\ after `a', `c' or `i'")
    let text = ''
    while (this.#next !== undefined && this.#next !== '\n') {
      if (this.#next === '\\') {
        this.#at++
        if (this.#next === undefined) break
        text += controls[this.#next] ?? this.#next
      } else text += this.#next
      this.#at++
    }
    return `${text}\n`
  }

  /** `-e 'a\' -e 'text'` */
  #continuedText(): string {
    const next = this.#following.find(piece => !this.#used.has(piece))
    if (!next) this.#fail("expected \\ after `a', `c' or `i'")
    this.#used.add(next)
    return `${next.text}\n`
  }
}

/** A whole bracket expression, in which a delimiter is a character like any other. */
function bracketAt(text: string, at: number): string | undefined {
  return /^\[\^?\]?(?:\[:\w*:\]|\[=.=\]|\[\..\.\]|[^\]\n])*\]/.exec(text.slice(at))?.[0]
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }

function unescaped(text: string): string[] {
  return [...text.matchAll(/\\([\s\S])|([\s\S])/gu)].map(([, letter, plain]) => plain ?? controls[letter!] ?? letter!)
}
