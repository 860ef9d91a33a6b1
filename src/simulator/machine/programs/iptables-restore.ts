import { RestoreError } from '../../network/netfilter/restore.ts'
import { mayAdministerNetwork } from '../networkRights.ts'
import { defineProgram } from '../options.ts'

const version = 'v1.8.9 (nf_tables)'

/** Reads rules in the form of iptables-save. */
export const iptablesRestore = defineProgram({
  name: 'iptables-restore',
  summary: 'restore IP tables',
  usage: '[-cn] [file]',
  options: [
    { short: 'c', long: 'counters', help: 'restore the values of all packet and byte counters' },
    { short: 'n', long: 'noflush', help: "don't flush the previous contents of the table" },
    { short: 'w', long: 'wait', value: '[seconds]', help: 'wait for the xtables lock' },
    { short: 'V', long: 'version', help: 'print version' },
  ],
  notSimulated: '-t --test -T --table -v --verbose -M --modprobe',
  async run(process, args) {
    if (args.has('version')) {
      await process.write(`iptables-restore ${version}\n`)
      return 0
    }
    if (!mayAdministerNetwork(process.user)) {
      const reason = 'Could not fetch rule set generation id: Permission denied (you must be root)'
      await process.stderr.write(`iptables-restore ${version}: ${reason}\n`)
      return 4
    }
    const [file] = args.operands
    const text = file === undefined ? await process.readAll() : process.files.readText(process.path(file))
    try {
      process.network.netfilter.restore(text, { noFlush: args.has('noflush'), counters: args.has('counters') })
      return 0
    } catch (error) {
      if (!(error instanceof RestoreError)) throw error
      await process.stderr.write(
        `iptables-restore ${version}: ${error.message}\nError occurred at line: ${error.line}\n` +
          "Try `iptables-restore -h' or 'iptables-restore --help' for more information.\n",
      )
      return 2
    }
  },
})
