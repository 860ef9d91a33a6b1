import { formatPrefix, type Prefix } from '../../../network/address.ts'
import type { NetworkInterface } from '../../../network/interface.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { Vxlan } from '../../../network/vxlan.ts'

/** Another node of the pod network. */
export interface Peer {
  readonly subnet: Prefix
  /** Its address on the LAN. */
  readonly address: number
  /** What its flanneld says about itself. */
  readonly facts: string
}

/** How packets get from node to node. */
export interface Backend {
  readonly type: string
  readonly mtu: number
  /** What the other nodes must know. */
  readonly facts: string
  knows(peer: Peer): boolean
  add(peer: Peer): void
  remove(peer: Peer): void
}

// A VXLAN header, UDP, IPv4 and Ethernet take this much of a frame.
const overhead = 50

export function isBackend(type: string): boolean {
  return type === 'vxlan' || type === 'host-gw'
}

/** Prepares a node for a backend. */
export function createBackend(
  type: string,
  network: NetworkNamespace,
  outside: NetworkInterface,
  address: number,
  subnet: Prefix,
): Backend {
  return type === 'host-gw' ? new HostGateways(network, outside) : new Tunnel(network, outside, address, subnet)
}

/** Frames between nodes travel in UDP datagrams: one device, and for each node a route, a neighbour and an fdb entry. */
class Tunnel implements Backend {
  readonly type = 'vxlan'
  readonly mtu: number
  readonly facts: string
  readonly #network: NetworkNamespace
  readonly #device: Vxlan
  readonly #peers = new Map<string, { readonly peer: Peer; readonly mac: string }>()

  constructor(network: NetworkNamespace, outside: NetworkInterface, address: number, subnet: Prefix) {
    this.#network = network
    this.mtu = outside.mtu - overhead
    const found = network.interface('flannel.1')
    this.#device =
      found instanceof Vxlan
        ? found
        : network.addVxlan('flannel.1', {
            id: 1,
            local: address,
            underlay: outside.name,
            port: 8472,
            isLearning: false,
          })
    this.#device.mtu = this.mtu
    if (!this.#device.addresses.some(each => each.address === subnet.address))
      this.#device.addAddress({ address: subnet.address, length: 32 }, { scope: 'global' })
    if (!this.#device.isUp) this.#device.up()
    this.facts = JSON.stringify({ VNI: 1, VtepMAC: this.#device.mac })
  }

  knows(peer: Peer): boolean {
    const known = this.#peers.get(formatPrefix(peer.subnet))
    return known?.peer.address === peer.address && known.peer.facts === peer.facts
  }

  add(peer: Peer): void {
    const mac = macOf(peer)
    if (mac === undefined) return
    this.#network.neighbours.set(this.#device.name, peer.subnet.address, mac)
    this.#device.addForwarding(mac, peer.address)
    this.#network.routes.replace({
      kind: 'unicast',
      destination: peer.subnet,
      gateway: peer.subnet.address,
      interface: this.#device.name,
      scope: 'global',
      protocol: 'boot',
      isOnlink: true,
      table: 'main',
    })
    this.#peers.set(formatPrefix(peer.subnet), { peer, mac })
  }

  remove(peer: Peer): void {
    const known = this.#peers.get(formatPrefix(peer.subnet))
    if (!known) return
    this.#peers.delete(formatPrefix(peer.subnet))
    this.#network.routes.remove({ destination: peer.subnet, interface: this.#device.name })
    this.#device.removeForwarding(known.mac, known.peer.address)
    this.#network.neighbours.remove(this.#device.name, peer.subnet.address)
  }
}

/** The nodes share a LAN: each one is the gateway to its own range. */
class HostGateways implements Backend {
  readonly type = 'host-gw'
  readonly mtu: number
  readonly facts = 'null'
  readonly #network: NetworkNamespace
  readonly #outside: NetworkInterface
  readonly #peers = new Map<string, number>()

  constructor(network: NetworkNamespace, outside: NetworkInterface) {
    this.#network = network
    this.#outside = outside
    this.mtu = outside.mtu
  }

  knows(peer: Peer): boolean {
    return this.#peers.get(formatPrefix(peer.subnet)) === peer.address
  }

  add(peer: Peer): void {
    this.#network.routes.replace({
      kind: 'unicast',
      destination: peer.subnet,
      gateway: peer.address,
      interface: this.#outside.name,
      scope: 'global',
      protocol: 'boot',
      table: 'main',
    })
    this.#peers.set(formatPrefix(peer.subnet), peer.address)
  }

  remove(peer: Peer): void {
    if (!this.#peers.delete(formatPrefix(peer.subnet))) return
    this.#network.routes.remove({ destination: peer.subnet, gateway: peer.address })
  }
}

function macOf(peer: Peer): string | undefined {
  try {
    return (JSON.parse(peer.facts) as { VtepMAC?: string } | null)?.VtepMAC
  } catch {
    return undefined
  }
}
