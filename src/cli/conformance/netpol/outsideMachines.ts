import type { Pod } from '../../../simulator/cluster/kinds/pod.ts'
import type { Machine } from '../../../simulator/machine/machine.ts'
import { formatPrefix, parseIpv4, parsePrefix } from '../../../simulator/network/address.ts'
import type { Bridge } from '../../../simulator/network/bridge.ts'
import type { NetworkNamespace } from '../../../simulator/network/namespace.ts'
import type { Network } from '../../../simulator/network/network.ts'
import { nameOf, type PolicyPod } from './policyCase.ts'

/** Machines beside the nodes, each with an address out of another network: who asks, or is asked, from outside. */
export class OutsideMachines {
  readonly #network: Network
  readonly #nodes: ReadonlyMap<string, Machine>
  readonly #machines = new Map<string, NetworkNamespace>()

  constructor(network: Network, nodes: ReadonlyMap<string, Machine>) {
    this.#network = network
    this.#nodes = nodes
  }

  /** The network of a machine, by the name that verdicts have for it. */
  networkOf(name: string): NetworkNamespace | undefined {
    return this.#machines.get(name)
  }

  /** Plugs a machine in, unless it is there. */
  meet(machine: PolicyPod): void {
    if (this.#machines.has(nameOf(machine))) return
    const lan = this.#network.namespaces.find(each => each.machine === 'switch')!
    const own = { address: parseIpv4(machine.ip)!, length: 32 }
    const network = this.#network.createNamespace(machine.name, { machine: machine.name })
    this.#machines.set(nameOf(machine), network)
    const cable = network.addVeth('eth0', lan, `port-${machine.name}`.slice(0, 15))
    ;(lan.interface('lan') as Bridge).addPort(cable.peer)
    cable.peer.up()
    cable.addAddress(own)
    cable.up()
    network.addRoute(parsePrefix('192.168.64.0/24')!, { interface: 'eth0' })
    for (const node of this.#nodes.values()) node.network.addRoute(own, { interface: 'eth0' })
  }

  /** Leads packets of all machines to a pod, over its node. */
  leadTo({ spec, status }: Pod): void {
    const destination = { address: parseIpv4(status.podIP!)!, length: 32 }
    const gateway = this.#nodes.get(spec.nodeName!)!.network.interface('eth0')!.addresses[0]!.address
    for (const network of this.#machines.values()) {
      const isKnown = network.routes.list().some(route => formatPrefix(route.destination) === formatPrefix(destination))
      if (!isKnown) network.addRoute(destination, { gateway, interface: 'eth0' })
    }
  }
}
