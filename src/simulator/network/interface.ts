import { broadcastOf, networkOf, type Prefix } from './address.ts'
import type { InterfaceProgram } from './interfaceProgram.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { Netem } from './netem.ts'
import { type Frame, frameLength } from './packet.ts'
import type { SocketBuffer } from './socketBuffer.ts'

export type InterfaceKind = 'loopback' | 'veth' | 'bridge' | 'vxlan' | 'ipip' | 'dummy' | 'macvlan' | 'ipvlan'

/** How far an address is valid. */
export type Scope = 'global' | 'link' | 'host'

/** An IPv4 address of an interface. */
export interface InterfaceAddress extends Prefix {
  readonly broadcast: number | undefined
  readonly scope: Scope
  readonly label: string
}

export interface AddressOptions {
  readonly broadcast?: number
  readonly scope?: Scope
}

/** Hears every frame that passes an interface. */
export type CaptureListener = (frame: Frame, direction: 'in' | 'out', at: number) => void

/** What an interface has carried, as `ip -s link` shows it. */
export interface InterfaceCounters {
  receivedPackets: number
  receivedBytes: number
  receivedDropped: number
  sentPackets: number
  sentBytes: number
  sentDropped: number
}

/** How a port of a bridge behaves, by the names of `bridge -d link`. */
export interface BridgePortFlags {
  /** Frames may leave by the port that they came in by. */
  hairpin: boolean
  learning: boolean
  flood: boolean
  /** Frames from isolated ports never leave by other isolated ports. */
  isolated: boolean
}

/** What an interface that is a bridge does for its ports. */
export interface PortOwner {
  readonly name: string
  readonly index: number
  receiveFromPort(port: NetworkInterface, frame: Frame): void
  removePort(port: NetworkInterface): void
}

/** A network interface of a network namespace. */
export abstract class NetworkInterface {
  abstract readonly kind: InterfaceKind
  namespace: NetworkNamespace
  name: string
  index: number
  mac: string
  mtu: number
  addresses: readonly InterfaceAddress[] = []
  /** The bridge that this interface is a port of. */
  master: (NetworkInterface & PortOwner) | undefined = undefined
  /** Interfaces that share this one's cable: macvlan and ipvlan. */
  readonly uppers: NetworkInterface[] = []
  /** Where frames wait before they leave, when `tc` has put something there. */
  queue: Netem | undefined = undefined
  /** See frames before the network stack does, and after it. */
  ingress: InterfaceProgram | undefined = undefined
  egress: InterfaceProgram | undefined = undefined
  /** Whether neighbours are not asked for: `ip link set … arp off`. */
  isArpOff = false
  readonly port: BridgePortFlags = { hairpin: false, learning: true, flood: true, isolated: false }
  readonly counters: InterfaceCounters = {
    receivedPackets: 0,
    receivedBytes: 0,
    receivedDropped: 0,
    sentPackets: 0,
    sentBytes: 0,
    sentDropped: 0,
  }
  #isUp = false
  #hasBeenUp = false
  #listeners: CaptureListener[] = []

  constructor(namespace: NetworkNamespace, name: string, index: number, mac: string, mtu: number) {
    this.namespace = namespace
    this.name = name
    this.index = index
    this.mac = mac
    this.mtu = mtu
  }

  /** Whether the administrator has set it up. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** Whether it has ever been up: before, it has no queueing discipline. */
  get hasBeenUp(): boolean {
    return this.#hasBeenUp
  }

  /** Whether there is something at the other end of the cable. */
  get hasCarrier(): boolean {
    return true
  }

  /** The interface whose cable it shares. */
  get lower(): NetworkInterface | undefined {
    return undefined
  }

  /** Whether a frame that has come in by the shared cable is for it alone, or for it as well as for others. */
  takes(_frame: Frame): 'all' | 'copy' | undefined {
    return undefined
  }

  /** Whether neighbours have Ethernet addresses that must be asked for. */
  get usesArp(): boolean {
    return !this.isArpOff
  }

  /** As `ip link` prints it after `state`. */
  get state(): 'UP' | 'DOWN' | 'UNKNOWN' | 'LOWERLAYERDOWN' {
    if (!this.isUp) return 'DOWN'
    return this.hasCarrier ? 'UP' : 'DOWN'
  }

  /** The words that `ip link` prints between angle brackets. */
  get flags(): string[] {
    const flags = this.isUp && !this.hasCarrier ? ['NO-CARRIER'] : []
    flags.push(...this.ownFlags)
    if (this.isArpOff) flags.push('NOARP')
    if (this.isUp) flags.push('UP')
    if (this.isUp && this.hasCarrier) flags.push('LOWER_UP')
    return flags
  }

  protected get ownFlags(): readonly string[] {
    return ['BROADCAST', 'MULTICAST']
  }

  /** Gives the interface an address; routes follow. False when it has it already. */
  addAddress(prefix: Prefix, options: AddressOptions = {}): boolean {
    if (this.addresses.some(old => old.address === prefix.address && old.length === prefix.length)) return false
    const address: InterfaceAddress = {
      address: prefix.address,
      length: prefix.length,
      broadcast: options.broadcast,
      scope: options.scope ?? 'global',
      label: this.name,
    }
    this.addresses = [...this.addresses, address]
    if (this.#isUp) this.#addRoutes(address)
    else this.#addLocalRoute(address)
    this.namespace.noteLocalAddresses()
    return true
  }

  /** Gives the interface many addresses at once, each for itself alone (`/32`); those that it has are passed over. */
  addHostAddresses(addresses: readonly number[]): void {
    const known = new Set(this.addresses.map(({ address }) => address))
    const added = addresses
      .filter(address => !known.has(address))
      .map(address => ({ address, length: 32, broadcast: undefined, scope: 'global' as const, label: this.name }))
    if (added.length === 0) return
    this.addresses = [...this.addresses, ...added]
    for (const address of added) this.#addLocalRoute(address)
    this.namespace.noteLocalAddresses()
  }

  /** Takes an address away, with its routes; false when it was not there. */
  removeAddress(address: number): boolean {
    const found = this.addresses.find(old => old.address === address)
    if (!found) return false
    this.addresses = this.addresses.filter(old => old !== found)
    this.namespace.routes.removeWhere(route => route.interface === this.name && route.source === address)
    this.namespace.noteLocalAddresses()
    return true
  }

  /** Sets the interface up: routes to its addresses' networks appear. */
  up(): void {
    if (this.#isUp) return
    this.#isUp = true
    this.#hasBeenUp = true
    for (const address of this.addresses) this.#addRoutes(address)
  }

  /** Sets the interface down: routes that use it and neighbours behind it go. */
  down(): void {
    if (!this.#isUp) return
    this.#isUp = false
    this.namespace.routes.removeWhere(route => route.interface === this.name)
    this.namespace.neighbours.flush(this.name, true)
  }

  /** Hears every frame that passes, until the answer is called. */
  capture(listener: CaptureListener): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter(other => other !== listener)
    }
  }

  /** Whether somebody hears what passes here, and not at all interfaces. */
  get isCaptured(): boolean {
    return this.#listeners.length > 0
  }

  /** Sends a frame out. */
  transmit(frame: Frame, buffer?: SocketBuffer): void {
    if (!this.#isUp) {
      this.counters.sentDropped++
      this.namespace.note('drop', this.name, 'interface is down', '', frame.payload)
      return
    }
    const passed = this.egress ? this.egress.run(frame, buffer, this) : frame
    if (!passed) return
    if (!this.queue) return this.#send(passed, buffer)
    if (!this.queue.enqueue(passed, each => this.#send(each, buffer)))
      this.namespace.note('drop', this.name, 'lost on the line', () => `qdisc netem dev ${this.name}`, frame.payload)
  }

  #send(frame: Frame, buffer: SocketBuffer | undefined): void {
    if (!this.#isUp) return
    this.counters.sentPackets++
    this.counters.sentBytes += frameLength(frame)
    this.hear(frame, 'out')
    this.carry(frame, buffer)
  }

  /** Takes a frame in from the cable. */
  receive(frame: Frame, buffer?: SocketBuffer): void {
    if (!this.#isUp) {
      this.counters.receivedDropped++
      this.namespace.note('drop', this.name, 'interface is down', '', frame.payload)
      return
    }
    this.counters.receivedPackets++
    this.counters.receivedBytes += frameLength(frame)
    this.hear(frame, 'in')
    const passed = this.ingress ? this.ingress.run(frame, buffer, this) : frame
    if (!passed || this.#isTakenAbove(passed)) return
    if (this.master) this.master.receiveFromPort(this, passed)
    else this.namespace.receive(this, passed, buffer)
  }

  #isTakenAbove(frame: Frame): boolean {
    for (const upper of this.uppers) {
      const taken = upper.takes(frame)
      if (taken) upper.receive(frame)
      if (taken === 'all') return true
    }
    return false
  }

  /** Lets captures see a frame. */
  hear(frame: Frame, direction: 'in' | 'out'): void {
    for (const listener of this.#listeners) listener(frame, direction, this.namespace.clock.now)
    this.namespace.hearAny(this, frame, direction)
  }

  /** What happens to a frame that leaves. */
  protected abstract carry(frame: Frame, buffer: SocketBuffer | undefined): void

  /** What goes with the interface when it is removed. */
  detach(): void {}

  /** What the interface is beyond what all have, for the snapshot. */
  details(): Readonly<Record<string, unknown>> {
    return {}
  }

  #addRoutes(address: InterfaceAddress): void {
    const { routes } = this.namespace
    const common = { interface: this.name, source: address.address, protocol: 'kernel' } as const
    const isHost = address.length === 32
    this.#addLocalRoute(address)
    if (this.kind === 'loopback') {
      if (!isHost)
        routes.add({ ...common, kind: 'local', destination: networkOf(address), scope: 'host', table: 'local' })
    } else if (!isHost)
      routes.add({ ...common, kind: 'unicast', destination: networkOf(address), scope: 'link', table: 'main' })
    if (address.length < 31) {
      const last = { address: broadcastOf(address), length: 32 }
      routes.add({ ...common, kind: 'broadcast', destination: last, scope: 'link', table: 'local' })
    }
  }

  /** An address is the machine's own even while its interface is down (fib_add_ifaddr). */
  #addLocalRoute({ address }: InterfaceAddress): void {
    const common = { interface: this.name, source: address, protocol: 'kernel' } as const
    const destination = { address, length: 32 }
    this.namespace.routes.add({ ...common, kind: 'local', destination, scope: 'host', table: 'local' })
  }
}
