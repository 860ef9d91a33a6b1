import { graphemesOf } from '../characterWidth.ts'

/** The first key in a text that a terminal sent; undefined when more of it has to come. */
export function nextKey(text: string): string | undefined {
  if (text[0] !== '\x1b') return text < ' ' ? text[0] : graphemesOf(text)[0]
  const sequence = /^\x1b(?:\[[\d;]*[~A-Za-z]|O[A-Za-z]|[^[O])/.exec(text)
  if (sequence) return sequence[0]
  return /^\x1b(?:\[[\d;]*|O)?$/.test(text) ? undefined : '\x1b'
}
