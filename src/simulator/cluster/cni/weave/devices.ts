import { broadcastOf, zeroMac } from '../../../network/address.ts'
import { Bridge } from '../../../network/bridge.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import { Vxlan } from '../../../network/vxlan.ts'
import { podRange } from './range.ts'

/** What Weave Net leaves of 1500 bytes to pods, in every network that it may run over. */
const mtu = 1376
const tunnelPort = 6784

/**
 * The interfaces of a node: pods hang on the bridge `weave`, the tunnel on the datapath, and a cable joins the two.
 * Simplified: the datapath learns addresses as a bridge does, and each tunnel carries one number for all routers.
 */
export class Devices {
  readonly bridge: Bridge
  readonly #tunnel: Vxlan

  constructor(host: NetworkNamespace, underlay: string, local: number) {
    const datapath = bridgeCalled(host, 'datapath')
    datapath.isFiltered = false
    this.bridge = bridgeCalled(host, 'weave')
    const found = host.interface('vethwe-datapath')
    if (!found) {
      const cable = host.addVeth('vethwe-datapath', host, 'vethwe-bridge', mtu)
      datapath.addPort(cable)
      this.bridge.addPort(cable.peer)
      cable.up()
      cable.peer.up()
    }
    const old = host.interface('vxlan-6784')
    this.#tunnel =
      old instanceof Vxlan
        ? old
        : host.addVxlan('vxlan-6784', { id: 1, local, underlay, port: tunnelPort, mtu: 65_535 })
    datapath.addPort(this.#tunnel)
    this.#tunnel.up()
  }

  /** Gives the node itself an address on the network of the pods. */
  expose(address: number): void {
    const own = { address, length: podRange.length }
    this.bridge.addAddress(own, { broadcast: broadcastOf(own) })
  }

  /** Frames whose receiver is not known go to every other router. */
  join(router: number): void {
    this.#tunnel.addForwarding(zeroMac, router)
  }

  leave(router: number): void {
    this.#tunnel.removeForwarding(zeroMac, router)
  }
}

function bridgeCalled(host: NetworkNamespace, name: string): Bridge {
  const found = host.interface(name)
  const bridge = found instanceof Bridge ? found : host.addBridge(name)
  bridge.mtu = mtu
  bridge.up()
  return bridge
}
