import { JqSyntaxError } from './syntax.ts'

export interface Token {
  readonly type: 'number' | 'text' | 'name' | 'field' | 'variable' | 'format' | 'operator' | 'end'
  readonly value: string
  /** Where it begins in the source. */
  readonly at: number
  /** Pieces of a string: text, and the source of `\( … )`. */
  readonly parts?: readonly (string | { readonly source: string })[]
}

const operator = /^(?:\?\/\/=?|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[.[\](){}|,:;=<>+\-*/%?])/

/** Splits the text of a filter into words. */
export function readTokens(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (type: Token['type'], text: string, value = text) => {
    tokens.push({ type, value, at })
    at += text.length
  }
  while (at < source.length) {
    const rest = source.slice(at)
    const blank = /^(?:\s+|#[^\n]*)/.exec(rest)
    const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(rest)
    const field = /^\.([A-Za-z_]\w*)/.exec(rest)
    const name = /^[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*/.exec(rest)
    const variable = /^\$(__loc__|[A-Za-z_]\w*(?:::\w+)*)/.exec(rest)
    const format = /^@\w+/.exec(rest)
    const symbol = operator.exec(rest)
    if (blank) at += blank[0].length
    else if (rest[0] === '"') {
      const { parts, length } = readText(rest)
      tokens.push({ type: 'text', value: rest.slice(0, length), at, parts })
      at += length
    } else if (number) take('number', number[0])
    else if (field) take('field', field[0], field[1])
    else if (variable) take('variable', variable[0], variable[1])
    else if (format) take('format', format[0])
    else if (name) take('name', name[0])
    else if (symbol) take('operator', symbol[0])
    else throw new JqSyntaxError('syntax error, unexpected INVALID_CHARACTER', at)
  }
  tokens.push({ type: 'end', value: '$end', at: Math.max(0, source.length - 1) })
  return tokens
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '"': '"',
  '/': '/',
  '\\': '\\',
}

function readText(source: string): { parts: (string | { source: string })[]; length: number } {
  const parts: (string | { source: string })[] = []
  let text = ''
  let at = 1
  for (; at < source.length && source[at] !== '"'; at++) {
    if (source[at] !== '\\') {
      text += source[at]
      continue
    }
    const letter = source[++at] ?? ''
    if (letter === '(') {
      const end = closing(source, at)
      parts.push(text, { source: source.slice(at + 1, end) })
      text = ''
      at = end
    } else if (letter === 'u') {
      text += String.fromCharCode(Number.parseInt(source.slice(at + 1, at + 5), 16))
      at += 4
    } else if (letter in escapes) text += escapes[letter]
    else throw new JqSyntaxError('syntax error, unexpected INVALID_CHARACTER')
  }
  if (at >= source.length)
    throw new JqSyntaxError(
      'syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END',
      source.length - 1,
    )
  parts.push(text)
  return { parts, length: at + 1 }
}

/** Where the bracket that opens at `from` closes; strings inside may hold brackets. */
function closing(source: string, from: number): number {
  let depth = 0
  for (let at = from; at < source.length; at++) {
    if (source[at] === '"') at += readText(source.slice(at)).length - 1
    else if (source[at] === '(') depth++
    else if (source[at] === ')' && --depth === 0) return at
  }
  throw new JqSyntaxError('syntax error, unexpected $end', source.length - 1)
}
