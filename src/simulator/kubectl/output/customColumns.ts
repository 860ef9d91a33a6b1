import { formatValues, type JsonPath, JsonPathError, parseJsonPath, relaxedPath } from '../../cluster/api/jsonPath.ts'
import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'
import { type AnyObject, isList } from '../server/object.ts'
import { goText } from './goFormat.ts'
import { sorted } from './json.ts'
import { type ObjectPrinter, withoutManagedFields } from './printer.ts'
import { alignTable } from './table.ts'

interface Column {
  readonly header: string
  readonly path: JsonPath
}

/** The printer of `-o custom-columns=…` and `-o custom-columns-file=…`: the header comes once, columns stay aligned. */
export function columnsPrinter(
  process: Process,
  format: string,
  argument: string,
  options: { readonly hasHeaders: boolean },
): ObjectPrinter {
  if (argument === '') throw new Failure('custom-columns format specified but no custom columns given')
  const columns = format === 'custom-columns' ? parseColumns(argument) : parseColumnFile(readFile(process, argument))
  const widths: number[] = []
  let { hasHeaders } = options
  return {
    print(object) {
      const lines = columnLines(columns, object, hasHeaders)
      hasHeaders = false
      return alignTable(lines, widths)
    },
  }
}

function readFile(process: Process, name: string): string {
  const path = process.path(name)
  if (process.files.exists(path)) return process.files.readText(path)
  throw new Failure(`error reading template ${name}, open ${name}: no such file or directory`)
}

/** Reads `NAME:.metadata.name,IMAGE:.spec.containers[0].image`. */
function parseColumns(spec: string): Column[] {
  return spec.split(',').map(part => {
    const at = part.indexOf(':')
    if (at < 0) throw new Failure(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
    return { header: part.slice(0, at), path: columnPath(part.slice(at + 1)) }
  })
}

/** Reads a file of two lines: headers, and below them paths. */
function parseColumnFile(text: string): Column[] {
  const [headerLine = '', pathLine = ''] = text.split('\n')
  const headers = headerLine.trim().split(/\s+/)
  const paths = pathLine.trim().split(/\s+/)
  if (headers.length !== paths.length) {
    throw new Failure(`number of headers (${headers.length}) and field specifications (${paths.length}) don't match`)
  }
  return headers.map((header, i) => ({ header, path: columnPath(paths[i]!) }))
}

function columnPath(path: string): JsonPath {
  try {
    return parseJsonPath(relaxedPath(path), true)
  } catch (error) {
    throw error instanceof JsonPathError ? new Failure(error.message) : error
  }
}

/** Lines with tabs between the cells; nothing found is `<none>`. */
function columnLines(columns: readonly Column[], object: AnyObject, hasHeaders: boolean): string {
  const objects = isList(object) ? object.items : [object]
  const header = hasHeaders ? `${columns.map(column => column.header).join('\t')}\n` : ''
  return header + objects.map(each => row(columns, sorted(withoutManagedFields(each)))).join('')
}

function row(columns: readonly Column[], object: unknown): string {
  const cells = columns.map(({ path }) => {
    try {
      const values = path.find(object)[0] ?? []
      return values.length === 0 ? '<none>' : values.map(value => cellText(value)).join(',')
    } catch (error) {
      throw error instanceof JsonPathError ? new Failure(error.message) : error
    }
  })
  return `${cells.join('\t')}\n`
}

function cellText(value: unknown): string {
  if (value === null) return '<nil>'
  return typeof value === 'object' ? goText(value) : formatValues([value])
}
