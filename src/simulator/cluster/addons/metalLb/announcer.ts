import { broadcastMac, zeroMac } from '../../../network/address.ts'
import type { NetworkInterface } from '../../../network/interface.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import type { ArpPacket, Frame } from '../../../network/packet.ts'

// The ConfigMap metallb-excludel2: what is no cable to the outside.
const excluded =
  /^(docker|cbr|dummy|virbr|lxcbr|veth|cali|tunl|flannel|kube-ipvs|cni|nodelocaldns|lxc).*|^lo$|^cilium|^weave|^vxlan/
const repeats = 5
const repeatEvery = 1100

/** Answers ARP requests for addresses that no interface has, by raw frames. */
export class Announcer {
  readonly #network: NetworkNamespace
  readonly #addresses = new Map<number, readonly string[]>()
  readonly #captures = new Map<NetworkInterface, () => void>()

  constructor(network: NetworkNamespace) {
    this.#network = network
  }

  has(address: number): boolean {
    return this.#addresses.has(address)
  }

  /** Begins to answer for an address, and tells everybody at once. Without names, every interface counts. */
  announce(address: number, interfaces: readonly string[]): void {
    this.#addresses.set(address, interfaces)
    for (const device of this.#devices(interfaces)) this.#listen(device)
    this.#tellAll(address, repeats)
  }

  withdraw(address: number): void {
    this.#addresses.delete(address)
    if (this.#addresses.size === 0) this.close()
  }

  close(): void {
    for (const end of this.#captures.values()) end()
    this.#captures.clear()
    this.#addresses.clear()
  }

  #devices(interfaces: readonly string[]): NetworkInterface[] {
    return this.#network.interfaces.filter(
      ({ name, isUp, master }) =>
        isUp && !master && !excluded.test(name) && (interfaces.length === 0 || interfaces.includes(name)),
    )
  }

  #listen(device: NetworkInterface): void {
    if (this.#captures.has(device)) return
    const end = device.capture((frame, direction) => {
      if (direction === 'in' && frame.payload.kind === 'arp') this.#hear(device, frame.payload)
    })
    this.#captures.set(device, end)
  }

  #hear(device: NetworkInterface, { operation, targetAddress, senderMac, senderAddress, flow }: ArpPacket): void {
    const interfaces = this.#addresses.get(targetAddress)
    if (operation !== 'request' || !interfaces) return
    if (interfaces.length > 0 && !interfaces.includes(device.name)) return
    this.#send(device, senderMac, {
      operation: 'reply',
      senderAddress: targetAddress,
      targetMac: senderMac,
      targetAddress: senderAddress,
      flow,
    })
  }

  /** Gratuitous ARP, a few times over: machines that know the address learn its new place. */
  #tellAll(address: number, left: number): void {
    const interfaces = this.#addresses.get(address)
    if (!interfaces || left === 0) return
    for (const device of this.#devices(interfaces))
      for (const operation of ['request', 'reply'] as const)
        this.#send(device, broadcastMac, {
          operation,
          senderAddress: address,
          targetMac: operation === 'request' ? zeroMac : broadcastMac,
          targetAddress: address,
          flow: this.#network.network.nextFlow(),
        })
    this.#network.clock.after(repeatEvery, () => this.#tellAll(address, left - 1))
  }

  #send(device: NetworkInterface, destination: string, packet: Omit<ArpPacket, 'kind' | 'senderMac' | 'serial'>): void {
    const payload: ArpPacket = {
      kind: 'arp',
      senderMac: device.mac,
      serial: this.#network.network.nextSerial(),
      ...packet,
    }
    const frame: Frame = { source: device.mac, destination, payload }
    device.transmit(frame)
  }
}
