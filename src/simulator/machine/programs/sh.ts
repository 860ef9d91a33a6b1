import type { Program } from '../program.ts'
import { ash as busyboxShell } from '../shell/ash.ts'
import { dash } from '../shell/dash.ts'

/** The plain shell: ash where commands are BusyBox', else Debian's dash. */
export const sh: Program = {
  ...dash,
  run: process => (process.flavour === 'busybox' ? busyboxShell : dash).run(process),
}

/** BusyBox' shell by its own name. */
export const ash: Program = { ...busyboxShell, name: 'ash' }
