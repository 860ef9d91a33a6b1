import { journalLines } from '../journal.ts'
import { defineProgram } from '../options.ts'

/** Shows what the daemons of a machine have written. */
export const journalctl = defineProgram({
  name: 'journalctl',
  summary: 'print log entries from the systemd journal',
  usage: '[OPTIONS...] [MATCHES...]',
  package: 'systemd 252 (252.33-1~deb12u1)',
  options: [
    { short: 'u', long: 'unit', value: 'UNIT', help: 'Show logs from the specified unit' },
    { short: 'k', long: 'dmesg', help: 'Show kernel message log from the current boot' },
    { short: 'n', long: 'lines', value: '[INTEGER]', help: 'Number of journal entries to show' },
    { short: 'r', long: 'reverse', help: 'Show the newest entries first' },
    { short: 'e', long: 'pager-end', help: 'Immediately jump to the end in the pager' },
    { short: 'x', long: 'catalog', help: 'Add message explanations where available' },
    { short: 'b', long: 'boot', value: '[ID]', help: 'Show current boot or the specified boot' },
    { long: 'no-pager', help: 'Do not pipe output into a pager' },
    { short: 'q', long: 'quiet', help: 'Do not show info messages and privilege warning' },
  ],
  notSimulated:
    '-f --follow -S --since -U --until -c --cursor -t --identifier -p --priority -g --grep -a --all -o --output --utc --no-hostname --no-full -D --directory --file --disk-usage --vacuum-size --vacuum-time --list-boots --user --system -M --machine -m --merge -F --field -N --fields',
  async run(process, args) {
    const { machine, network } = process
    const wanted = args.get('unit')
    const name = wanted === undefined || /\.\w+$/.test(wanted) ? wanted : `${wanted}.service`
    const fromKernel = network.network
      .kernelLog(network.machine)
      .messages.map(({ at, text }) => ({ at, from: 'kernel', pid: 0, text }))
    const fromUnits = [...machine.units.values()]
      .filter(unit => name === undefined || unit.name === name)
      .flatMap(unit => unit.journal)
    const entries = args.has('dmesg')
      ? fromKernel
      : [...fromUnits, ...(name === undefined ? fromKernel : [])].toSorted((one, other) => one.at - other.at)
    const count = args.has('lines') ? Number(args.get('lines') ?? 10) : args.has('pager-end') ? 1000 : entries.length
    const shown = count === 0 ? [] : entries.slice(-count)
    const lines = journalLines(machine, args.has('reverse') ? shown.toReversed() : shown)
    if (lines.length === 0) lines.push('-- No entries --')
    await process.write(`${lines.join('\n').replaceAll(' kernel[0]: ', ' kernel: ')}\n`)
    return 0
  },
})
