import { defineProgram } from '../options.ts'
import { lastName } from '../path.ts'
import { processRows } from '../processTable.ts'

/** Prints the numbers of the processes of a program. */
export const pidof = defineProgram({
  name: 'pidof',
  summary: 'find the process ID of a running program',
  package: 'procps-ng 4.0.2',
  usage: '[options] [program [...]]',
  options: [
    { short: 's', long: 'single-shot', help: 'return one PID only' },
    { short: 'o', long: 'omit-pid', value: '<PID,...>', help: 'omit processes with PID' },
    { short: 'x', help: 'also find shells running the named scripts' },
    { short: 'q', help: 'quiet mode, only set the exit code' },
  ],
  busybox: { usage: '[-s] [-o PID] [NAME]...', options: 'so' },
  async run(process, args) {
    const omitted = new Set(
      args
        .all('omit-pid')
        .flatMap(text => text.split(/[ ,]/))
        .map(Number),
    )
    const isMatch = (argv: readonly string[], comm: string, name: string) =>
      comm === name.slice(0, 15) ||
      argv[0] === name ||
      lastName(argv[0] ?? '') === name ||
      (args.has('x') && argv.slice(1, 2).some(word => lastName(word) === name))
    const pids = processRows(process.machine, process)
      .filter(row => row.process !== process && !omitted.has(row.pid))
      .filter(row => args.operands.some(name => isMatch(row.process.commandLine, row.name, name)))
      .map(row => row.pid)
      .reverse()
    if (pids.length === 0) return 1
    if (!args.has('q')) await process.write(`${(args.has('single-shot') ? pids.slice(0, 1) : pids).join(' ')}\n`)
    return 0
  },
})
