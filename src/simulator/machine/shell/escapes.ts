import { bytesOf, textOf } from '../bytes.ts'

/** Where backslashes are decoded: `echo -e` and `%b`, the format of `printf`, or `$'…'`. */
export type EscapeStyle = 'echo' | 'format' | 'ansi'

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/** Decodes backslash escapes; `\c` ends the output where echo knows it. */
export function decodeEscapes(text: string, style: EscapeStyle): { readonly text: string; readonly isCut: boolean } {
  if (!text.includes('\\')) return { text, isCut: false }
  let out = ''
  let hasBytes = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\' || i + 1 === text.length) {
      out += text[i]
      continue
    }
    const rest = text.slice(i + 1)
    const letter = rest[0]!
    if (letter === 'c' && style === 'echo') return { text: finished(out, hasBytes), isCut: true }
    const octal = (style === 'echo' ? /^0[0-7]{0,3}/ : /^[0-7]{1,3}/).exec(rest)
    const hex = /^x[0-9a-fA-F]{1,2}/.exec(rest)
    const unicode = /^u[0-9a-fA-F]{1,4}|^U[0-9a-fA-F]{1,8}/.exec(rest)
    if (octal || hex) {
      const match = (octal ?? hex)![0]
      const byte = octal ? Number.parseInt(match, 8) & 255 : Number.parseInt(match.slice(1), 16)
      if (byte >= 0x80) hasBytes = true
      out += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 | byte)
      i += match.length
    } else if (unicode) {
      out += String.fromCodePoint(Number.parseInt(unicode[0].slice(1), 16))
      i += unicode[0].length
    } else if (letters[letter] !== undefined) {
      out += letters[letter]
      i++
    } else if ((style !== 'echo' && (letter === '"' || letter === "'")) || (style === 'ansi' && letter === '?')) {
      out += letter
      i++
    } else out += '\\'
  }
  return { text: finished(out, hasBytes), isCut: false }
}

/** Bytes that were written one by one may make up characters. */
function finished(text: string, hasBytes: boolean): string {
  return hasBytes ? textOf(bytesOf(text)) : text
}
