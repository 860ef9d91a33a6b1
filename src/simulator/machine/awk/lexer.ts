import { AwkSyntaxError } from './syntax.ts'

export interface Token {
  readonly type: 'number' | 'text' | 'pattern' | 'name' | 'function-name' | 'keyword' | 'operator' | 'newline' | 'end'
  readonly value: string
  readonly line: number
}

const keywords = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
)

const operators = /^(?:\*\*=|\|\||&&|==|!=|<=|>=|>>|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|\*\*|!~|[{}()[\];,+\-*/%^!<>|?:~$=])/

/** After one of these a slash divides; anywhere else it begins a pattern. */
const endsValue = new Set(['number', 'text', 'pattern', 'name'])

/** Splits the text of a program into words. */
export function readTokens(source: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  let at = 0
  const push = (type: Token['type'], value: string) => tokens.push({ type, value, line })
  const dividesNext = () => {
    const last = tokens.at(-1)
    return last !== undefined && (endsValue.has(last.type) || /^(?:[)\]$]|\+\+|--)$/.test(last.value))
  }
  while (at < source.length) {
    const rest = source.slice(at)
    const blank = /^(?:[ \t\r]+|\\\r?\n|#[^\n]*)/.exec(rest)
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest)
    const name = /^[A-Za-z_]\w*/.exec(rest)
    const operator = operators.exec(rest)
    if (blank) {
      if (blank[0].includes('\n')) line++
      at += blank[0].length
    } else if (rest[0] === '\n') {
      push('newline', '\n')
      line++
      at++
    } else if (rest[0] === '"') {
      const end = textEnd(rest, '"', line)
      push('text', withoutEscapes(rest.slice(1, end)))
      at += end + 1
    } else if (rest[0] === '/' && !dividesNext()) {
      const end = patternEnd(rest, line)
      push('pattern', rest.slice(1, end).replaceAll('\\/', '/'))
      at += end + 1
    } else if (number) {
      push('number', number[0])
      at += number[0].length
    } else if (name) {
      const isCall = source[at + name[0].length] === '('
      push(keywords.has(name[0]) ? 'keyword' : isCall ? 'function-name' : 'name', name[0])
      at += name[0].length
    } else if (operator) {
      push('operator', operator[0] === '**' ? '^' : operator[0] === '**=' ? '^=' : operator[0])
      at += operator[0].length
    } else throw new AwkSyntaxError(`unexpected character '${rest[0]}'`, line)
  }
  push('newline', '\n')
  push('end', '')
  return tokens
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.slice(0, 10)
}

function textEnd(text: string, quote: string, line: number): number {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote) return i
    else if (text[i] === '\n') break
  }
  throw new AwkSyntaxError(`runaway string constant ${firstLine(text)} ...`, line)
}

function patternEnd(text: string, line: number): number {
  let isInList = false
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '\n') break
    else if (text[i] === '[' && !isInList) {
      isInList = true
      if (text[i + 1] === '^') i++
      if (text[i + 1] === ']') i++
    } else if (text[i] === ']') isInList = false
    else if (text[i] === '/' && !isInList) return i
  }
  throw new AwkSyntaxError(`runaway regular expression ${firstLine(text)} ...`, line)
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '"': '"',
  '/': '/',
  '\\': '\\',
}

/** Replaces the escapes of a string; one that means nothing keeps its backslash, as in mawk. */
export function withoutEscapes(text: string): string {
  return text.replace(/\\(?:([0-7]{1,3})|(\n)|([\s\S]))/g, (whole, octal?: string, newline?: string, letter = '') => {
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
    return newline ? '' : (escapes[letter] ?? whole)
  })
}
