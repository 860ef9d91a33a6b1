import type { Readable } from '../program.ts'

/** How `read` ends: at which character, after how many, and when it gives up. */
export interface ReadLimits {
  readonly delimiter?: string
  readonly characters?: number
  /** Only the count ends it, not the delimiter (`-N`). */
  readonly isExact?: boolean
  readonly isRaw?: boolean
}

/** What `read` got: the text, and whether the input ended before the delimiter. */
export interface ReadResult {
  readonly text: string
  readonly isEnd: boolean
}

/** The next line without its newline; undefined at the end of the input. */
export async function readLine(from: Readable): Promise<string | undefined> {
  const { text, isEnd } = await readText(from, {})
  return isEnd && text === '' ? undefined : text
}

/** Reads up to a delimiter and puts back what comes after it. Without `isRaw`, a backslash joins lines. */
export async function readText(from: Readable, limits: ReadLimits): Promise<ReadResult> {
  const delimiter = limits.isExact ? undefined : (limits.delimiter ?? '\n')
  let text = ''
  let count = 0
  for (;;) {
    const piece = await from.read()
    if (piece === undefined) return { text, isEnd: true }
    for (let i = 0; i < piece.length; i++) {
      const character = piece[i]!
      if (!limits.isRaw && character === '\\' && i + 1 < piece.length) {
        if (piece[i + 1] !== '\n') text += character + piece[i + 1]!
        i++
        count++
      } else if (character === delimiter) {
        from.unread(piece.slice(i + 1))
        return { text, isEnd: false }
      } else {
        text += character
        count++
      }
      if (count === limits.characters) {
        from.unread(piece.slice(i + 1))
        return { text, isEnd: false }
      }
    }
  }
}
