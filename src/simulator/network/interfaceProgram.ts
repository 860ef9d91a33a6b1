import type { NetworkInterface } from './interface.ts'
import type { Frame } from './packet.ts'
import type { SocketBuffer } from './socketBuffer.ts'

/** A program that sees frames at an interface: before the network stack (tc ingress), or after it (tc egress). */
export interface InterfaceProgram {
  /** As `tc filter show` calls it: `cil_from_container`. */
  readonly name: string
  /** Gives the frame that goes on, perhaps rewritten; nothing when it has dropped it or sent it elsewhere itself. */
  run(frame: Frame, buffer: SocketBuffer | undefined, device: NetworkInterface): Frame | undefined
}
