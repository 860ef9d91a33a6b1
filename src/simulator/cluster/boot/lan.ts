import { anywhere, broadcastOf, type Prefix, parseIpv4, parsePrefix } from '../../network/address.ts'
import type { Bridge } from '../../network/bridge.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'
import type { Network } from '../../network/network.ts'
import type { Veth } from '../../network/veth.ts'

/** The switch that joins all machines. */
export class Lan {
  readonly #network: Network
  readonly #cabinet: NetworkNamespace
  readonly #switch: Bridge
  readonly #cables = new Map<string, Veth>()
  readonly #range: Prefix
  readonly #gateway: number

  constructor(network: Network, range: string, gateway: string) {
    this.#network = network
    this.#range = parsePrefix(range)!
    this.#gateway = parseIpv4(gateway)!
    this.#cabinet = network.createNamespace('switch', { machine: 'switch' })
    this.#switch = this.#cabinet.addBridge('lan')
    this.#switch.up()
    // A switch only passes frames on: its own rules see none of them.
    this.#cabinet.sysctl.set('net.bridge.bridge-nf-call-iptables', '0')
  }

  /** Whether two machines have each a cable that is up. */
  joins(...machines: readonly string[]): boolean {
    return machines.every(machine => this.#cables.get(machine)?.hasCarrier)
  }

  /** Gives a machine a network with a cable to the switch. */
  plugIn(
    machine: string,
    address: string,
    network = this.#network.createNamespace(machine, { machine }),
  ): NetworkNamespace {
    if (!network.interface('lo')) network.addLoopback()
    network.interface('lo')!.up()
    const cable = network.addVeth('eth0', this.#cabinet, `port-${machine}`.slice(0, 15))
    this.#switch.addPort(cable.peer)
    this.#cables.set(machine, cable)
    cable.peer.up()
    const own: Prefix = { address: parseIpv4(address)!, length: this.#range.length }
    cable.addAddress(own, { broadcast: broadcastOf(own) })
    cable.up()
    if (own.address !== this.#gateway) network.addRoute(anywhere, { gateway: this.#gateway, interface: 'eth0' })
    return network
  }
}
