// Go's tabwriter as Cilium's commands set it up: columns at least this wide, with so many spaces between them.
const narrowest = 5
const padding = 3

/** Lines of cells as Cilium's commands align them; `isOpen` leaves the last cell of each line as it is. */
export function tabulate(rows: readonly (readonly string[])[], isOpen = false): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? narrowest, cell.length + padding)
  const line = (row: readonly string[]) =>
    row.map((cell, index) => (isOpen && index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join('')
  return rows.map(row => `${line(row)}\n`).join('')
}
