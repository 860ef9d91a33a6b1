import { textWidth } from '../characterWidth.ts'

/** The numbered list that `select` shows: one column when it fits, else several, filled downwards. */
export function menuOf(words: readonly string[], columns: number): string {
  const width = String(words.length).length
  const items = words.map((word, index) => `${String(index + 1).padStart(width)}) ${word}`)
  const widest = Math.max(...items.map(textWidth)) + 1
  const perRow = words.length <= 8 && widest * 2 > columns ? 1 : Math.max(1, Math.floor(columns / widest))
  const rows = Math.ceil(items.length / perRow)
  if (rows <= 1 || perRow === 1) return items.map(item => `${item}\n`).join('')
  const line = (row: number) =>
    items
      .filter((_, index) => index % rows === row)
      .map((item, index, all) => (index === all.length - 1 ? item : item.padEnd(widest)))
  return Array.from({ length: rows }, (_, row) => `${line(row).join('')}\n`).join('')
}
