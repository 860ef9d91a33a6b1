import { resolveScalar } from '../yaml/resolve.ts'

/** Lines longer than this are folded at the next blank. */
const bestWidth = 80
/** A key longer than this stands behind `?` on a line of its own. */
const longestKey = 128

/** A JSON value as sigs.k8s.io/yaml prints it: sorted keys, YAML 1.1 quoting, folded lines (go-yaml v2's emitter). */
export function formatYaml(value: unknown): string {
  return block(value, 0, 0)
}

/** Documents in one stream, as kubectl prints several objects. */
export const documentSeparator = '---\n'

/** The rest of the line after a `:` or `-`, and the lines below it. */
function block(value: unknown, indent: number, column: number): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]\n' : sequence(value, indent)
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).filter(key => (value as Record<string, unknown>)[key] !== undefined)
    return keys.length === 0 ? '{}\n' : mapping(value as Record<string, unknown>, keys, indent)
  }
  return scalar(value, indent, column)
}

function sequence(items: readonly unknown[], indent: number): string {
  const pad = ' '.repeat(indent)
  return items.map((item, i) => `${i === 0 ? '' : pad}- ${block(item ?? null, indent + 2, indent + 2)}`).join('')
}

function mapping(object: Readonly<Record<string, unknown>>, keys: readonly string[], indent: number): string {
  const pad = ' '.repeat(indent)
  return keys
    .toSorted(byYamlKey)
    .map((key, i) => (i === 0 ? '' : pad) + entry(key, object[key], indent))
    .join('')
}

function entry(key: string, value: unknown, indent: number): string {
  const name = text(key, indent, indent, true)
  const lead = key.length > longestKey ? `? ${name}\n${' '.repeat(indent)}:` : `${name}:`
  if (Array.isArray(value) && value.length > 0) return `${lead}\n${' '.repeat(indent)}${sequence(value, indent)}`
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const body = block(value, isMap ? indent + 2 : indent, indent + lead.length + 1)
  return isMap && body !== '{}\n' ? `${lead}\n${' '.repeat(indent + 2)}${body}` : `${lead} ${body}`
}

function scalar(value: unknown, indent: number, column: number): string {
  if (typeof value === 'string') return `${text(value, indent, column, false)}\n`
  if (typeof value === 'number') return `${formatNumber(value)}\n`
  return `${value ?? null}\n`
}

/** Integers as they are; others as Go's %g prints them. */
function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString()
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

type Style = 'plain' | 'single' | 'double' | 'literal'

function text(value: string, indent: number, column: number, isKey: boolean): string {
  switch (styleOf(value, isKey)) {
    case 'plain':
      return fold(value, indent + 2, column, isKey)
    case 'single':
      return single(value, indent + 2, column, isKey)
    case 'double':
      return double(value, indent + 2, column, isKey)
    default:
      return literal(value, indent + 2)
  }
}

function styleOf(value: string, isKey: boolean): Style {
  const shape = shapeOf(value)
  if (value.includes('\n')) {
    if (!isKey && shape.mayBeBlock) return 'literal'
    return 'double'
  }
  if (!isText(value)) return 'double'
  if (shape.mayBePlain) return 'plain'
  return shape.mayBeSingle ? 'single' : 'double'
}

/** Whether the plain word would be read as text and as nothing else, clock times of YAML 1.1 included. */
function isText(value: string): boolean {
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(value)) return false
  if (/^\d{4}-\d\d?-\d\d?([Tt]\d\d?:\d\d?:\d\d?(\.\d+)?(Z|[-+]\d\d:\d\d)| \d\d?:\d\d?:\d\d?(\.\d+)?)?$/.test(value))
    return false
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(value)) return false
  return typeof resolveScalar(value, undefined, true) === 'string'
}

/** Which styles a text can be written in (libyaml's analysis of scalars). */
function shapeOf(value: string): { mayBePlain: boolean; mayBeSingle: boolean; mayBeBlock: boolean } {
  const isSpecial = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]|[\u2028\u2029\ufeff]/u.test(value)
  const hasIndicator =
    /^(---|\.\.\.)/.test(value) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(value) ||
    /^[-?:](\s|$)/.test(value) ||
    /:(\s|$)|\s#/.test(value)
  const isEdged = /^[ \n]|[ \n]$/.test(value)
  const hasSpaceBreak = / \n/.test(value)
  const isBroken = value.includes('\n')
  return {
    mayBePlain: !isSpecial && !hasIndicator && !isEdged && !isBroken,
    mayBeSingle: !isSpecial && !hasSpaceBreak && !/\n /.test(value),
    mayBeBlock: !isSpecial && !hasSpaceBreak && !value.endsWith(' '),
  }
}

function fold(value: string, indent: number, column: number, isKey: boolean): string {
  if (isKey || column + value.length <= bestWidth) return value
  let out = ''
  let at = column
  for (let i = 0; i < value.length; i++) {
    const char = value[i]!
    if (char === ' ' && value[i - 1] !== ' ' && value[i + 1] !== ' ' && at > bestWidth) {
      out += `\n${' '.repeat(indent)}`
      at = indent
    } else {
      out += char
      at += isTrail(char) ? 0 : 1
    }
  }
  return out
}

function single(value: string, indent: number, column: number, isKey: boolean): string {
  let out = "'"
  let at = column + 1
  for (let i = 0; i < value.length; i++) {
    const char = value[i]!
    const isInside = i > 0 && i < value.length - 1 && value[i - 1] !== ' ' && value[i + 1] !== ' '
    if (char === ' ' && isInside && !isKey && at > bestWidth) {
      out += `\n${' '.repeat(indent)}`
      at = indent
    } else {
      out += char === "'" ? "''" : char
      at += char === "'" ? 2 : isTrail(char) ? 0 : 1
    }
  }
  return `${out}'`
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function double(value: string, indent: number, column: number, isKey: boolean): string {
  let out = '"'
  let at = column + 1
  let wasSpace = false
  const chars = [...value]
  for (const [i, char] of chars.entries()) {
    if (char === ' ' && !isKey && !wasSpace && at > bestWidth && i > 0 && i < chars.length - 1) {
      out += `\n${' '.repeat(indent)}`
      at = indent
      if (chars[i + 1] === ' ') {
        out += '\\'
        at++
      }
      wasSpace = true
      continue
    }
    const shown = escapes[char] ?? escaped(char)
    out += shown
    at += shown === char ? 1 : shown.length
    wasSpace = char === ' '
  }
  return `${out}"`
}

function escaped(char: string): string {
  const code = char.codePointAt(0)!
  if (code >= 0x20 && code !== 0x7f && !(code > 0x7f && code < 0xa0) && code !== 0xfeff && code < 0xfffe) return char
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

/** `|` and what says how the text begins and ends. */
function literal(value: string, indent: number): string {
  const indentHint = /^[ \n]/.test(value) ? '2' : ''
  const chompHint = !value.endsWith('\n') ? '-' : value.length === 1 || value.endsWith('\n\n') ? '+' : ''
  const pad = ' '.repeat(indent)
  const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n')
  return `|${indentHint}${chompHint}\n${lines.map(line => (line ? pad + line : '')).join('\n')}`
}

/** The second half of a pair that makes one character. */
function isTrail(char: string): boolean {
  return char >= '\udc00' && char <= '\udfff'
}

/** go-yaml's order of keys: numbers inside names count as numbers, letters come after everything else. */
function byYamlKey(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  const at = left.findIndex((char, i) => char !== right[i])
  if (at < 0 || at >= right.length) return left.length - right.length
  const x = left[at]!
  const y = right[at]!
  if (isLetter(x) && isLetter(y)) return x < y ? -1 : 1
  if (isLetter(x) || isLetter(y)) return isLetter(x) === (at > 0 && isDigit(left[at - 1]!)) ? -1 : 1
  const lead = x === '0' || y === '0' ? leadingDigit(left, at) : ''
  const m = digitsFrom(left, at)
  const n = digitsFrom(right, at)
  return Number(lead + m) - Number(lead + n) || m.length - n.length || (x < y ? -1 : 1)
}

/** Whether the number that goes on here has begun with something else than zeros. */
function leadingDigit(chars: readonly string[], at: number): '1' | '' {
  for (let i = at - 1; i >= 0 && isDigit(chars[i]!); i--) if (chars[i] !== '0') return '1'
  return ''
}

function digitsFrom(chars: readonly string[], at: number): string {
  let end = at
  while (end < chars.length && isDigit(chars[end]!)) end++
  return chars.slice(at, end).join('')
}

function isDigit(char: string): boolean {
  return /^\p{Nd}$/u.test(char)
}

function isLetter(char: string): boolean {
  return /^\p{L}$/u.test(char)
}
