import type { Table, TableRow } from '../server/object.ts'
import { alignTabs, tableStops } from './tabWriter.ts'

/** What a table shows besides its own columns. */
export interface TableOptions {
  readonly isWide: boolean
  readonly hasHeaders: boolean
  readonly showsNamespace: boolean
  readonly showsLabels: boolean
  readonly labelColumns: readonly string[]
  /** Written before names: `deployment.apps`. */
  readonly kind?: string
  /** Shown in a first column: what happened to the object. */
  readonly event?: string
}

/** Lines of a table with tabs between the cells; the header comes first where it is wanted and there are rows. */
export function tableLines(table: Table, options: TableOptions): string {
  if (table.rows.length === 0) return ''
  const columns = (table.columnDefinitions ?? [])
    .map((column, index) => ({ ...column, index }))
    .filter(column => options.isWide || !column.priority)
  const header = [
    ...(options.event === undefined ? [] : ['EVENT']),
    ...(options.showsNamespace ? ['NAMESPACE'] : []),
    ...columns.map(column => column.name.toUpperCase()),
    ...options.labelColumns.map(label => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
    ...(options.showsLabels ? ['LABELS'] : []),
  ]
  const rows = table.rows.map(row => [
    ...(options.event === undefined ? [] : [options.event]),
    ...(options.showsNamespace ? [row.object?.metadata.namespace ?? ''] : []),
    ...columns.map(({ index, format, name }) => {
      const isName = format === 'name' || name.toLowerCase() === 'name'
      return (isName && options.kind ? `${options.kind}/` : '') + cellText(row.cells[index])
    }),
    ...labelCells(row, options),
  ])
  return [...(options.hasHeaders ? [header] : []), ...rows].map(cells => `${cells.join('\t')}\n`).join('')
}

function labelCells({ object }: TableRow, { labelColumns, showsLabels }: TableOptions): string[] {
  const labels = object?.metadata.labels ?? {}
  const all = Object.keys(labels)
    .sort()
    .map(key => `${key}=${labels[key]}`)
  return [...labelColumns.map(label => labels[label] ?? ''), ...(showsLabels ? [all.join(',') || '<none>'] : [])]
}

/** A cell in one line; what a terminal would act upon is shown instead. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  const [first = '', ...rest] = String(cell).split(/[\f\n\r]/)
  return first.replaceAll('\x1b', '^[') + (rest.length > 0 ? '...' : '')
}

/** Aligns the columns of table lines; `widths` are remembered for lines that follow. */
export function alignTable(lines: string, widths?: number[]): string {
  return alignTabs(lines, tableStops, widths)
}

/** A table made of rows of text, for lists that kubectl itself puts together. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  return alignTable(rows.map(cells => `${cells.join('\t')}\n`).join(''))
}
