import { isGroupMac } from './address.ts'
import { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { Frame } from './packet.ts'

/** An interface with an Ethernet address of its own on the cable of another one: mode `bridge`. */
// Simplified: of the modes there is `bridge`. As on Linux, the machine itself and its macvlans never hear each other.
export class Macvlan extends NetworkInterface {
  readonly kind = 'macvlan'
  readonly #lower: NetworkInterface

  constructor(namespace: NetworkNamespace, name: string, index: number, mac: string, lower: NetworkInterface) {
    super(namespace, name, index, mac, lower.mtu)
    this.#lower = lower
    lower.uppers.push(this)
  }

  override get lower(): NetworkInterface {
    return this.#lower
  }

  override get hasCarrier(): boolean {
    return this.#lower.isUp && this.#lower.hasCarrier
  }

  override takes(frame: Frame): 'all' | 'copy' | undefined {
    if (isGroupMac(frame.destination)) return 'copy'
    return frame.destination === this.mac ? 'all' : undefined
  }

  /** To the others on the same cable directly, to everyone else by the cable. */
  protected carry(frame: Frame): void {
    const { network } = this.namespace
    const others = this.#lower.uppers.filter(other => other !== this && other.takes(frame))
    for (const other of others) network.enqueue(other, frame)
    if (others.length === 0 || isGroupMac(frame.destination)) this.#lower.transmit(frame)
  }

  override detach(): void {
    const { uppers } = this.#lower
    uppers.splice(uppers.indexOf(this), 1)
  }
}
