import type { User } from './program.ts'

/** Whether a user may change a network and ask the kernel for its rules: root, unless its container lacks NET_ADMIN. */
export function mayAdministerNetwork({ uid, capabilities }: User): boolean {
  return uid === 0 && capabilities?.has('NET_ADMIN') !== false
}
