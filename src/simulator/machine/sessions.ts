import type { Machine } from './machine.ts'
import type { Terminal } from './terminal.ts'

/** Someone at a terminal. */
export interface Session {
  readonly user: string
  /** The name of the terminal: `pts/0`. */
  readonly line: string
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Who is logged in: each terminal with the user whose process has been there longest. */
export function sessionsOn(machine: Machine): Session[] {
  const sessions = new Map<Terminal, Session>()
  for (const process of machine.processes.values()) {
    const { terminal, user, startedAt } = process
    if (!terminal || process.machine !== machine || sessions.has(terminal)) continue
    sessions.set(terminal, { user: user.name, line: `pts/${sessions.size}`, since: machine.epoch + startedAt })
  }
  return [...sessions.values()]
}

/** The name of a terminal on a machine, as `ps` and `tty` show it: `pts/0`. */
export function terminalName(machine: Machine, terminal: Terminal): string {
  const terminals = new Set<Terminal>()
  for (const process of machine.processes.values()) if (process.terminal) terminals.add(process.terminal)
  return `pts/${Math.max(0, [...terminals].indexOf(terminal))}`
}
