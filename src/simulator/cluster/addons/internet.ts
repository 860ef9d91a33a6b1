import { anywhere, type Prefix, parsePrefix } from '../../network/address.ts'
import type { Bridge } from '../../network/bridge.ts'
import type { NetworkNamespace } from '../../network/namespace.ts'
import type { Network } from '../../network/network.ts'
import type { Site } from './internet/sites.ts'

/** The address of the learner's machine on the line to its provider, and the provider's. */
const customer = parsePrefix('198.51.100.2/24')!
const provider = parsePrefix('198.51.100.1/24')!

/** The world beyond the gateway: a router of the provider, and servers behind it. */
export class Internet {
  readonly #network: Network
  readonly #router: NetworkNamespace
  /** What the lines of customers end at. */
  readonly #line: Bridge

  constructor(network: Network) {
    this.#network = network
    this.#router = network.createNamespace('internet', { machine: 'internet' })
    this.#router.sysctl.set('net.ipv4.ip_forward', '1')
    this.#line = this.#router.addBridge('line')
    this.#line.addAddress(provider)
    this.#line.up()
    // Simplified: what the lab's internet lacks is dropped without a word.
    this.#router.addRoute(anywhere, { kind: 'blackhole' })
  }

  /** Makes a machine the gateway of its LAN: its packets, and those that it forwards, go out under its own address. */
  connect(gateway: NetworkNamespace): void {
    this.#cable(gateway, 'eth1', 'customer', customer)
    gateway.addRoute(anywhere, { gateway: provider.address, interface: 'eth1' })
    gateway.sysctl.set('net.ipv4.ip_forward', '1')
    gateway.netfilter.restore('*nat\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n', { noFlush: true })
  }

  /** A network for a server, with a way to the router. */
  place({ name, address }: Site): NetworkNamespace {
    const network = this.#network.createNamespace(name, { machine: name })
    const own = parsePrefix(`${address}/24`)!
    const port = name.replace('.', '-')
    if (isIn(own, provider)) {
      this.#cable(network, 'eth0', port, own)
      network.addRoute(anywhere, { gateway: provider.address, interface: 'eth0' })
      return network
    }
    const cable = network.addVeth('eth0', this.#router, port)
    const router = firstOf(own)
    cable.peer.addAddress(router)
    cable.addAddress(own)
    cable.peer.up()
    cable.up()
    network.addRoute(anywhere, { gateway: router.address, interface: 'eth0' })
    return network
  }

  #cable(network: NetworkNamespace, name: string, port: string, address: Prefix): void {
    const cable = network.addVeth(name, this.#router, port)
    this.#line.addPort(cable.peer)
    cable.peer.up()
    cable.addAddress(address)
    cable.up()
  }
}

function firstOf({ address, length }: Prefix): Prefix {
  return { address: ((address & 0xffffff00) >>> 0) + 1, length }
}

function isIn(one: Prefix, other: Prefix): boolean {
  return one.address >>> 8 === other.address >>> 8
}
