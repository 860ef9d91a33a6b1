import { defineProgram } from '../options.ts'
import { processRows } from '../processTable.ts'
import { UsageError } from '../program.ts'
import { mayEnd } from '../signalRights.ts'
import { findSignal, signals } from '../signals.ts'

/** Sends a signal to all processes of a name. */
export const killall = defineProgram({
  name: 'killall',
  summary: 'kill processes by name',
  package: 'PSmisc 23.6',
  usage: '[OPTION]... [--] NAME...',
  options: [
    { short: 'e', long: 'exact', help: 'require exact match for very long names' },
    { short: 'I', long: 'ignore-case', help: 'case insensitive process name match' },
    { short: 'l', long: 'list', help: 'list all known signal names' },
    { short: 'q', long: 'quiet', help: "don't print complaints" },
    { short: 's', long: 'signal', value: 'SIGNAL', help: 'send this signal instead of SIGTERM' },
    { short: 'u', long: 'user', value: 'USER', help: 'kill only process(es) running as USER' },
    { short: 'v', long: 'verbose', help: 'report if the signal was successfully sent' },
    { short: 'w', long: 'wait', help: 'wait for processes to die' },
  ],
  notSimulated:
    '-g --process-group -i --interactive -r --regexp -y --younger-than -o --older-than -n --ns -Z --context',
  prepare: words => words.map(word => (/^-(\d+|[A-Z][A-Z0-9]+)$/.test(word) ? `--signal=${word.slice(1)}` : word)),
  busybox: { usage: '[-lq] [-SIG] PROCESS_NAME...', options: 'lqes signal' },
  async run(process, args) {
    if (args.has('list')) {
      await process.write(`${signals.map(({ name }) => name.slice(3)).join(' ')}\n`)
      return 0
    }
    if (args.operands.length === 0) throw args.misuse('no process name')
    const signal = findSignal(args.get('signal') ?? 'TERM')
    if (!signal) throw new UsageError(`${args.get('signal')}: unknown signal; killall -l lists signals.`)
    const user = args.get('user')
    const fold = (text: string) => (args.has('ignore-case') ? text.toLowerCase() : text)
    let status = 0
    for (const name of args.operands) {
      const rows = processRows(process.machine, process).filter(
        row =>
          fold(row.name) === fold(name.slice(0, 15)) &&
          row.process !== process &&
          (user === undefined || row.user === user),
      )
      if (rows.length === 0) {
        status = 1
        const words = process.flavour === 'busybox' ? `${name}: no process killed` : undefined
        if (!args.has('quiet')) {
          if (words) await process.fail(words)
          else await process.stderr.write(`${name}: no process found\n`)
        }
      }
      for (const row of rows) {
        if (!mayEnd(process, row.process)) {
          status = 1
          await process.stderr.write(`${name}(${row.pid}): Operation not permitted\n`)
          continue
        }
        row.process.kill(signal.name, process)
        if (args.has('verbose')) {
          await process.stderr.write(`Killed ${name}(${row.pid}) with signal ${signal.number}\n`)
        }
        if (args.has('wait')) await process.wait<void>(wake => void row.process.onExit(wake))
      }
    }
    return status
  },
})
