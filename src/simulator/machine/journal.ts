import type { Machine } from './machine.ts'
import type { JournalEntry } from './unit.ts'

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Lines of the journal as they are shown: `Mar 02 09:30:40 node1 kubelet[12]: text`. */
export function journalLines(machine: Machine, entries: readonly JournalEntry[]): string[] {
  return entries.map(({ at, from, pid, text }) => {
    const time = new Date(machine.epoch + at).toISOString()
    const month = months[Number(time.slice(5, 7)) - 1]
    return `${month} ${time.slice(8, 10)} ${time.slice(11, 19)} ${machine.hostname} ${from}[${pid}]: ${text}`
  })
}
