import { zoneOf } from '../dateFormat.ts'
import { helpText } from '../helpText.ts'
import { parseOptions } from '../options.ts'
import { type ProcessRow, processRows } from '../processTable.ts'
import type { Process, Program } from '../program.ts'
import { columns, type View } from './ps/columns.ts'
import { type PsRequest, parseRequest, type TitledColumn } from './ps/request.ts'

/** Lists processes. */
export const ps: Program = {
  name: 'ps',
  summary: 'report a snapshot of the current processes',
  package: 'procps-ng 4.0.2',
  usage: '[options]',
  options: [
    { short: 'o', value: 'COL1,COL2=HEADER', help: 'select columns for display' },
    { short: 'T', help: 'show threads' },
    { short: 'e', help: '(ignored)' },
    { short: 'f', help: '(ignored)' },
    { short: 'a', help: '(ignored)' },
    { short: 'A', help: '(ignored)' },
    { short: 'd', help: '(ignored)' },
    { short: 'l', help: '(ignored)' },
    { short: 'w', help: '(ignored)' },
  ],
  busybox: { usage: '[-o COL1,COL2=HEADER] [-T]' },
  async run(process) {
    const words = process.argv.slice(1)
    if (process.flavour === 'busybox') return busybox(process)
    if (words[0] === '--help') {
      await process.write(helpText({ ...ps, options: [] }))
      return 0
    }
    if (words[0] === '--version' || words[0] === '-V') {
      await process.write('ps from procps-ng 4.0.2\n')
      return 0
    }
    const request = parseRequest(process, words)
    const rows = processRows(process.machine, process).filter(row => request.isSelected(row))
    await process.write(table(process, request, rows))
    return rows.length > 0 ? 0 : 1
  },
}

function table(process: Process, request: PsRequest, rows: readonly ProcessRow[]): string {
  const view = viewOf(process)
  const ordered = request.isForest ? asForest(rows) : sorted(rows, request).map(row => ({ row, branch: '' }))
  const shown = request.columns
  const last = shown.length - 1
  const cut = request.isWide || !process.stdout.terminal ? Number.POSITIVE_INFINITY : process.stdout.terminal.columns
  const line = (cell: (column: TitledColumn) => string) => {
    let text = ''
    let excess = 0
    for (const [index, column] of shown.entries()) {
      // A cell that is too long takes its room from the ones that follow.
      const width = Math.max(0, column.width - (column.isRight ? excess : 0))
      const content = cell(column)
      const padded = column.isRight ? content.padStart(width) : index === last ? content : content.padEnd(column.width)
      excess = Math.max(0, (column.isRight ? excess : 0) + padded.length - column.width)
      text += index === 0 ? padded : ` ${padded}`
    }
    return `${text.slice(0, cut)}\n`
  }
  const hasTitles = shown.some(({ title }) => title !== '')
  const header = request.hasHeader && hasTitles ? line(({ title }) => title) : ''
  const isCommand = ({ key }: TitledColumn) => ['cmd', 'command', 'args', 'comm', 'ucmd'].includes(key)
  return (
    header +
    ordered
      .map(({ row, branch }) => line(column => (isCommand(column) ? branch : '') + column.value(row, view)))
      .join('')
  )
}

function viewOf({ machine, env, files }: Process): View {
  const text = files.exists('/proc/meminfo') ? files.readText('/proc/meminfo') : ''
  const memory = Number(/^MemTotal:\s+(\d+)/m.exec(text)?.[1] ?? 1_000_000)
  return { now: machine.now(), zone: zoneOf(env.get('TZ')), memory }
}

function sorted(rows: readonly ProcessRow[], { sort }: PsRequest): readonly ProcessRow[] {
  if (sort.length === 0) return rows
  return rows.toSorted((a, b) => {
    for (const { key, isDescending } of sort) {
      const column = columns[key]!
      const [x, y] = [a, b].map(
        row => column.number?.(row) ?? column.value(row, { now: 0, zone: zoneOf(undefined), memory: 1 }),
      ) as [number | string, number | string]
      if (x !== y) return (x < y ? -1 : 1) * (isDescending ? -1 : 1)
    }
    return 0
  })
}

/** Children stand under their parents, with branches drawn in front of their commands. */
function asForest(rows: readonly ProcessRow[]): { row: ProcessRow; branch: string }[] {
  const known = new Set(rows.map(row => row.pid))
  const result: { row: ProcessRow; branch: string }[] = []
  const add = (row: ProcessRow, indent: string, isTop: boolean, isLast: boolean) => {
    result.push({ row, branch: isTop ? '' : `${indent} \\_ ` })
    const children = rows.filter(each => each.parent === row.pid && each !== row)
    const inner = isTop ? '' : `${indent} ${isLast ? ' ' : '|'}  `
    children.forEach((child, index) => {
      add(child, inner, false, index === children.length - 1)
    })
  }
  for (const row of rows) if (!known.has(row.parent)) add(row, '', true, true)
  return result
}

const busyboxTitles: Readonly<Record<string, [title: string, width: number]>> = {
  user: ['USER', 8],
  group: ['GROUP', 8],
  comm: ['COMMAND', 16],
  args: ['COMMAND', 255],
  pid: ['PID', 5],
  ppid: ['PPID', 5],
  pgid: ['PGID', 5],
  etime: ['ELAPSED', 7],
  nice: ['NI', 5],
  rgroup: ['RGROUP', 8],
  ruser: ['RUSER', 8],
  time: ['TIME', 5],
  tty: ['TT', 6],
  vsz: ['VSZ', 4],
  sid: ['SID', 5],
  stat: ['STAT', 4],
  rss: ['RSS', 4],
}

async function busybox(process: Process): Promise<number> {
  const words = process.argv.slice(1).filter(word => word.startsWith('-') || /^[a-z]+$/.test(word) === false)
  const args = await parseOptions(process, ps, words)
  const asked = args.all('o').flatMap(text => text.split(','))
  const view = viewOf(process)
  const chosen = (asked.length > 0 ? asked : ['pid', 'user', 'args']).map(text => {
    const [key = '', title] = text.split('=')
    const known = busyboxTitles[key]
    if (!known) throw args.misuse(`bad -o argument '${key}'`)
    return { key, title: title ?? known[0], width: known[1] }
  })
  const isNumber = (key: string) => ['pid', 'ppid', 'pgid', 'sid', 'nice'].includes(key)
  const rows = processRows(process.machine, process)
  const cell = (row: ProcessRow, key: string): string => {
    if (key === 'args') return withName(row)
    if (key === 'time') return '0:00'
    const text = columns[key]?.value(row, view) ?? ''
    return key === 'vsz' || key === 'rss' ? shortSize(Number(text)) : text
  }
  const last = chosen.length - 1
  const pad = (text: string, width: number, isRight: boolean, index: number) =>
    index === last ? text : isRight ? text.padStart(width) : text.slice(0, width).padEnd(width)
  let text = `${chosen.map(({ title, width }, index) => (index === last ? title : title.padEnd(width))).join(' ')}\n`
  for (const row of rows) {
    text += `${chosen.map(({ key, width }, index) => pad(cell(row, key), width, isNumber(key), index)).join(' ')}\n`
  }
  await process.write(text)
  return 0
}

/** BusyBox shows the name in braces when the command line begins with another one. */
function withName({ name, commandLine, process }: ProcessRow): string {
  const first = process.commandLine[0] ?? ''
  const base = first
    .slice(first.lastIndexOf('/') + 1)
    .replace(/^-/, '')
    .slice(0, 15)
  if (commandLine === '') return `[${name}]`
  return base === name ? commandLine : `{${name}} ${commandLine}`
}

function shortSize(kibibytes: number): string {
  if (kibibytes < 10_000) return String(kibibytes)
  return kibibytes < 10_240_000 ? `${Math.floor(kibibytes / 1024)}m` : `${Math.floor(kibibytes / 1_048_576)}g`
}
