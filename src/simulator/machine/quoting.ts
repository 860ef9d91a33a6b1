import type { Process } from './program.ts'

/** A text in the quotation marks of the process' language: ‘x’ where text is UTF-8, else 'x'. */
export function quoted(process: Process, text: string): string {
  const escaped = escapeControls(text)
  return isUtf8(process) ? `‘${escaped}’` : `'${escaped.replaceAll("'", "\\'")}'`
}

/** Whether the environment says that text is UTF-8. */
function isUtf8(process: Process): boolean {
  const { env } = process
  const locale = [env.get('LC_ALL'), env.get('LC_CTYPE'), env.get('LANG')].find(value => value)
  return /utf-?8$/i.test(locale ?? '')
}

/** A file's name in quotation marks, so that a shell would read it back: 'it', "it's", 'a'$'\n''b'. */
export function quotedName(name: string): string {
  if (/[\x00-\x1f\x7f]/.test(name)) {
    const pieces = name.split(/([\x00-\x1f\x7f]+)/)
    return pieces
      .map((piece, index) => (index % 2 === 1 ? `$'${escapeControls(piece)}'` : `'${piece.replaceAll("'", "'\\''")}'`))
      .join('')
  }
  if (!name.includes("'")) return `'${name}'`
  return /["$`\\!]/.test(name) ? `'${name.replaceAll("'", "'\\''")}'` : `"${name}"`
}

/** A file's name as messages show it: in quotation marks only where a shell would need them. */
export function shownName(name: string): string {
  return needsQuoting(name) ? quotedName(name) : name
}

/** Whether a shell would take a name for something else. */
export function needsQuoting(name: string): boolean {
  return name === '' || /[\s\x00-\x1f\x7f!"$&'()*;<=>?[\\^`|]|^[#~]/.test(name) || /^[{}]$/.test(name)
}

const letters: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
}

/** Control characters as C writes them. */
function escapeControls(text: string): string {
  return text.replace(
    /[\x00-\x1f\x7f]/g,
    character => letters[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
}
