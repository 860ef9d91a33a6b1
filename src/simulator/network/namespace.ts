import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import { broadcastMac, contains, isGroupMac, isMulticast, type Prefix } from './address.ts'
import { Bridge } from './bridge.ts'
import { ConnectionTable } from './conntrack.ts'
import { Dummy } from './dummy.ts'
import type { NetworkInterface } from './interface.ts'
import { Ipip } from './ipip.ts'
import { Ipv4Stack } from './ipv4.ts'
import { Ipvlan } from './ipvlan.ts'
import { Ipvs } from './ipvs.ts'
import { Loopback } from './loopback.ts'
import { Macvlan } from './macvlan.ts'
import { NeighbourTable } from './neighbours.ts'
import { Netfilter } from './netfilter/netfilter.ts'
import type { AddressType } from './netfilter/rule.ts'
import type { Network } from './network.ts'
import { type ArpPacket, type Frame, type Ipv4Packet, icmpType, unreachableCode } from './packet.ts'
import { type Route, RouteTable } from './routes.ts'
import { snapshotOf } from './snapshot.ts'
import type { SocketBuffer } from './socketBuffer.ts'
import { Sockets } from './sockets.ts'
import { defaultSettings } from './sysctl.ts'
import type { TraceKind } from './trace.ts'
import { Veth } from './veth.ts'
import { Vxlan, type VxlanOptions } from './vxlan.ts'

/** What `ip route get` answers. */
export interface RouteAnswer {
  readonly route: Route
  readonly interface: NetworkInterface | undefined
  /** The neighbour that gets the packet: the gateway, or the destination itself. */
  readonly nextHop: number
  /** The source address that would be used. */
  readonly source: number | undefined
}

/** Hears frames on every interface of a namespace. */
export type AnyCaptureListener = (device: NetworkInterface, frame: Frame, direction: 'in' | 'out', at: number) => void

/** A change that the kernel refuses; the message is the kernel's. */
export class NetworkError extends Error {}

/** A network stack of its own: interfaces, routes, neighbours, rules, connections and sockets. */
export class NetworkNamespace {
  readonly network: Network
  readonly name: string
  /** The machine that it is on. */
  readonly machine: string
  readonly routes = new RouteTable()
  readonly neighbours: NeighbourTable
  readonly netfilter: Netfilter
  readonly connections: ConnectionTable
  readonly sockets: Sockets
  readonly ipv4: Ipv4Stack
  readonly ipvs: Ipvs
  /** Kernel settings by their dotted names. */
  readonly sysctl = defaultSettings()
  readonly random: Random
  /** What programs keep in the kernel by name (/sys/fs/bpf): it outlives them. */
  readonly pinned = new Map<string, object>()
  #interfaces = new Map<string, NetworkInterface>()
  /** Undefined after a change. */
  #localAddresses: ReadonlySet<number> | undefined
  #listeners: AnyCaptureListener[] = []
  #lastIndex = 0
  #lastPacketId = 0

  constructor(network: Network, name: string, machine: string) {
    this.network = network
    this.name = name
    this.machine = machine
    this.random = network.random.fork(`namespace ${machine} ${name}`)
    this.neighbours = new NeighbourTable(this)
    this.netfilter = new Netfilter(this)
    this.connections = new ConnectionTable(this)
    this.sockets = new Sockets(this)
    this.ipv4 = new Ipv4Stack(this)
    this.ipvs = new Ipvs(this)
    this.addLoopback()
  }

  get clock(): Clock {
    return this.network.clock
  }

  /** In the order of their index. */
  get interfaces(): readonly NetworkInterface[] {
    return [...this.#interfaces.values()].sort((a, b) => a.index - b.index)
  }

  interface(name: string): NetworkInterface | undefined {
    return this.#interfaces.get(name)
  }

  /** `lo` with 127.0.0.1; every namespace begins with one. */
  addLoopback(): NetworkInterface {
    const old = this.#interfaces.get('lo')
    if (old) return old
    const loopback = new Loopback(this)
    this.#lastIndex = Math.max(this.#lastIndex, 1)
    this.#interfaces.set('lo', loopback)
    loopback.addAddress({ address: 0x7f000001, length: 8 }, { scope: 'host' })
    loopback.up()
    return loopback
  }

  /** Makes a pair of interfaces that are joined by a cable, and gives this namespace's end. */
  addVeth(name: string, peerNamespace: NetworkNamespace, peerName: string, mtu = 1500): Veth {
    this.#refuseTaken(name)
    peerNamespace.#refuseTaken(peerName)
    const near = this.#add(new Veth(this, name, this.#nextIndex(), this.#newMac(), mtu))
    const far = peerNamespace.#add(
      new Veth(peerNamespace, peerName, peerNamespace.#nextIndex(), peerNamespace.#newMac(), mtu),
    )
    Veth.join(near, far)
    return near
  }

  addBridge(name: string, mac?: string): Bridge {
    this.#refuseTaken(name)
    return this.#add(new Bridge(this, name, this.#nextIndex(), mac ?? this.#newMac(), 1500))
  }

  addVxlan(name: string, options: VxlanOptions): Vxlan {
    this.#refuseTaken(name)
    return this.#add(new Vxlan(this, name, this.#nextIndex(), options.mac ?? this.#newMac(), options))
  }

  /** An interface on the cable of another one, which may stand in another namespace. */
  addMacvlan(name: string, lower: NetworkInterface): Macvlan {
    this.#refuseTaken(name)
    return this.#add(new Macvlan(this, name, this.#nextIndex(), this.#newMac(), lower))
  }

  /** The same without an Ethernet address of its own. */
  addIpvlan(name: string, lower: NetworkInterface): Ipvlan {
    this.#refuseTaken(name)
    return this.#add(new Ipvlan(this, name, this.#nextIndex(), lower))
  }

  /** A tunnel that wraps packets in packets to the next hop of their route. */
  addIpip(name: string, local: number): Ipip {
    this.#refuseTaken(name)
    return this.#add(new Ipip(this, name, this.#nextIndex(), local))
  }

  /** An interface that swallows what is sent to it. */
  addDummy(name: string): NetworkInterface {
    this.#refuseTaken(name)
    return this.#add(new Dummy(this, name, this.#nextIndex(), this.#newMac(), 1500))
  }

  /** Removes an interface with its routes and neighbours; the other end of a cable goes as well. */
  removeInterface(name: string): boolean {
    const device = this.#interfaces.get(name)
    if (!device || device.kind === 'loopback') return false
    this.forget(device)
    device.detach()
    return true
  }

  /** Takes an interface out, without what hangs on it. */
  forget(device: NetworkInterface): void {
    device.down()
    this.routes.removeWhere(route => route.interface === device.name)
    device.master?.removePort(device)
    this.neighbours.forgetInterface(device)
    this.#interfaces.delete(device.name)
    this.noteLocalAddresses()
  }

  /** Moves an interface to another namespace: it comes out there down and without addresses, as on Linux. */
  moveInterface(name: string, target: NetworkNamespace, newName = name): void {
    const device = this.#interfaces.get(name)
    if (!device) throw new NetworkError(`Cannot find device "${name}"`)
    target.#refuseTaken(newName)
    this.forget(device)
    device.addresses = []
    device.namespace = target
    device.name = newName
    if (target.interfaces.some(other => other.index === device.index)) device.index = target.#nextIndex()
    target.#add(device)
    target.#lastIndex = Math.max(target.#lastIndex, device.index)
  }

  /** Gives an interface another name; its routes follow. */
  renameInterface(name: string, newName: string): void {
    const device = this.#interfaces.get(name)
    if (!device) throw new NetworkError(`Cannot find device "${name}"`)
    if (device.isUp) throw new NetworkError('Device or resource busy')
    this.#refuseTaken(newName)
    const { addresses } = device
    for (const { address } of addresses) device.removeAddress(address)
    this.#interfaces.delete(name)
    device.name = newName
    this.#interfaces.set(newName, device)
    for (const { address, length, scope, broadcast } of addresses)
      device.addAddress({ address, length }, { scope, ...(broadcast !== undefined && { broadcast }) })
  }

  /** Hears frames on every interface, until the answer is called. */
  captureAny(listener: AnyCaptureListener): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter(other => other !== listener)
    }
  }

  /** Lets captures on all interfaces see a frame. */
  hearAny(device: NetworkInterface, frame: Frame, direction: 'in' | 'out'): void {
    for (const listener of this.#listeners) listener(device, frame, direction, this.clock.now)
  }

  /**
   * Adds a route as `ip route add` (or `replace`) does: finds the interface of a gateway and checks that there is a way
   * to it. Throws `NetworkError` with the kernel's words.
   */
  addRoute(destination: Prefix, options: Partial<Route> & { readonly isReplacing?: boolean } = {}): Route {
    const { isReplacing, ...given } = options
    const route = this.#completeRoute(destination, given)
    if (isReplacing) this.routes.replace(route)
    else if (!this.routes.add(route)) throw new NetworkError('RTNETLINK answers: File exists')
    return route
  }

  /** Asks the routing tables as a local socket does. */
  routeTo(
    destination: number,
    options: { readonly source?: number; readonly boundTo?: string } = {},
  ): RouteAnswer | undefined {
    const route = this.routes.lookup(destination, options.boundTo)
    if (!route) return undefined
    const isRefusing = route.kind !== 'unicast' && route.kind !== 'local' && route.kind !== 'broadcast'
    const device = isRefusing
      ? undefined
      : this.#interfaces.get(route.kind === 'local' ? 'lo' : (route.interface ?? ''))
    const nextHop = route.gateway ?? destination
    const source = options.source ?? route.source ?? (device && this.sourceOn(device, nextHop))
    return { route, interface: device, nextHop, source }
  }

  /** The source address for a packet that leaves by an interface to a neighbour (inet_select_addr). */
  sourceOn(device: NetworkInterface, neighbour: number): number | undefined {
    const usable = device.addresses.filter(address => address.scope === 'global')
    const near = usable.find(address => contains(address, neighbour)) ?? usable[0]
    if (near) return near.address
    for (const other of this.interfaces) {
      const found = other.addresses.find(address => address.scope === 'global')
      if (found) return found.address
    }
    return undefined
  }

  /** The address that MASQUERADE gives a packet. */
  sourceFor(buffer: SocketBuffer): number | undefined {
    const { destination } = buffer.packet
    return buffer.output && this.sourceOn(buffer.output, this.routes.lookup(destination)?.gateway ?? destination)
  }

  /** Whether the address belongs to this namespace. */
  isLocal(address: number): boolean {
    this.#localAddresses ??= new Set(
      [...this.#interfaces.values()].flatMap(device => device.addresses).map(own => own.address),
    )
    return this.#localAddresses.has(address) || this.routes.localKind(address) === 'local'
  }

  /** Whether an address stands for all machines of a link. */
  isBroadcast(address: number): boolean {
    return address === 0xffffffff || this.routes.localKind(address) === 'broadcast'
  }

  /** What kind of address `-m addrtype` takes this for. */
  addressType(address: number, device: NetworkInterface | undefined): AddressType {
    if (address === 0) return 'UNSPEC'
    if (isMulticast(address)) return 'MULTICAST'
    if (this.isBroadcast(address)) return 'BROADCAST'
    if (this.isLocal(address))
      return !device || device.addresses.some(own => own.address === address) ? 'LOCAL' : 'UNICAST'
    const kind = this.routes.lookup(address)?.kind
    if (kind === 'blackhole') return 'BLACKHOLE'
    if (kind === 'prohibit') return 'PROHIBIT'
    return kind === 'unreachable' ? 'UNREACHABLE' : 'UNICAST'
  }

  /** Whether a per-interface IPv4 setting is on, for the interface or for all. */
  isSet(setting: string, interfaceName: string): boolean {
    const { sysctl } = this
    return (
      sysctl.get(`net.ipv4.conf.all.${setting}`) === '1' ||
      sysctl.get(`net.ipv4.conf.${interfaceName}.${setting}`) === '1'
    )
  }

  /** Whether packets are forwarded at all. */
  get isForwarding(): boolean {
    return this.sysctl.get('net.ipv4.ip_forward') === '1'
  }

  /** Whether packets that come in by an interface are forwarded. */
  forwards(interfaceName: string): boolean {
    return this.isForwarding || this.isSet('forwarding', interfaceName)
  }

  /** Takes a frame in from an interface. */
  receive(device: NetworkInterface, frame: Frame, buffer: SocketBuffer | undefined): void {
    if (frame.destination !== device.mac && !isGroupMac(frame.destination) && device.kind !== 'loopback') return
    const { payload } = frame
    if (payload.kind === 'arp') this.neighbours.receive(device, payload, frame.destination === broadcastMac)
    else this.ipv4.receive(device, payload, buffer)
  }

  /** Takes a packet that carries another one. */
  receiveTunnelled(buffer: SocketBuffer, inner: Ipv4Packet): void {
    const { packet } = buffer
    for (const device of this.#interfaces.values())
      if (device instanceof Ipip && device.local === packet.destination && device.isUp)
        return device.decapsulate(packet, inner)
    this.note('drop', buffer.input?.name ?? '', 'no tunnel takes it', '', packet)
    this.ipv4.sendError(buffer, { type: icmpType.destinationUnreachable, code: unreachableCode.protocol })
  }

  /** The tunnel that takes UDP datagrams on a port with an id. */
  tunnelAt(port: number, id: number): Vxlan | undefined {
    for (const device of this.#interfaces.values())
      if (device instanceof Vxlan && device.udpPort === port && (device.id === id || device.isExternal) && device.isUp)
        return device
    return undefined
  }

  /** Writes a step into the trace. */
  note(
    kind: TraceKind,
    interfaceName: string,
    decision: string,
    by: string | (() => string),
    before: ArpPacket | Ipv4Packet,
    after = before,
  ): void {
    const { trace } = this.network
    if (trace.isOn) trace.add(this.clock.now, this, interfaceName, kind, decision, by, before, after)
  }

  /** Keeps track of which addresses are this namespace's. */
  noteLocalAddresses(): void {
    this.#localAddresses = undefined
  }

  /** The next number for the id field of a packet. */
  nextPacketId(): number {
    this.#lastPacketId = (this.#lastPacketId + 1) & 0xffff
    return this.#lastPacketId
  }

  /** Everything that has state, as plain JSON. */
  snapshot(): unknown {
    return snapshotOf(this)
  }

  /** Takes the namespace down with all its interfaces and sockets. */
  remove(): void {
    this.sockets.closeAll()
    for (const device of this.interfaces) this.removeInterface(device.name)
    this.network.forgetNamespace(this)
  }

  #add<T extends NetworkInterface>(device: T): T {
    this.#interfaces.set(device.name, device)
    return device
  }

  #nextIndex(): number {
    return ++this.#lastIndex
  }

  #refuseTaken(name: string): void {
    if (this.#interfaces.has(name)) throw new NetworkError('RTNETLINK answers: File exists')
    if (name === '' || name.length > 15)
      throw new NetworkError(`argument "${name}" is wrong: "name" not a valid ifname`)
  }

  /** A random address that belongs to no maker and to one interface (eth_hw_addr_random). */
  #newMac(): string {
    const first = (this.random.below(64) << 2) | 2
    return [first, ...Array.from({ length: 5 }, () => this.random.below(256))]
      .map(byte => byte.toString(16).padStart(2, '0'))
      .join(':')
  }

  #completeRoute(destination: Prefix, given: Partial<Route>): Route {
    const kind = given.kind ?? 'unicast'
    const common = { protocol: 'boot', table: 'main', ...given, kind, destination } as const
    if (kind !== 'unicast') return { scope: 'global', ...common }
    const device = given.interface === undefined ? undefined : this.#interfaces.get(given.interface)
    if (given.interface !== undefined && !device) throw new NetworkError(`Cannot find device "${given.interface}"`)
    if (device && !device.isUp) throw new NetworkError('RTNETLINK answers: Network is down')
    if (given.source !== undefined && !this.isLocal(given.source))
      throw new NetworkError('Error: Invalid prefsrc address.')
    const { gateway } = given
    if (gateway === undefined) {
      if (!device) throw new NetworkError('RTNETLINK answers: No such device')
      return { scope: 'link', ...common, interface: device.name }
    }
    const way = this.routes.lookup(gateway, given.isOnlink ? undefined : given.interface)
    if (way?.kind === 'local' || way?.kind === 'broadcast')
      throw new NetworkError('Error: Nexthop has invalid gateway.')
    if (given.isOnlink && device) return { scope: 'global', ...common, interface: device.name }
    if (way?.kind !== 'unicast' || way.gateway !== undefined || way.interface === undefined)
      throw new NetworkError(`Error: Nexthop has invalid gateway.`)
    if (device && way.interface !== device.name) throw new NetworkError('Error: Nexthop has invalid gateway.')
    return { scope: 'global', ...common, interface: way.interface }
  }

  toString(): string {
    return `${this.machine} ${this.name}`
  }
}
