/** Rows in columns, three blanks behind each, as Go's tabwriter sets them. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = widthsOf(rows)
  return `${rows.map(row => row.map((cell, index) => cell.padEnd(widths[index]! + 3)).join('')).join('\n')}\n\n`
}

/** A table with lines around it; heads stand in the middle, and numbers on the right. */
export function boxed(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[],
): string {
  const widths = widthsOf([head, ...rows])
  const line = `+${widths.map(width => '-'.repeat(width + 2)).join('+')}+`
  const centred = (text: string, width: number) => {
    const left = Math.floor((width - text.length) / 2)
    return text.padStart(text.length + left).padEnd(width)
  }
  const print = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const body = rows.map(row =>
    print(
      row.map((cell, index) => (numbers.includes(index) ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!))),
    ),
  )
  const top = print(head.map((cell, index) => centred(cell, widths[index]!)))
  return `${[line, top, line, ...body, ...(body.length > 0 ? [line] : [])].join('\n')}\n`
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return rows[0]!.map((_, index) => Math.max(...rows.map(row => row[index]!.length)))
}
