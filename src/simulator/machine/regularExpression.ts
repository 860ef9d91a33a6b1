/** How a pattern is written: POSIX basic or extended, Perl's, or a plain text. */
export type PatternSyntax = 'basic' | 'extended' | 'perl' | 'fixed'

/** How a pattern is meant. */
export interface PatternOptions {
  readonly syntax: PatternSyntax
  readonly ignoresCase?: boolean
  /** `^` and `$` also match at line ends inside the text. */
  readonly isMultiline?: boolean
  /** `\n`, `\t` and the like stand for control characters; in awk a backslash also counts between brackets. */
  readonly escapes?: 'sed' | 'awk'
  /** Only matches that are whole words (grep -w), or the whole line (grep -x). */
  readonly whole?: 'word' | 'line'
}

/** A pattern that makes no sense, in the words of GNU's regex compiler. */
export class PatternError extends Error {}

// Simplified: a choice takes its first alternative that leads to a match, where POSIX takes the longest match;
// alternatives without operators are tried longest first, which is the same for them.
/** Translates a POSIX or Perl pattern into one of the language itself. The `g` flag is set. */
export function compilePattern(pattern: string, options: PatternOptions): RegExp {
  const { syntax } = options
  let source: string
  let flags = `gsu${options.isMultiline ? 'm' : ''}`
  let ignoresCase = options.ignoresCase ?? false
  if (syntax === 'fixed') source = escapeText(pattern)
  else if (syntax === 'perl') {
    const perl = fromPerl(pattern)
    source = perl.source
    ignoresCase ||= perl.ignoresCase
  } else source = new Translator(pattern, syntax, options.escapes).translate()
  if (options.whole === 'line') source = `^(?:${source})$`
  if (options.whole === 'word') source = `(?<!${wordCharacter})(?:${source})(?!${wordCharacter})`
  if (ignoresCase) flags += 'i'
  if (syntax === 'perl') flags = flags.replace('s', '')
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error))
  }
}

/** A plain text as part of a pattern. */
export function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

const wordCharacter = '[\\p{L}\\p{N}_]'

const wordEscapes: Readonly<Record<string, string>> = {
  w: wordCharacter,
  W: '[^\\p{L}\\p{N}_]',
  s: '[ \\t\\n\\v\\f\\r]',
  S: '[^ \\t\\n\\v\\f\\r]',
  b: `(?:(?<=${wordCharacter})(?!${wordCharacter})|(?<!${wordCharacter})(?=${wordCharacter}))`,
  B: `(?:(?<=${wordCharacter})(?=${wordCharacter})|(?<!${wordCharacter})(?!${wordCharacter}))`,
  '<': `(?<!${wordCharacter})(?=${wordCharacter})`,
  '>': `(?<=${wordCharacter})(?!${wordCharacter})`,
  '`': '(?<![^])',
  "'": '(?![^])',
}

const controlEscapes: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
}

const classes: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}0-9',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: ' \\t\\n\\v\\f\\r',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`\\{-~\\p{P}',
  print: '\\x20-\\x7e\\u{a0}-\\u{10ffff}',
  graph: '\\x21-\\x7e\\u{a1}-\\u{10ffff}',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

/** A translated piece and whether it is plain text, which may be tried in any order. */
interface Piece {
  readonly source: string
  readonly isPlain: boolean
}

class Translator {
  readonly #pattern: string
  readonly #isBasic: boolean
  readonly #escapes: PatternOptions['escapes']
  #at = 0
  #groups = 0

  constructor(pattern: string, syntax: 'basic' | 'extended', escapes: PatternOptions['escapes']) {
    this.#pattern = pattern
    this.#isBasic = syntax === 'basic'
    this.#escapes = escapes
  }

  translate(): string {
    const source = this.#choice()
    if (this.#at < this.#pattern.length) throw new PatternError('Unmatched ) or \\)')
    return source
  }

  #choice(): string {
    const branches = [this.#branch()]
    while (this.#skip(this.#isBasic ? '\\|' : '|')) branches.push(this.#branch())
    if (branches.length === 1) return branches[0]!.source
    const arePlain = branches.every(branch => branch.isPlain)
    const ordered = arePlain ? branches.toSorted((a, b) => b.source.length - a.source.length) : branches
    return ordered.map(branch => branch.source).join('|')
  }

  #branch(): Piece {
    let source = ''
    let isPlain = true
    let hasAtom = false
    while (this.#at < this.#pattern.length && !this.#isAtBranchEnd()) {
      const isAnchor = this.#isAnchor(hasAtom)
      if (isAnchor) {
        source += this.#pattern[this.#at++]
        isPlain = false
        continue
      }
      const atom = hasAtom || !this.#isAtRepetition() ? this.#atom() : this.#repetitionAsText()
      const repetition = this.#repetitions(atom.source)
      isPlain &&= atom.isPlain && repetition === atom.source
      source += repetition
      hasAtom = true
    }
    return { source, isPlain }
  }

  #isAtBranchEnd(): boolean {
    if (this.#isBasic) return this.#looksAt('\\|') || this.#looksAt('\\)')
    return this.#looksAt('|') || this.#looksAt(')')
  }

  /** In basic patterns `^` and `$` are anchors only where a branch begins and ends. */
  #isAnchor(hasAtom: boolean): boolean {
    const character = this.#pattern[this.#at]
    if (character === '^') return !this.#isBasic || !hasAtom
    if (character !== '$') return false
    if (!this.#isBasic) return true
    const rest = this.#pattern.slice(this.#at + 1)
    return rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|')
  }

  #isAtRepetition(): boolean {
    if (this.#looksAt('*')) return true
    return !this.#isBasic && (this.#looksAt('+') || this.#looksAt('?'))
  }

  /** A star with nothing to repeat: plain text in basic patterns, nothing at all in extended ones. */
  #repetitionAsText(): Piece {
    const character = this.#pattern[this.#at++]!
    return this.#isBasic ? { source: escapeText(character), isPlain: true } : { source: '', isPlain: true }
  }

  #atom(): Piece {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!)
    if (character === '[') return { source: this.#bracket(), isPlain: false }
    if (character === '.') {
      this.#at++
      return { source: '.', isPlain: false }
    }
    if (this.#skip(this.#isBasic ? '\\(' : '(')) return this.#group()
    if (character === '\\') return this.#escape()
    this.#at += character.length
    return { source: escapeText(character), isPlain: true }
  }

  #group(): Piece {
    this.#groups++
    const source = this.#choice()
    if (!this.#skip(this.#isBasic ? '\\)' : ')')) throw new PatternError('Unmatched ( or \\(')
    return { source: `(${source})`, isPlain: false }
  }

  #escape(): Piece {
    this.#at++
    if (this.#at >= this.#pattern.length) throw new PatternError('Trailing backslash')
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!)
    this.#at += character.length
    if (/[1-9]/.test(character)) {
      if (Number(character) > this.#groups) throw new PatternError('Invalid back reference')
      return { source: `(?:\\${character})`, isPlain: false }
    }
    const word = wordEscapes[character]
    if (word !== undefined) return { source: word, isPlain: false }
    const control = this.#escapes ? controlEscapes[character] : undefined
    if (control !== undefined) return { source: control, isPlain: true }
    if (this.#isBasic && character === '{') throw new PatternError('Invalid preceding regular expression')
    return { source: escapeText(character), isPlain: true }
  }

  #repetitions(atom: string): string {
    let source = atom
    for (;;) {
      const sign = this.#repetition()
      if (sign === undefined) return source
      source = source === atom && !atom.startsWith('(?') ? `${source}${sign}` : `(?:${source})${sign}`
    }
  }

  #repetition(): string | undefined {
    if (this.#skip('*')) return '*'
    if (this.#skip(this.#isBasic ? '\\+' : '+')) return '+'
    if (this.#skip(this.#isBasic ? '\\?' : '?')) return '?'
    const open = this.#isBasic ? '\\{' : '{'
    if (!this.#looksAt(open)) return undefined
    const rest = this.#pattern.slice(this.#at + open.length)
    const match = (this.#isBasic ? /^(\d*)(,?)(\d*)\\\}/ : /^(\d*)(,?)(\d*)\}/).exec(rest)
    if (!match || (match[1] === '' && match[2] === '')) {
      if (!this.#isBasic) return undefined
      throw new PatternError(rest.includes('\\}') ? 'Invalid content of \\{\\}' : 'Unmatched \\{')
    }
    const [all, from, comma, to] = match
    if (to && Number(to) < Number(from || 0)) throw new PatternError('Invalid content of \\{\\}')
    if (Number(from) > 32767 || Number(to) > 32767) throw new PatternError('Regular expression too big')
    this.#at += open.length + all.length
    return `{${from || 0}${comma}${to}}`
  }

  #bracket(): string {
    const { source, length } = bracketSource(this.#pattern.slice(this.#at), this.#escapes)
    this.#at += length
    return source
  }

  #looksAt(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at)
  }

  #skip(text: string): boolean {
    if (!this.#looksAt(text)) return false
    this.#at += text.length
    return true
  }
}

/** Translates the bracket expression that a text begins with: `[^[:space:]a-z]`. */
function bracketSource(text: string, escapes: PatternOptions['escapes']): { source: string; length: number } {
  const isNegated = text[1] === '^'
  let at = isNegated ? 2 : 1
  let members = ''
  for (let isFirst = true; ; isFirst = false) {
    const member = memberAt(text, at, isFirst, escapes)
    if (member === undefined) break
    at = member.end
    if (member.isClass || text[at] !== '-' || text[at + 1] === ']' || at + 1 >= text.length) {
      members += member.isClass ? member.text : escapeMember(member.text)
      continue
    }
    const last = memberAt(text, at + 1, false, escapes)
    if (last === undefined || last.isClass || last.text.codePointAt(0)! < member.text.codePointAt(0)!) {
      throw new PatternError('Invalid range end')
    }
    members += `${escapeMember(member.text)}-${escapeMember(last.text)}`
    at = last.end
  }
  return { source: members === '' ? (isNegated ? '.' : '(?!)') : `[${isNegated ? '^' : ''}${members}]`, length: at + 1 }
}

interface Member {
  readonly text: string
  readonly isClass: boolean
  readonly end: number
}

/** One member of a bracket expression; undefined at the closing bracket. */
function memberAt(text: string, at: number, isFirst: boolean, escapes: PatternOptions['escapes']): Member | undefined {
  if (at >= text.length) {
    throw new PatternError(isFirst ? 'Invalid regular expression' : 'Unmatched [, [^, [:, [., or [=')
  }
  if (text[at] === ']' && !isFirst) return undefined
  const named = /^\[([:.=])(.*?)\1\]/.exec(text.slice(at))
  if (named) {
    const [all, kind, name = ''] = named
    const isClass = kind === ':'
    const members = isClass ? classes[name] : name
    if (members === undefined) throw new PatternError('Invalid character class name')
    return { text: members, isClass, end: at + all.length }
  }
  if (/^\[[:.=]/.test(text.slice(at)) && text[at + 1] !== ']' && !text.slice(at + 2).includes(']')) {
    throw new PatternError('Unmatched [, [^, [:, [., or [=')
  }
  if (escapes && text[at] === '\\' && at + 1 < text.length) {
    const letter = text[at + 1]!
    const control = controlText[letter]
    if (control !== undefined) return { text: control, isClass: false, end: at + 2 }
    if (escapes === 'awk') return { text: letter, isClass: false, end: at + 2 }
  }
  const character = String.fromCodePoint(text.codePointAt(at)!)
  return { text: character, isClass: false, end: at + character.length }
}

const controlText: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function escapeMember(text: string): string {
  return text.replace(/[\\\]^[-]/g, '\\$&')
}

/** Perl's patterns are nearly those of the language; what differs is rewritten. */
function fromPerl(pattern: string): { source: string; ignoresCase: boolean } {
  let rest = pattern
  const inline = /^\(\?([imsx]+)\)/.exec(rest)
  if (inline) rest = rest.slice(inline[0].length)
  rest = rest.replace(/\[\[:(\w+):\]\]/g, (all, name: string) => (classes[name] ? `[${classes[name]}]` : all))
  rest = rest.replace(/\[:(\w+):\]/g, (all, name: string) => classes[name] ?? all)
  rest = rest.replaceAll('\\h', '[ \\t]').replaceAll('\\A', '^').replaceAll('\\z', '$').replaceAll('\\Z', '$')
  rest = rest.replace(/\(\?P</g, '(?<')
  rest = rest.replace(/\\([-_:;,"'=<>@#%&!~`/ ])/g, '$1')
  rest = rest
    .replace(/(^|[^\\])((?:\\\\)*)\{(?!\d+(?:,\d*)?\})/g, '$1$2\\{')
    .replace(/((?:^|[^\\\d,}])(?:\\\\)*)\}/g, '$1\\}')
  const keep = rest.lastIndexOf('\\K')
  if (keep >= 0) rest = `(?<=${rest.slice(0, keep)})${rest.slice(keep + 2)}`
  return { source: rest, ignoresCase: inline?.[1]?.includes('i') ?? false }
}
