import { textWidth } from '../characterWidth.ts'

const tab = 8

/** The numbered list that `select` shows: in columns that are filled downwards, with tabs between (bash's select_query). */
export function menuOf(words: readonly string[], columns: number): string {
  const digits = String(words.length).length
  const width = Math.max(...words.map(textWidth)) + digits + 4
  const perRow = Math.max(1, Math.floor(columns / width))
  const rows = Math.ceil(words.length / perRow)
  if (rows === 1) return words.map((word, index) => `${numbered(index, digits, word)}\n`).join('')
  let menu = ''
  for (let row = 0; row < rows; row++) {
    for (let index = row, place = 0; index < words.length; index += rows, place += width) {
      const item = numbered(index, place === 0 ? String(rows).length : digits, words[index]!)
      menu += item
      if (index + rows < words.length) menu += gap(place + textWidth(item), place + width)
    }
    menu += '\n'
  }
  return menu
}

function numbered(index: number, digits: number, word: string): string {
  return `${String(index + 1).padStart(digits)}) ${word}`
}

/** White space from one column to another. */
function gap(from: number, to: number): string {
  let space = ''
  for (let at = from; at < to; ) {
    const next = at + tab - (at % tab)
    space += next <= to ? '\t' : ' '
    at = next <= to ? next : at + 1
  }
  return space
}
