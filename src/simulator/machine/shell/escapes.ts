import { bytesOf, textOf } from '../bytes.ts'

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
  "'": "'",
  '"': '"',
  '?': '?',
}

/** Decodes backslash escapes as `$'…'` and prompts have them. */
export function decodeEscapes(text: string): string {
  let hasBytes = false
  const decoded = text.replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([abeEfnrtv\\'"?]))/g,
    (_, octal?: string, hex?: string, short?: string, long?: string, letter?: string) => {
      if (letter !== undefined) return letters[letter]!
      const code = short ?? long
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
      const byte = octal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(octal, 8) & 255
      hasBytes ||= byte >= 0x80
      return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 | byte)
    },
  )
  // Bytes that were written one by one may make up characters.
  return hasBytes ? textOf(bytesOf(decoded)) : decoded
}
