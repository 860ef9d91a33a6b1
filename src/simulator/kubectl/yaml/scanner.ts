import { YamlError } from './yamlError.ts'

/** A place in the text; lines and columns count from zero. */
export interface Mark {
  readonly index: number
  readonly line: number
  readonly column: number
}

/** The smallest part of YAML that means something. */
export interface Token {
  readonly type: TokenType
  readonly mark: Mark
  /** The text of a scalar, the name of an anchor or alias, the handle of a tag. */
  readonly value?: string
  readonly suffix?: string
  readonly isPlain?: boolean
}

export type TokenType =
  | 'stream end'
  | 'directive'
  | 'document start'
  | 'document end'
  | 'block sequence start'
  | 'block mapping start'
  | 'block end'
  | '['
  | ']'
  | '{'
  | '}'
  | 'block entry'
  | 'flow entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

/** A place where a key without `?` may have begun. */
interface SimpleKey {
  isPossible: boolean
  isRequired: boolean
  token: number
  mark: Mark
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}

const hexEscapes: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/**
 * Cuts YAML 1.1 into tokens. The rules and the words of refusal are libyaml's, because kubectl reads YAML through it
 * (go-yaml v2) and learners see exactly its messages.
 */
export class Scanner {
  readonly #text: string
  #index = 0
  #line = 0
  #column = 0
  #indent = -1
  readonly #indents: number[] = []
  #flowLevel = 0
  #isKeyAllowed = true
  readonly #keys: SimpleKey[] = [
    { isPossible: false, isRequired: false, token: 0, mark: { index: 0, line: 0, column: 0 } },
  ]
  readonly #tokens: Token[] = []
  #taken = 0
  #isAtEnd = false

  constructor(text: string) {
    const bad = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]/u.exec(text)
    if (bad) throw new YamlError('control characters are not allowed')
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text
  }

  peek(): Token {
    this.#fetch()
    return this.#tokens[0]!
  }

  next(): Token {
    const token = this.peek()
    this.#tokens.shift()
    this.#taken++
    return token
  }

  /** Reads until the first waiting token can no longer turn out to be a key. */
  #fetch(): void {
    for (;;) {
      if (this.#tokens.length > 0) {
        const key = this.#keys.find(key => key.isPossible && key.token === this.#taken)
        if (!key || !this.#isStillPossible(key)) return
      }
      this.#fetchNext()
    }
  }

  #isStillPossible(key: SimpleKey): boolean {
    if (!key.isPossible) return false
    // A key must fit on one line and be at most 1,024 characters long.
    if (key.mark.line < this.#line || key.mark.index + 1024 < this.#index) {
      if (key.isRequired) this.#fail("could not find expected ':'", key.mark)
      key.isPossible = false
    }
    return key.isPossible
  }

  #fetchNext(): void {
    this.#skipBlanks()
    this.#unroll(this.#column)
    const char = this.#char()
    const next = this.#char(1)
    if (char === '') return this.#fetchEnd()
    if (this.#column === 0 && char === '%') return this.#fetchDirective()
    if (this.#isDocumentMark('---')) return this.#fetchDocumentMark('document start')
    if (this.#isDocumentMark('...')) return this.#fetchDocumentMark('document end')
    if (char === '[' || char === '{') return this.#fetchFlowStart(char)
    if (char === ']' || char === '}') return this.#fetchFlowEnd(char)
    if (char === ',') return this.#fetchFlowEntry()
    if (char === '-' && isBlankOrEnd(next)) return this.#fetchBlockEntry()
    if (char === '?' && (this.#flowLevel > 0 || isBlankOrEnd(next))) return this.#fetchKey()
    if (char === ':' && (this.#flowLevel > 0 || isBlankOrEnd(next))) return this.#fetchValue()
    if (char === '*') return this.#fetchWithKey(() => this.#scanAnchor('alias'))
    if (char === '&') return this.#fetchWithKey(() => this.#scanAnchor('anchor'))
    if (char === '!') return this.#fetchWithKey(() => this.#scanTag())
    if ((char === '|' || char === '>') && this.#flowLevel === 0) {
      this.#removeKey()
      this.#isKeyAllowed = true
      return this.#push(this.#scanBlockScalar(char === '|'))
    }
    if (char === "'" || char === '"') return this.#fetchWithKey(() => this.#scanQuoted(char))
    const isPlain =
      !(isBlankOrEnd(char) || '-?:,[]{}#&*!|>\'"%@`'.includes(char)) ||
      (char === '-' && !isBlank(next)) ||
      (this.#flowLevel === 0 && (char === '?' || char === ':') && !isBlankOrEnd(next))
    if (isPlain) return this.#fetchWithKey(() => this.#scanPlain())
    this.#fail('found character that cannot start any token', this.#mark())
  }

  #char(ahead = 0): string {
    return this.#text[this.#index + ahead] ?? ''
  }

  #mark(): Mark {
    return { index: this.#index, line: this.#line, column: this.#column }
  }

  #skip(count = 1): void {
    this.#index += count
    this.#column += count
  }

  /** Takes a line break, which counts as one however it is written. */
  #takeBreak(): string {
    const char = this.#char()
    this.#index += char === '\r' && this.#char(1) === '\n' ? 2 : 1
    this.#line++
    this.#column = 0
    return char === '\u2028' || char === '\u2029' ? char : '\n'
  }

  #fail(problem: string, context: Mark): never {
    throw new YamlError(problem, { kind: 'scanner', context: context.line, problem: this.#line })
  }

  #push(token: Token): void {
    this.#tokens.push(token)
  }

  #skipBlanks(): void {
    for (;;) {
      while (this.#char() === ' ' || (this.#char() === '\t' && (this.#flowLevel > 0 || !this.#isKeyAllowed)))
        this.#skip()
      if (this.#char() === '#') while (!isBreakOrEnd(this.#char())) this.#skip()
      if (!isBreak(this.#char())) return
      this.#takeBreak()
      if (this.#flowLevel === 0) this.#isKeyAllowed = true
    }
  }

  #roll(column: number, at: number | undefined, type: TokenType, mark: Mark): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    const token = { type, mark }
    if (at === undefined) this.#push(token)
    else this.#tokens.splice(at - this.#taken, 0, token)
  }

  #unroll(column: number): void {
    if (this.#flowLevel > 0) return
    while (this.#indent > column) {
      this.#push({ type: 'block end', mark: this.#mark() })
      this.#indent = this.#indents.pop()!
    }
  }

  #saveKey(): void {
    if (!this.#isKeyAllowed) return
    const isRequired = this.#flowLevel === 0 && this.#indent === this.#column
    const key = { isPossible: true, isRequired, token: this.#taken + this.#tokens.length, mark: this.#mark() }
    this.#removeKey()
    this.#keys[this.#keys.length - 1] = key
  }

  #removeKey(): void {
    const key = this.#keys.at(-1)!
    if (key.isPossible && key.isRequired) this.#fail("could not find expected ':'", key.mark)
    key.isPossible = false
  }

  #fetchWithKey(scan: () => Token): void {
    this.#saveKey()
    this.#isKeyAllowed = false
    this.#push(scan())
  }

  #fetchEnd(): void {
    if (this.#column !== 0) {
      this.#column = 0
      this.#line++
    }
    this.#unroll(-1)
    if (!this.#isAtEnd) this.#removeKey()
    this.#isAtEnd = true
    this.#isKeyAllowed = false
    this.#push({ type: 'stream end', mark: this.#mark() })
  }

  #fetchDirective(): void {
    this.#unroll(-1)
    this.#removeKey()
    this.#isKeyAllowed = false
    const mark = this.#mark()
    const line = /^%(\S*)[^\r\n]*/.exec(this.#text.slice(this.#index))!
    if (line[1] !== 'YAML' && line[1] !== 'TAG') this.#fail('found unknown directive name', mark)
    this.#skip(line[0].length)
    if (!isBreakOrEnd(this.#char())) this.#fail('did not find expected comment or line break', mark)
    if (this.#char()) this.#takeBreak()
    this.#push({ type: 'directive', mark, value: line[0] })
  }

  #isDocumentMark(text: string): boolean {
    return this.#column === 0 && this.#text.startsWith(text, this.#index) && isBlankOrEnd(this.#char(3))
  }

  #fetchDocumentMark(type: 'document start' | 'document end'): void {
    this.#unroll(-1)
    this.#removeKey()
    this.#isKeyAllowed = false
    this.#push({ type, mark: this.#mark() })
    this.#skip(3)
  }

  #fetchFlowStart(type: '[' | '{'): void {
    this.#saveKey()
    this.#keys.push({ isPossible: false, isRequired: false, token: 0, mark: this.#mark() })
    this.#flowLevel++
    this.#isKeyAllowed = true
    this.#push({ type, mark: this.#mark() })
    this.#skip()
  }

  #fetchFlowEnd(type: ']' | '}'): void {
    this.#removeKey()
    if (this.#flowLevel > 0) {
      this.#flowLevel--
      this.#keys.pop()
    }
    this.#isKeyAllowed = false
    this.#push({ type, mark: this.#mark() })
    this.#skip()
  }

  #fetchFlowEntry(): void {
    this.#removeKey()
    this.#isKeyAllowed = true
    this.#push({ type: 'flow entry', mark: this.#mark() })
    this.#skip()
  }

  #fetchBlockEntry(): void {
    const mark = this.#mark()
    if (this.#flowLevel === 0) {
      if (!this.#isKeyAllowed) this.#fail('block sequence entries are not allowed in this context', mark)
      this.#roll(this.#column, undefined, 'block sequence start', mark)
    }
    this.#removeKey()
    this.#isKeyAllowed = true
    this.#push({ type: 'block entry', mark })
    this.#skip()
  }

  #fetchKey(): void {
    const mark = this.#mark()
    if (this.#flowLevel === 0) {
      if (!this.#isKeyAllowed) this.#fail('mapping keys are not allowed in this context', mark)
      this.#roll(this.#column, undefined, 'block mapping start', mark)
    }
    this.#removeKey()
    this.#isKeyAllowed = this.#flowLevel === 0
    this.#push({ type: 'key', mark })
    this.#skip()
  }

  #fetchValue(): void {
    const mark = this.#mark()
    const key = this.#keys.at(-1)!
    if (this.#isStillPossible(key)) {
      this.#tokens.splice(key.token - this.#taken, 0, { type: 'key', mark: key.mark })
      this.#roll(key.mark.column, key.token, 'block mapping start', key.mark)
      key.isPossible = false
      this.#isKeyAllowed = false
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#isKeyAllowed) this.#fail('mapping values are not allowed in this context', mark)
        this.#roll(this.#column, undefined, 'block mapping start', mark)
      }
      this.#isKeyAllowed = this.#flowLevel === 0
    }
    this.#push({ type: 'value', mark })
    this.#skip()
  }

  #scanAnchor(type: 'anchor' | 'alias'): Token {
    const mark = this.#mark()
    this.#skip()
    const name = /^[0-9A-Za-z_-]*/.exec(this.#text.slice(this.#index))![0]
    this.#skip(name.length)
    const after = this.#char()
    if (!name || !(isBlankOrEnd(after) || '?:,]}%@`'.includes(after))) {
      this.#fail('did not find expected alphabetic or numeric character', mark)
    }
    return { type, mark, value: name }
  }

  #scanTag(): Token {
    const mark = this.#mark()
    const rest = this.#text.slice(this.#index)
    const verbatim = /^!<([^>\s]*)>/.exec(rest)
    const shorthand = /^(!(?:[0-9A-Za-z_-]*!)?)([0-9A-Za-z;/?:@&=+$.,_~*'()%[\]-]*)/.exec(rest)!
    if (rest.startsWith('!<') && !verbatim) this.#fail("did not find the expected '>'", mark)
    this.#skip((verbatim ?? shorthand)[0].length)
    if (!isBlankOrEnd(this.#char())) this.#fail('did not find expected whitespace or line break', mark)
    return verbatim
      ? { type: 'tag', mark, value: '', suffix: verbatim[1]! }
      : { type: 'tag', mark, value: shorthand[1]!, suffix: shorthand[2]! }
  }

  #scanBlockScalar(isLiteral: boolean): Token {
    const mark = this.#mark()
    this.#skip()
    let chomping = ''
    let increment = 0
    for (let i = 0; i < 2; i++) {
      const char = this.#char()
      if ((char === '+' || char === '-') && !chomping) chomping = char
      else if (/\d/.test(char) && !increment) {
        if (char === '0') this.#fail('found an indentation indicator equal to 0', mark)
        increment = Number(char)
      } else break
      this.#skip()
    }
    while (isBlank(this.#char())) this.#skip()
    if (this.#char() === '#') while (!isBreakOrEnd(this.#char())) this.#skip()
    if (!isBreakOrEnd(this.#char())) this.#fail('did not find expected comment or line break', mark)
    if (this.#char()) this.#takeBreak()

    const outer = Math.max(this.#indent, 0)
    let [indent, breaks] = this.#scanBlockBreaks(increment ? outer + increment : 0, mark)
    let text = ''
    let leadingBreak = ''
    let isLeadingBlank = false
    while (this.#column === indent && this.#char()) {
      const isTrailingBlank = isBlank(this.#char())
      const isFolded = !isLiteral && leadingBreak.startsWith('\n') && !isLeadingBlank && !isTrailingBlank
      text += isFolded ? (breaks ? '' : ' ') : leadingBreak
      text += breaks
      isLeadingBlank = isBlank(this.#char())
      while (!isBreakOrEnd(this.#char())) {
        text += this.#char()
        this.#skip()
      }
      leadingBreak = this.#char() ? this.#takeBreak() : ''
      ;[indent, breaks] = this.#scanBlockBreaks(indent, mark)
    }
    if (chomping !== '-') text += leadingBreak
    if (chomping === '+') text += breaks
    return { type: 'scalar', mark, value: text, isPlain: false }
  }

  #scanBlockBreaks(indent: number, start: Mark): [indent: number, breaks: string] {
    let breaks = ''
    let deepest = 0
    for (;;) {
      while ((!indent || this.#column < indent) && this.#char() === ' ') this.#skip()
      deepest = Math.max(deepest, this.#column)
      if ((!indent || this.#column < indent) && this.#char() === '\t') {
        this.#fail('found a tab character where an indentation space is expected', start)
      }
      if (!isBreak(this.#char())) break
      breaks += this.#takeBreak()
    }
    return [indent || Math.max(deepest, this.#indent + 1, 1), breaks]
  }

  #scanQuoted(quote: "'" | '"'): Token {
    const mark = this.#mark()
    this.#skip()
    let text = ''
    for (;;) {
      if (this.#isDocumentMark('---') || this.#isDocumentMark('...')) {
        this.#fail('found unexpected document indicator', mark)
      }
      if (!this.#char()) this.#fail('found unexpected end of stream', mark)
      let isContinued = false
      while (!isBlankOrEnd(this.#char())) {
        const char = this.#char()
        if (quote === "'" && char === "'" && this.#char(1) === "'") {
          text += "'"
          this.#skip(2)
        } else if (char === quote) break
        else if (quote === '"' && char === '\\' && isBreak(this.#char(1))) {
          this.#skip()
          this.#takeBreak()
          isContinued = true
          break
        } else if (quote === '"' && char === '\\') text += this.#scanEscape(mark)
        else {
          text += char
          this.#skip()
        }
      }
      if (this.#char() === quote) break
      text += this.#scanFold(isContinued)
    }
    this.#skip()
    return { type: 'scalar', mark, value: text, isPlain: false }
  }

  #scanEscape(start: Mark): string {
    const letter = this.#char(1)
    const simple = escapes[letter]
    if (simple !== undefined) {
      this.#skip(2)
      return simple
    }
    const length = hexEscapes[letter]
    if (!length) this.#fail('found unknown escape character', start)
    this.#skip(2)
    const digits = this.#text.slice(this.#index, this.#index + length)
    if (!/^[0-9A-Fa-f]+$/.test(digits) || digits.length < length) {
      this.#fail('did not find expected hexdecimal number', start)
    }
    const code = Number.parseInt(digits, 16)
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
      this.#fail('found invalid Unicode character escape code', start)
    }
    this.#skip(length)
    return String.fromCodePoint(code)
  }

  /** White space inside a quoted scalar: as it is within a line, folded across lines. */
  #scanFold(isContinued: boolean): string {
    let blanks = ''
    let breaks: string[] = []
    let isFolded = isContinued
    while (isBlank(this.#char()) || isBreak(this.#char())) {
      if (isBlank(this.#char())) {
        if (!isFolded) blanks += this.#char()
        this.#skip()
      } else {
        breaks = [...breaks, this.#takeBreak()]
        isFolded = true
      }
    }
    if (!isFolded) return blanks
    if (isContinued) return breaks.join('')
    return fold(breaks)
  }

  #scanPlain(): Token {
    const mark = this.#mark()
    const indent = this.#indent + 1
    let text = ''
    let blanks = ''
    let breaks: string[] = []
    for (;;) {
      if (this.#isDocumentMark('---') || this.#isDocumentMark('...') || this.#char() === '#') break
      while (!isBlankOrEnd(this.#char())) {
        const char = this.#char()
        if (char === ':' && isBlankOrEnd(this.#char(1))) break
        if (this.#flowLevel > 0 && ',?[]{}'.includes(char)) break
        text += breaks.length > 0 ? fold(breaks) : blanks
        blanks = ''
        breaks = []
        text += char
        this.#skip()
      }
      if (!isBlank(this.#char()) && !isBreak(this.#char())) break
      while (isBlank(this.#char()) || isBreak(this.#char())) {
        if (isBlank(this.#char())) {
          if (breaks.length > 0 && this.#column < indent && this.#char() === '\t') {
            this.#fail('found a tab character that violates indentation', mark)
          }
          if (breaks.length === 0) blanks += this.#char()
          this.#skip()
        } else breaks.push(this.#takeBreak())
      }
      if (this.#flowLevel === 0 && this.#column < indent) break
    }
    if (breaks.length > 0) this.#isKeyAllowed = true
    return { type: 'scalar', mark, value: text, isPlain: true }
  }
}

/** One line break becomes a blank, more of them lose the first. */
function fold([first, ...rest]: readonly string[]): string {
  if (first !== '\n') return [first, ...rest].join('')
  return rest.length > 0 ? rest.join('') : ' '
}

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t'
}

function isBreak(char: string): boolean {
  return char === '\n' || char === '\r' || char === '\x85' || char === '\u2028' || char === '\u2029'
}

function isBreakOrEnd(char: string): boolean {
  return char === '' || isBreak(char)
}

function isBlankOrEnd(char: string): boolean {
  return isBlank(char) || isBreakOrEnd(char)
}
