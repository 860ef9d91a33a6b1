import { textWidth } from '../characterWidth.ts'

/** One thing that Tab offers. */
export interface Candidate {
  /** What replaces the typed text. */
  readonly text: string
  /** What the list shows. */
  readonly shown: string
  /** What follows when it is the only one: a space, or nothing after a directory. */
  readonly ending: string
  /** What it is for. */
  readonly about?: string
}

/** What Tab offers for the word that begins at `from`. */
export interface Completion {
  readonly from: number
  readonly candidates: readonly Candidate[]
}

/** The longest text with which all begin. */
export function commonStart(texts: readonly string[]): string {
  let start = texts[0] ?? ''
  for (const text of texts) {
    while (!text.startsWith(start)) start = start.slice(0, -1)
  }
  return start
}

/** Candidates in columns, filled downwards, as readline shows them. */
export function completionList(candidates: readonly Candidate[], columns: number): string {
  const longest = Math.max(...candidates.map(({ shown }) => shown.length))
  const shown = candidates.map(candidate => explained(candidate, longest, columns))
  const widest = Math.max(...shown.map(textWidth)) + 2
  const perRow = Math.max(1, Math.floor(columns / widest))
  const rows = Math.ceil(shown.length / perRow)
  let list = ''
  for (let row = 0; row < rows; row++) {
    const line = shown.filter((_, index) => index % rows === row)
    list += `${line
      .map(text => text + ' '.repeat(widest - textWidth(text)))
      .join('')
      .trimEnd()}\n`
  }
  return list
}

/** `get   (Display one or many resources)`, cut to the width of the screen as the completion scripts of Go programs do. */
function explained({ shown, about }: Candidate, longest: number, columns: number): string {
  if (about === undefined) return shown
  const isRoomy = columns - longest - 4 > 8
  const name = isRoomy ? shown.padEnd(longest) : shown
  const room = columns - name.length - 4
  if (room <= 0) return name
  return `${name}  (${about.length > room ? `${about.slice(0, room - 1)}…` : about})`
}
