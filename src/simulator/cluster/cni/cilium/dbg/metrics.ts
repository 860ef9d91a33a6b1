import type { DbgCommand } from './command.ts'
import { tabulate } from './tabulate.ts'

/** How many packets were let through and dropped, and why. */
export const metricsList: DbgCommand = {
  words: ['bpf metrics list'],
  summary: 'List BPF datapath traffic metrics',
  async run({ process, datapath }) {
    const rows = [['REASON', 'DIRECTION', 'PACKETS', 'BYTES', 'LINE', 'FILE']]
    for (const [key, { packets, bytes }] of [...datapath.metrics].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const at = key.lastIndexOf(' ')
      rows.push([key.slice(0, at), key.slice(at + 1), String(packets), String(bytes), '0', 'bpf_lxc.c'])
    }
    await process.write(tabulate(rows))
    return 0
  },
}
