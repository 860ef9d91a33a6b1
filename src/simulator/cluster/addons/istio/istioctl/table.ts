/** Rows below a head, in columns that are as wide as they must be and some blanks more. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[], padding: number): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0)) + padding)
  return all
    .map(
      row =>
        `${row.map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column]!))).join('')}\n`,
    )
    .join('')
}
