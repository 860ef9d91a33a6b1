const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
}

/** Characters that mean something in a pattern. */
const special = /[*?[\]\\!^\-@+()|]/g

/** Makes a text stand for itself in a pattern. */
export function escapePattern(text: string): string {
  return text.replace(special, '\\$&')
}

/** Whether a pattern can match more than one text. */
export function hasWildcard(pattern: string): boolean {
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!
    if (character === '\\') i++
    else if (character === '*' || character === '?') return true
    else if (character === '[' && pattern.includes(']', i + 1)) return true
    else if ('@+!'.includes(character) && pattern[i + 1] === '(') return true
  }
  return false
}

/** The text that a pattern without wildcards stands for. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1')
}

/** A shell pattern as the source of a regular expression without anchors. */
export function patternSource(pattern: string, options: { readonly isGreedy?: boolean } = {}): string {
  return new PatternTranslator(pattern, options.isGreedy === false ? '?' : '').alternatives('')
}

/** A regular expression for the whole text. */
export function patternRegExp(pattern: string, flags = ''): RegExp {
  return new RegExp(`^(?:${patternSource(pattern)})$`, `s${flags}`)
}

class PatternTranslator {
  readonly #pattern: string
  readonly #lazy: string
  #at = 0

  constructor(pattern: string, lazy: string) {
    this.#pattern = pattern
    this.#lazy = lazy
  }

  /** Translates up to one of the characters in `end`. */
  alternatives(end: string): string {
    let source = ''
    while (this.#at < this.#pattern.length) {
      const character = this.#pattern[this.#at]!
      if (end !== '' && character === ')') break
      if (end !== '' && character === '|') {
        source += '|'
        this.#at++
      } else source += this.#next(character)
    }
    return source
  }

  #next(character: string): string {
    if ('?*+@!'.includes(character) && this.#pattern[this.#at + 1] === '(') return this.#extended(character)
    this.#at++
    if (character === '*') return `.*${this.#lazy}`
    if (character === '?') return '.'
    if (character === '[') return this.#bracket()
    if (character === '\\' && this.#at < this.#pattern.length) return literal(this.#pattern[this.#at++]!)
    return literal(character)
  }

  #extended(operator: string): string {
    const start = this.#at
    this.#at += 2
    const inner = this.alternatives(')')
    if (this.#pattern[this.#at] !== ')') {
      this.#at = start + 1
      return operator === '*' ? '.*' : operator === '?' ? '.' : literal(operator)
    }
    this.#at++
    if (operator !== '!') return `(?:${inner})${operator === '@' ? '' : operator}`
    // What follows decides how far "anything but" reaches, so the rest is looked at first.
    const rest = new PatternTranslator(this.#pattern.slice(this.#at), this.#lazy).alternatives('')
    return `(?!(?:${inner})${rest}$).*`
  }

  #bracket(): string {
    const start = this.#at
    let source = ''
    if (this.#pattern[this.#at] === '!' || this.#pattern[this.#at] === '^') {
      source = '^'
      this.#at++
    }
    for (let isFirst = true; this.#at < this.#pattern.length; isFirst = false) {
      const character = this.#pattern[this.#at]!
      if (character === ']' && !isFirst) {
        this.#at++
        return `[${source}]`
      }
      const named = /^\[:(\w+):\]/.exec(this.#pattern.slice(this.#at))
      if (named) {
        source += classes[named[1]!] ?? ''
        this.#at += named[0].length
        continue
      }
      const first = this.#member()
      const isRange = this.#pattern[this.#at] === '-' && !(this.#pattern[this.#at + 1] ?? ']').startsWith(']')
      if (isRange) this.#at++
      source += range(first, isRange ? this.#member() : first)
    }
    this.#at = start
    return '\\['
  }

  /** One character between brackets, without the backslash before it. */
  #member(): string {
    if (this.#pattern[this.#at] === '\\' && this.#at + 1 < this.#pattern.length) this.#at++
    return this.#pattern[this.#at++]!
  }
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&')
}

/** A range whose end comes before its beginning has nothing in it. */
function range(first: string, last: string): string {
  const escaped = (member: string) => (/[\\\]^[-]/.test(member) ? `\\${member}` : member)
  if (first === last) return escaped(first)
  return first < last ? `${escaped(first)}-${escaped(last)}` : ''
}
