import { textWidth } from '../../characterWidth.ts'

/** A name ready to print and how many columns it takes, colours aside. */
export interface Cell {
  readonly text: string
  readonly width: number
}

/** A cell for a text without colours. */
export function cellOf(text: string, shown = text): Cell {
  return { text: shown, width: textWidth(text) }
}

/** Names in columns, sorted downwards (`-C`) or across (`-x`), as many columns as fit; GNU fills with tabs. */
export function inColumns(
  cells: readonly Cell[],
  lineWidth: number,
  options: { readonly isAcross: boolean; readonly usesTabs: boolean },
): string {
  if (cells.length === 0) return ''
  const { isAcross, usesTabs } = options
  const widths = columnWidths(cells, lineWidth, isAcross)
  const columns = widths.length
  const rows = Math.ceil(cells.length / columns)
  let text = ''
  for (let row = 0; row < rows; row++) {
    let at = 0
    let begin = 0
    for (let column = 0; column < columns; column++) {
      const index = isAcross ? row * columns + column : column * rows + row
      const cell = cells[index]
      if (!cell) break
      text += fill(at, begin, usesTabs) + cell.text
      at = begin + cell.width
      begin += widths[column]!
    }
    text += '\n'
  }
  return text
}

/** The widths of the most columns that fit into a line, two spaces after each name. */
function columnWidths(cells: readonly Cell[], lineWidth: number, isAcross: boolean): number[] {
  const most = Math.min(cells.length, Math.max(1, Math.floor(lineWidth / 3)))
  for (let columns = most; columns > 1; columns--) {
    const rows = Math.ceil(cells.length / columns)
    const widths = Array<number>(columns).fill(0)
    cells.forEach(({ width }, index) => {
      const column = isAcross ? index % columns : Math.floor(index / rows)
      const gap = column === columns - 1 ? 0 : 2
      widths[column] = Math.max(widths[column]!, width + gap)
    })
    const isUsed = isAcross || Math.ceil(cells.length / rows) === columns
    if (isUsed && widths.reduce((sum, width) => sum + width, 0) < lineWidth) return widths
  }
  return [Math.max(...cells.map(cell => cell.width))]
}

function fill(from: number, to: number, usesTabs: boolean): string {
  let text = ''
  let at = from
  while (at < to) {
    if (usesTabs && Math.floor(to / 8) > Math.floor((at + 1) / 8)) {
      text += '\t'
      at += 8 - (at % 8)
    } else {
      text += ' '
      at++
    }
  }
  return text
}

/** Names with commas between them, broken where the line is full (`-m`). */
export function withCommas(cells: readonly Cell[], lineWidth: number): string {
  let text = ''
  let at = 0
  cells.forEach(({ text: shown, width }, index) => {
    if (index > 0) {
      const fits = at + width + 2 < lineWidth
      text += fits ? ', ' : ',\n'
      at = fits ? at + 2 : 0
    }
    text += shown
    at += width
  })
  return cells.length > 0 ? `${text}\n` : ''
}
