import { zeroMac } from './address.ts'
import { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { Frame } from './packet.ts'
import type { SocketBuffer } from './socketBuffer.ts'

/** `lo`: what leaves by it comes in by it. */
export class Loopback extends NetworkInterface {
  readonly kind = 'loopback'

  constructor(namespace: NetworkNamespace) {
    super(namespace, 'lo', 1, zeroMac, 65536)
  }

  override get usesArp(): boolean {
    return false
  }

  override get state(): 'DOWN' | 'UNKNOWN' {
    return this.isUp ? 'UNKNOWN' : 'DOWN'
  }

  protected override get ownFlags(): readonly string[] {
    return ['LOOPBACK']
  }

  /** What the kernel noted beside the packet stays with it: the connection is not looked up a second time. */
  protected carry(frame: Frame, buffer: SocketBuffer | undefined): void {
    this.namespace.network.enqueue(this, frame, buffer)
  }
}
