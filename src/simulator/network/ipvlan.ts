import { isGroupMac } from './address.ts'
import { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { Frame } from './packet.ts'

/** An interface that shares the Ethernet address of another one and is told from it by its IP address: mode `l2`. */
// Simplified: of the modes there is `l2`. As on Linux, the machine itself and its ipvlans never hear each other.
export class Ipvlan extends NetworkInterface {
  readonly kind = 'ipvlan'
  readonly #lower: NetworkInterface

  constructor(namespace: NetworkNamespace, name: string, index: number, lower: NetworkInterface) {
    super(namespace, name, index, lower.mac, lower.mtu)
    this.#lower = lower
    lower.uppers.push(this)
  }

  override get lower(): NetworkInterface {
    return this.#lower
  }

  override get hasCarrier(): boolean {
    return this.#lower.isUp && this.#lower.hasCarrier
  }

  override takes({ destination, payload }: Frame): 'all' | 'copy' | undefined {
    if (isGroupMac(destination)) return 'copy'
    const target = payload.kind === 'arp' ? payload.targetAddress : payload.destination
    return this.addresses.some(own => own.address === target) ? 'all' : undefined
  }

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
