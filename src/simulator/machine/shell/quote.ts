/** A text between single quotes where that is possible, as `${x@Q}`, `alias` and `trap` print it. */
export function shellQuoted(text: string): string {
  if (/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) return ansiQuoted(text)
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** A text between double quotes, as `declare -p` prints it. */
export function declarationQuoted(text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text)) return ansiQuoted(text)
  return `"${text.replace(/[$`"\\]/g, '\\$&')}"`
}

/** A text as `printf %q` prints it: backslashes, or `$'…'` for control characters. */
export function backslashQuoted(text: string): string {
  if (text === '') return "''"
  if (/[\x00-\x1f\x7f]/.test(text)) return ansiQuoted(text)
  const escaped = text.replace(/[^\w@%+=:,./\-\u0080-\uffff]/g, '\\$&')
  return /^[~#]/.test(text) ? escaped.replace(/^\\?/, '\\') : escaped
}

/** A text as `set` and xtrace print it: quotes only where they are needed. */
export function sparselyQuoted(text: string): string {
  if (text === '') return "''"
  return /^[\w@%+=:,./^\-\u0080-\uffff]+$/.test(text) ? text : shellQuoted(text)
}

const letters: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\E',
  '\\': '\\\\',
  "'": "\\'",
}

function ansiQuoted(text: string): string {
  const escaped = text.replace(
    /[\x00-\x1f\x7f\\']/g,
    character => letters[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
  return `$'${escaped}'`
}

/** A text without its quotes: arithmetic has none of its own. What a command substitution holds stays as it is. */
export function withoutQuotes(text: string): string {
  let plain = ''
  for (let at = 0; at < text.length; ) {
    const end = text.startsWith('$(', at) ? endOfSubstitution(text, at + 2) : at + (text[at] === '\\' ? 2 : 1)
    const piece = text.slice(at, end)
    if (!/^["']$/.test(piece)) plain += piece
    at = end
  }
  return plain
}

/** Where a command substitution ends whose inside begins at a place: behind its closing bracket. */
function endOfSubstitution(text: string, from: number): number {
  let depth = 1
  for (const { 0: piece, index } of text.slice(from).matchAll(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[()]/g)) {
    if (piece === '(') depth++
    else if (piece === ')' && --depth === 0) return from + index + 1
  }
  return text.length
}
