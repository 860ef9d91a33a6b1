import { type Arguments, defineProgram, type OptionName } from '../options.ts'
import { type ProcessRow, processRows } from '../processTable.ts'
import { type Process, UsageError } from '../program.ts'
import { compilePattern, PatternError } from '../regularExpression.ts'
import { mayEnd } from '../signalRights.ts'
import { findSignal } from '../signals.ts'

const options = [
  { short: 'd', long: 'delimiter', value: '<string>', help: 'specify output delimiter' },
  { short: 'l', long: 'list-name', help: 'list PID and process name' },
  { short: 'a', long: 'list-full', help: 'list PID and full command line' },
  { short: 'v', long: 'inverse', help: 'negates the matching' },
  { short: 'c', long: 'count', help: 'count of matching processes' },
  { short: 'f', long: 'full', help: 'use full process name to match' },
  { short: 'g', long: 'pgroup', value: '<PGID,...>', help: 'match listed process group IDs' },
  { short: 'i', long: 'ignore-case', help: 'match case insensitively' },
  { short: 'n', long: 'newest', help: 'select most recently started' },
  { short: 'o', long: 'oldest', help: 'select least recently started' },
  { short: 'P', long: 'parent', value: '<PPID,...>', help: 'match only child processes of the given parent' },
  { short: 't', long: 'terminal', value: '<tty,...>', help: 'match by controlling terminal' },
  { short: 'u', long: 'euid', value: '<ID,...>', help: 'match by effective IDs' },
  { short: 'U', long: 'uid', value: '<ID,...>', help: 'match by real IDs' },
  { short: 'x', long: 'exact', help: 'match exactly with the command name' },
  { short: 'e', long: 'echo', help: 'display what is killed' },
  { long: 'signal', value: '<sig>', help: 'signal to send (either number or name)' },
] as const

type PgrepArguments = Arguments<OptionName<typeof options>>

const declaration = {
  package: 'procps-ng 4.0.2',
  usage: '[options] <pattern>',
  options,
  notSimulated:
    '-O --older -s --session -F --pidfile -L --logpidfile -r --runstates --cgroup --ns --nslist -w --lightweight -G --group -A --ignore-ancestors -q --queue -H --require-handler',
  usageStatus: 2,
} as const

/** Finds processes by name. */
export const pgrep = defineProgram({
  ...declaration,
  name: 'pgrep',
  summary: 'look up processes based on name and other attributes',
  busybox: { usage: '[-flanovx] [-s SID|-P PPID|PATTERN]', options: 'flanovxP' },
  run: (process, args) => list(process, args),
})

/** Sends a signal to processes that it finds by name. */
export const pkill = defineProgram({
  ...declaration,
  name: 'pkill',
  summary: 'signal processes based on name and other attributes',
  // -SIGNAL stands in front of the options and is no option itself.
  prepare: words => words.map(word => (/^-(\d+|[A-Z][A-Z0-9]+)$/.test(word) ? `--signal=${word.slice(1)}` : word)),
  busybox: { usage: '[-l|-SIGNAL] [-xfvnoe] [-s SID|-P PPID|PATTERN]', options: 'fnovxPe signal' },
  run: (process, args) => end(process, args),
})

async function list(process: Process, args: PgrepArguments): Promise<number> {
  const rows = select(process, args)
  if (args.has('count')) {
    await process.write(`${rows.length}\n`)
    return rows.length > 0 ? 0 : 1
  }
  const lines = rows.map(row => {
    if (args.has('list-full')) return `${row.pid} ${row.commandLine}`
    return args.has('list-name') ? `${row.pid} ${row.name}` : String(row.pid)
  })
  if (lines.length > 0) await process.write(`${lines.join(args.get('delimiter') ?? '\n')}\n`)
  return rows.length > 0 ? 0 : 1
}

async function end(process: Process, args: PgrepArguments): Promise<number> {
  const name = args.get('signal') ?? 'TERM'
  const signal = findSignal(name)
  if (!signal && name !== '0') throw new UsageError(`unknown signal "${name}"`, 2)
  const rows = select(process, args)
  let count = 0
  for (const row of rows) {
    if (!mayEnd(process, row.process)) {
      await process.fail(`killing pid ${row.pid} failed: Operation not permitted`)
      continue
    }
    count++
    if (args.has('echo')) await process.write(`${row.name} killed (pid ${row.pid})\n`)
    if (signal) row.process.kill(signal.name, process)
  }
  if (args.has('count')) await process.write(`${count}\n`)
  return count > 0 ? 0 : 1
}

function select(process: Process, args: PgrepArguments): ProcessRow[] {
  const criteria = ['pgroup', 'parent', 'terminal', 'euid', 'uid'] as const
  if (args.operands.length === 0 && criteria.every(name => !args.has(name))) {
    throw new UsageError(`no matching criteria specified\nTry \`${process.argv[0]} --help' for more information.`, 2)
  }
  if (args.operands.length > 1) {
    throw new UsageError(`only one pattern can be provided\nTry \`${process.argv[0]} --help' for more information.`, 2)
  }
  const isMatch = matcher(args)
  const rows = processRows(process.machine, process).filter(
    row => row.process !== process && isMatch(row, process) !== args.has('inverse'),
  )
  const order = args.last('newest', 'oldest')
  if (order === undefined || rows.length === 0) return rows
  const chosen = rows.reduce((best, row) => {
    const isBetter = order === 'newest' ? row.startedAt >= best.startedAt : row.startedAt < best.startedAt
    return isBetter ? row : best
  })
  return [chosen]
}

function matcher(args: PgrepArguments): (row: ProcessRow, process: Process) => boolean {
  const text = args.operands[0]
  const numbers = (name: 'pgroup' | 'parent') => args.get(name)?.split(',').map(Number)
  const [groups, parents] = [numbers('pgroup'), numbers('parent')]
  const names = args.get('euid')?.split(',') ?? args.get('uid')?.split(',')
  const terminals = args.get('terminal')?.split(',')
  const pattern = text === undefined ? undefined : compile(text, args)
  return (row, { machine }) => {
    if (groups && !groups.includes(row.group)) return false
    if (parents && !parents.includes(row.parent)) return false
    if (terminals && !terminals.includes(row.terminal)) return false
    if (names && !names.some(name => row.uid === (machine.users.byName(name)?.uid ?? Number(name)))) return false
    if (!pattern) return true
    pattern.lastIndex = 0
    return pattern.test(args.has('full') ? row.commandLine : row.name)
  }
}

function compile(text: string, args: PgrepArguments): RegExp {
  try {
    const whole = args.has('exact') ? ({ whole: 'line' } as const) : {}
    return compilePattern(text, { syntax: 'extended', ignoresCase: args.has('ignore-case'), ...whole })
  } catch (error) {
    if (error instanceof PatternError) throw new UsageError(`regex error: ${error.message}`, 2)
    throw error
  }
}
