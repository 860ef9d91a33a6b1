import type { Prefix } from './address.ts'
import type { Bridge } from './bridge.ts'
import type { ConnectionTable } from './conntrack.ts'
import type { NetworkInterface } from './interface.ts'
import type { NeighbourTable } from './neighbours.ts'
import type { Netfilter } from './netfilter/netfilter.ts'
import type { Frame } from './packet.ts'
import type { Route, RouteTable } from './routes.ts'
import type { Sockets } from './sockets.ts'
import type { Veth } from './veth.ts'
import type { Vxlan, VxlanOptions } from './vxlan.ts'

/** What `ip route get` answers. */
export interface RouteAnswer {
  readonly route: Route
  readonly interface: NetworkInterface | undefined
  /** The neighbour that gets the packet: the gateway, or the destination itself. */
  readonly nextHop: number
  /** The source address that would be used. */
  readonly source: number
}

/** Hears frames on every interface of a namespace. */
export type AnyCaptureListener = (
  interfaceOfFrame: NetworkInterface,
  frame: Frame,
  direction: 'in' | 'out',
  at: number,
) => void

/** A network stack of its own: interfaces, routes, neighbours, rules, connections and sockets. */
export declare class NetworkNamespace {
  readonly name: string
  /** The machine that it is on. */
  readonly machine: string
  readonly routes: RouteTable
  readonly neighbours: NeighbourTable
  readonly netfilter: Netfilter
  readonly connections: ConnectionTable
  readonly sockets: Sockets
  /** Kernel settings by their dotted names. */
  readonly sysctl: Map<string, string>
  /** In the order of their index. */
  readonly interfaces: readonly NetworkInterface[]

  interface(name: string): NetworkInterface | undefined
  addLoopback(): NetworkInterface
  /** Makes a pair of interfaces that are joined by a cable, and gives this namespace's end. */
  addVeth(name: string, peerNamespace: NetworkNamespace, peerName: string): Veth
  addBridge(name: string): Bridge
  addVxlan(name: string, options: VxlanOptions): Vxlan
  /** An interface that swallows what is sent to it. */
  addDummy(name: string): NetworkInterface
  /** Removes an interface with its routes and neighbours; the other end of a cable goes as well. */
  removeInterface(name: string): void
  moveInterface(name: string, target: NetworkNamespace, newName?: string): void
  renameInterface(name: string, newName: string): void
  /** Hears frames on every interface, until the answer is called. */
  captureAny(listener: AnyCaptureListener): () => void
  /** Adds a route by what `ip route add` says; throws `RouteError` with the kernel's words. */
  addRoute(destination: Prefix, options?: Partial<Route>): void
  /** Asks the routing tables as a local socket does. */
  routeTo(destination: number, source?: number): RouteAnswer | undefined
  /** Whether one of the interfaces has the address. */
  isLocal(address: number): boolean
  /** Everything that has state, as plain JSON. */
  snapshot(): unknown
  /** Takes the namespace down with all its interfaces and sockets. */
  remove(): void
}
