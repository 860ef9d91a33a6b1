import type { SocketOwner } from '../network/sockets.ts'
import { lastName } from './path.ts'
import type { Process } from './program.ts'

/** Whom the kernel names as the owner of a socket: `ss -p`, `netstat -p`. */
export function ownerOf(process: Process): SocketOwner {
  return { pid: process.pid, program: lastName(process.argv[0] ?? ''), user: process.user.uid }
}
