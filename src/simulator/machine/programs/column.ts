import { textWidth } from '../characterWidth.ts'
import type { FileError } from '../fileError.ts'
import { linesIn, openInputs, readAll } from '../inputs.ts'
import { type Arguments, defineProgram } from '../options.ts'
import type { Process } from '../program.ts'

/** Lines things up in columns. */
export const column = defineProgram({
  name: 'column',
  summary: 'columnate lists',
  package: 'util-linux 2.38.1',
  usage: '[options] [<file>...]',
  options: [
    { short: 't', long: 'table', help: 'create a table' },
    { short: 's', long: 'separator', value: 'STRING', help: 'possible table delimiters' },
    {
      short: 'o',
      long: 'output-separator',
      value: 'STRING',
      help: 'columns separator for table output (default is two spaces)',
    },
    { short: 'N', long: 'table-columns', value: 'NAMES', help: 'comma separated columns names' },
    { short: 'R', long: 'table-right', value: 'COLUMNS', help: 'right align text in these columns' },
    { short: 'L', long: 'keep-empty-lines', help: "don't ignore empty lines" },
    { short: 'c', long: 'output-width', value: 'WIDTH', help: 'width of output in number of characters' },
    { short: 'x', long: 'fillrows', help: 'fill rows before columns' },
    { short: 'n', help: '(ignored)' },
  ],
  notSimulated:
    '-d --table-noheadings -C --table-column -E --table-noextreme -e --table-header-repeat -H --table-hide -J --json -l --table-columns-limit -m --table-maxout -O --table-order -T --table-truncate -W --table-wrap -r --tree -i --tree-id -p --tree-parent',
  async run(process, args) {
    let status = 0
    let text = ''
    const report = async (error: FileError, name: string) => {
      status = await process.fail(`cannot open ${name}: ${error.text}`)
    }
    for await (const { stream } of openInputs(process, args.operands, report)) text += await readAll(stream)
    const lines = linesIn(text).filter(line => args.has('keep-empty-lines') || line.trim() !== '')
    await process.write(args.has('table') ? table(lines, args) : list(process, lines, args))
    return status
  },
})

function table(lines: readonly string[], args: Arguments): string {
  const separator = args.get('separator')
  const rows = lines.map(line => {
    if (separator === undefined) return line.trim().split(/[ \t]+/)
    return line.split(new RegExp(`[${separator.replace(/[\\\]^-]/g, '\\$&')}]`))
  })
  const names = args.get('table-columns')?.split(',')
  if (names) rows.unshift(names)
  const count = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(0, ...rows.map(row => textWidth(row[index] ?? ''))),
  )
  const right = new Set(
    args
      .get('table-right')
      ?.split(',')
      .map(each => names?.indexOf(each) ?? -1)
      .concat(
        args
          .get('table-right')!
          .split(',')
          .map(each => Number(each) - 1),
      ),
  )
  const between = args.get('output-separator') ?? '  '
  return rows
    .map(row => {
      const cells = widths.map((width, index) => {
        const cell = row[index] ?? ''
        const padding = ' '.repeat(width - textWidth(cell))
        if (right.has(index)) return padding + cell
        return index === count - 1 ? cell : cell + padding
      })
      return `${cells.join(between)}\n`
    })
    .join('')
}

/** A list in as many columns as fit, with tabs between them. */
function list(process: Process, lines: readonly string[], args: Arguments): string {
  if (lines.length === 0) return ''
  const width = Number(args.get('output-width') ?? process.stdout.terminal?.columns ?? process.env.get('COLUMNS') ?? 80)
  const longest = Math.max(...lines.map(textWidth))
  const cell = Math.ceil((longest + 1) / 8) * 8
  const columns = Math.max(1, Math.floor(width / cell))
  if (columns <= 1 || longest >= width) return lines.map(line => `${line}\n`).join('')
  const rows = Math.ceil(lines.length / columns)
  let text = ''
  for (let row = 0; row < rows; row++) {
    for (let place = 0; place < columns; place++) {
      const index = args.has('fillrows') ? row * columns + place : place * rows + row
      const line = lines[index]
      if (line === undefined) break
      const next = args.has('fillrows') ? index + 1 : index + rows
      const isLast = place === columns - 1 || next >= lines.length
      text += line + (isLast ? '' : '\t'.repeat(Math.ceil((cell - textWidth(line)) / 8)))
    }
    text += '\n'
  }
  return text
}
