import { contains, formatPrefix, type Prefix, parseIpv4, parsePrefix } from '../../../network/address.ts'
import type { NetworkNamespace } from '../../../network/namespace.ts'
import type { Route } from '../../../network/routes.ts'
import { Vxlan } from '../../../network/vxlan.ts'
import type { Node } from '../../kinds/node.ts'
import type { Endpoint } from './endpoint.ts'
import type { BlockAffinity, IpPool, Mode } from './resources.ts'
import { nodeAnnotations } from './settings.ts'

/** Another node of the pod network. */
interface Peer {
  /** Its address on the LAN with its subnet. */
  readonly address: Prefix
  readonly tunnel: { readonly address: number; readonly mac: string } | undefined
}

/** How packets cross to other nodes: wrapped in IP, wrapped in UDP, or as they are. */
type Way = 'ipip' | 'vxlan' | 'plain'

export const vxlanDevice = 'vxlan.calico'
export const ipipDevice = 'tunl0'

/**
 * The routes of one node to the blocks of the others. BIRD tells the nodes of each other's blocks; with VXLAN felix does
 * it alone.
 */
// Simplified: a block is known to all nodes as soon as it is in the datastore, without a BGP session that could fail.
export class NodeRoutes {
  readonly #node: string
  readonly #network: NetworkNamespace
  readonly #peers = new Map<string, Peer>()
  readonly #blocks = new Map<string, { readonly prefix: Prefix; readonly node: string }>()
  readonly #pools = new Map<string, IpPool>()
  /** Pods elsewhere whose address is out of a block of yet another node. */
  readonly #lent = new Map<string, { readonly address: number; readonly node: string }>()
  #own: Prefix | undefined
  #written = new Map<string, Route>()
  #isChanged = true

  constructor(node: string, network: NetworkNamespace) {
    this.#node = node
    this.#network = network
  }

  get isChanged(): boolean {
    return this.#isChanged
  }

  /** The addresses of all nodes on the LAN. */
  get hosts(): readonly number[] {
    const own = this.#own ? [this.#own.address] : []
    return [...own, ...[...this.#peers.values()].map(({ address }) => address.address)]
  }

  setNode(name: string, node: Node | undefined): void {
    const annotations = node?.metadata.annotations ?? {}
    const address = parsePrefix(annotations[nodeAnnotations.address] ?? '')
    const tunnelAddress = parseIpv4(annotations[nodeAnnotations.vxlanAddress] ?? '')
    const mac = annotations[nodeAnnotations.vxlanMac]
    const tunnel = tunnelAddress !== undefined && mac ? { address: tunnelAddress, mac } : undefined
    const peer = address && { address, tunnel }
    if (name === this.#node) {
      if (JSON.stringify(this.#own) === JSON.stringify(address)) return
      this.#own = address
    } else {
      const old = this.#peers.get(name)
      if (JSON.stringify(old) === JSON.stringify(peer)) return
      if (old?.tunnel && old.tunnel.mac !== peer?.tunnel?.mac) this.#forgetTunnel(old.tunnel)
      if (peer) this.#peers.set(name, peer)
      else this.#peers.delete(name)
    }
    this.#isChanged = true
  }

  setPool(name: string, pool: IpPool | undefined): void {
    if (pool) this.#pools.set(name, pool)
    else this.#pools.delete(name)
    this.#isChanged = true
  }

  setBlock(name: string, affinity: BlockAffinity | undefined): void {
    if (affinity) this.#blocks.set(name, { prefix: parsePrefix(affinity.spec.cidr)!, node: affinity.spec.node })
    else this.#blocks.delete(name)
    this.#isChanged = true
  }

  /** A pod has come, has changed or has gone; only one with a lent address needs a route of its own. */
  setEndpoint(key: string, endpoint: Endpoint | undefined): void {
    const isLent = endpoint && endpoint.node !== this.#node && this.#blockOf(endpoint.address)?.node !== endpoint.node
    if (!isLent && !this.#lent.has(key)) return
    if (isLent) this.#lent.set(key, { address: endpoint.address, node: endpoint.node })
    else this.#lent.delete(key)
    this.#isChanged = true
  }

  /** Brings the routes, and the neighbours of the tunnel, in line with what is known. */
  apply(): void {
    this.#isChanged = false
    const wanted = new Map<string, Route>()
    for (const { prefix, node } of this.#blocks.values()) {
      const route = node === this.#node ? blackhole(prefix, this.#wayTo(prefix)) : this.#routeTo(prefix, node)
      if (route) wanted.set(formatPrefix(prefix), route)
    }
    for (const { address, node } of this.#lent.values()) {
      const route = this.#routeTo({ address, length: 32 }, node)
      if (route) wanted.set(formatPrefix(route.destination), route)
    }
    const { routes } = this.#network
    const present = new Set(routes.list())
    // What one before this one has written, and what someone has added in its name, goes as well.
    for (const route of present)
      if ((route.protocol === 'bird' || route.protocol === '80') && !wanted.has(formatPrefix(route.destination)))
        routes.removeWhere(each => each === route)
    for (const [key, route] of wanted) {
      const old = this.#written.get(key)
      const isThere = old && present.has(old) && JSON.stringify(old) === JSON.stringify(route)
      if (isThere) wanted.set(key, old)
      else routes.replace(route)
    }
    this.#written = wanted
    for (const peer of this.#peers.values()) if (peer.tunnel) this.#meet(peer.tunnel, peer.address.address)
  }

  #blockOf(address: number): { readonly node: string } | undefined {
    for (const block of this.#blocks.values()) if (contains(block.prefix, address)) return block
    return undefined
  }

  #wayTo(prefix: Prefix): Way {
    const pool = [...this.#pools.values()].find(({ spec }) => contains(parsePrefix(spec.cidr)!, prefix.address))
    if (isOn(pool?.spec.vxlanMode)) return 'vxlan'
    return isOn(pool?.spec.ipipMode) ? 'ipip' : 'plain'
  }

  #routeTo(destination: Prefix, node: string): Route | undefined {
    const peer = this.#peers.get(node)
    if (!peer || !this.#own) return undefined
    const common = { kind: 'unicast', destination, scope: 'global', table: 'main' } as const
    const way = this.#crosses(destination, peer) ? this.#wayTo(destination) : 'plain'
    if (way === 'ipip')
      return { ...common, gateway: peer.address.address, interface: ipipDevice, protocol: 'bird', isOnlink: true }
    if (way === 'vxlan')
      return peer.tunnel
        ? { ...common, gateway: peer.tunnel.address, interface: vxlanDevice, protocol: '80', isOnlink: true }
        : undefined
    const outside = this.#network.routeTo(peer.address.address)?.interface?.name
    if (outside === undefined || !contains(this.#own, peer.address.address)) return undefined
    return { ...common, gateway: peer.address.address, interface: outside, protocol: 'bird' }
  }

  /** Whether packets to a node are wrapped: with `CrossSubnet` only those that a router must carry. */
  #crosses(destination: Prefix, peer: Peer): boolean {
    const pool = [...this.#pools.values()].find(({ spec }) => contains(parsePrefix(spec.cidr)!, destination.address))
    const isMixed = pool?.spec.ipipMode === 'CrossSubnet' || pool?.spec.vxlanMode === 'CrossSubnet'
    return !isMixed || !this.#own || !contains(this.#own, peer.address.address)
  }

  #meet(tunnel: { readonly address: number; readonly mac: string }, host: number): void {
    const device = this.#network.interface(vxlanDevice)
    if (!(device instanceof Vxlan)) return
    if (this.#network.neighbours.get(vxlanDevice, tunnel.address)?.mac !== tunnel.mac)
      this.#network.neighbours.set(vxlanDevice, tunnel.address, tunnel.mac)
    device.addForwarding(tunnel.mac, host)
  }

  #forgetTunnel({ address, mac }: { readonly address: number; readonly mac: string }): void {
    const device = this.#network.interface(vxlanDevice)
    if (device instanceof Vxlan) device.removeForwarding(mac)
    this.#network.neighbours.remove(vxlanDevice, address)
  }
}

/** Whether a tunnel is used at all. */
export function isOn(mode: Mode | undefined): boolean {
  return mode === 'Always' || mode === 'CrossSubnet'
}

/** What a node drops: addresses of its own blocks that no pod has. */
function blackhole(destination: Prefix, way: Way): Route {
  return {
    kind: 'blackhole',
    destination,
    scope: 'global',
    protocol: way === 'vxlan' ? '80' : 'bird',
    table: 'main',
  }
}
