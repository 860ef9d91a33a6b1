import { defineProgram } from '../options.ts'

/** Shows what the kernel of the machine has said. */
// Simplified: the kernel says here only what packets make it say; how it came up is not in its log.
export const dmesg = defineProgram({
  name: 'dmesg',
  summary: 'print or control the kernel ring buffer',
  usage: '[options]',
  package: 'util-linux 2.38.1',
  options: [
    { short: 'C', long: 'clear', help: 'clear the kernel ring buffer' },
    { short: 'T', long: 'ctime', help: 'show human-readable timestamp (may be inaccurate!)' },
    { short: 't', long: 'notime', help: "don't show any timestamp with the messages" },
    { short: 'l', long: 'level', value: 'list', help: 'restrict output to defined levels' },
    { short: 'H', long: 'human', help: 'human readable output' },
    { short: 'P', long: 'nopager', help: 'do not pipe output into a pager' },
  ],
  notSimulated:
    '-c --read-clear -D --console-off -d --show-delta -E --console-on -e --reltime -F --file -f --facility -J --json -k --kernel -L --color -n --console-level -p --force-prefix -r --raw --noescape -S --syslog -s --buffer-size -u --userspace -w --follow -W --follow-new -x --decode --time-format --since --until',
  async run(process, args) {
    const { machine, network } = process
    // A container may read the log of its node only when it is privileged (kernel.dmesg_restrict).
    if (process.user.uid !== 0 || machine.parent)
      return process.fail('read kernel buffer failed: Operation not permitted')
    const log = network.network.kernelLog(network.machine)
    if (args.has('clear')) {
      log.clear()
      return 0
    }
    const levels = args.get('level')?.split(',')
    for (const { at, level, text } of log.messages) {
      if (levels && !levels.includes(level)) continue
      const time = args.has('ctime')
        ? `[${new Date(machine.epoch + at).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 $4')}] `
        : `[${(at / 1000).toFixed(6).padStart(12)}] `
      await process.write(`${args.has('notime') ? '' : time}${text}\n`)
    }
    return 0
  },
})
