import type { Process } from './program.ts'

/** Whether one process may send signals to another: root, and whoever it belongs to. */
export function mayEnd(sender: Process, target: Process): boolean {
  return sender.user.uid === 0 || sender.user.uid === target.user.uid
}
