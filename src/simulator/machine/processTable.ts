import type { Machine } from './machine.ts'
import type { Process } from './program.ts'
import { terminalName } from './sessions.ts'

/** A process as `ps` and its like see it from a machine. */
export interface ProcessRow {
  readonly process: Process
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly uid: number
  readonly user: string
  /** `pts/0`, or `?`. */
  readonly terminal: string
  /** `Ss+`: state, session leader, in the foreground. */
  readonly state: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly name: string
  readonly commandLine: string
  /** KiB of memory, whole and present. */
  readonly virtualSize: number
  readonly residentSize: number
}

/** The processes of a machine in the order of their numbers; `viewer` is the one that looks, and runs. */
export function processRows(machine: Machine, viewer: Process): ProcessRow[] {
  return [...machine.processes]
    .sort(([a], [b]) => a - b)
    .map(([pid, process]) => {
      const { user, startedAt, terminal, comm } = process
      return {
        process,
        pid,
        parent: process.parent ? (machine.pidOf(process.parent) ?? 0) : 0,
        group: pid - process.pid + process.group,
        uid: user.uid,
        user: machine.users.userName(user.uid),
        terminal: terminal ? terminalName(process.machine, terminal) : '?',
        state: stateOf(process, viewer),
        startedAt: machine.epoch + startedAt,
        name: comm,
        commandLine: process.commandLine.join(' '),
        ...memoryOf(comm),
      }
    })
}

function stateOf(process: Process, viewer: Process): string {
  const letter = process.state === 'stopped' ? 'T' : process === viewer ? 'R' : 'S'
  const { parent, terminal } = process
  const isLeader = !parent || parent.terminal !== terminal
  const isInFront = terminal !== undefined && terminal.foreground === process.group
  return `${letter}${isLeader ? 's' : ''}${isInFront ? '+' : ''}`
}

// Simplified: programs take no memory here; a name always shows the same likely size.
function memoryOf(name: string): { virtualSize: number; residentSize: number } {
  let hash = 7
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 9973
  const residentSize = 900 + (hash % 3100)
  return { virtualSize: 2400 + residentSize + (hash % 5000), residentSize }
}
