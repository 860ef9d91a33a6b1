import { NetworkInterface } from './interface.ts'
import type { Frame } from './packet.ts'

/** One end of a cable between two network namespaces. */
export class Veth extends NetworkInterface {
  readonly kind = 'veth'
  #peer: Veth | undefined

  /** Joins two ends. */
  static join(one: Veth, other: Veth): void {
    one.#peer = other
    other.#peer = one
  }

  /** The other end. */
  get peer(): Veth {
    return this.#peer!
  }

  override get hasCarrier(): boolean {
    return this.isUp && this.peer.isUp
  }

  override get state(): 'UP' | 'DOWN' | 'LOWERLAYERDOWN' {
    if (!this.isUp) return 'DOWN'
    return this.hasCarrier ? 'UP' : 'LOWERLAYERDOWN'
  }

  /** Marks and connections belong to a namespace: they do not cross (skb_scrub_packet). */
  protected carry(frame: Frame): void {
    this.namespace.network.enqueue(this.peer, frame)
  }

  override detach(): void {
    const { peer } = this
    if (peer.namespace.interface(peer.name) === peer) peer.namespace.forget(peer)
  }

  override details(): Readonly<Record<string, unknown>> {
    return { peer: this.peer.index }
  }
}
