/** How wide columns are: at least `minimum`, and `padding` blanks behind the longest cell. */
export interface TabStops {
  readonly minimum: number
  readonly padding: number
}

/** The stops of kubectl's tables. */
export const tableStops: TabStops = { minimum: 6, padding: 3 }

/** The stops of descriptions. */
export const descriptionStops: TabStops = { minimum: 0, padding: 2 }

/**
 * Lays out text whose cells end with tabs. A column is a run of lines that all have a cell there, so a line
 * without tabs ends the columns above it (Go's text/tabwriter). `remembered` carries widths from one text to the next.
 */
export function alignTabs(text: string, stops: TabStops, remembered?: number[]): string {
  const endsLine = text.endsWith('\n')
  const lines = (endsLine ? text.slice(0, -1) : text).split('\n').map(line => line.split('\t'))
  const out: string[] = []
  const widths: number[] = []

  const write = (from: number, to: number) => {
    for (const cells of lines.slice(from, to)) {
      out.push(cells.map((cell, column) => cell + blanks((widths[column] ?? 0) - widthOf(cell))).join(''))
    }
  }
  const format = (from: number, to: number) => {
    const column = widths.length
    let begin = from
    for (let at = from; at < to; ) {
      if (column >= lines[at]!.length - 1) {
        at++
        continue
      }
      write(begin, at)
      begin = at
      let width = Math.max(stops.minimum, remembered?.[column] ?? 0)
      for (; at < to && column < lines[at]!.length - 1; at++) {
        width = Math.max(width, widthOf(lines[at]![column]!) + stops.padding)
      }
      if (remembered) remembered[column] = width
      widths.push(width)
      format(begin, at)
      widths.pop()
      begin = at
    }
    write(begin, to)
  }
  format(0, lines.length)
  return out.join('\n') + (endsLine ? '\n' : '')
}

function blanks(count: number): string {
  return count > 0 ? ' '.repeat(count) : ''
}

/** Cells are measured in code points, as Go counts runes. */
function widthOf(cell: string): number {
  return /^[\x00-\x7f]*$/.test(cell) ? cell.length : [...cell].length
}
