import type { Timer } from '../clock.ts'
import { broadcastMac, formatIpv4, zeroMac } from './address.ts'
import type { NetworkInterface } from './interface.ts'
import type { NetworkNamespace } from './namespace.ts'
import type { ArpPacket, Frame } from './packet.ts'

/** States of a neighbour, as `ip neigh` writes them (net/core/neighbour.c). */
export type NeighbourState = 'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'PERMANENT' | 'NOARP'

/** What a machine knows of another one on the same link. */
export interface Neighbour {
  readonly address: number
  readonly interface: string
  readonly mac: string | undefined
  readonly state: NeighbourState
}

/** Someone who waits for a neighbour's Ethernet address. */
export interface NeighbourRequest {
  readonly flow: number
  /** The source address that the question carries, when it is one of this machine's. */
  readonly source: number | undefined
  ready(mac: string): void
  fail(): void
}

const reachableTime = 30_000
const delayBeforeProbe = 5_000
const probeInterval = 1_000
const probes = 3
const longestQueue = 101
/** A neighbour's address is not replaced twice within this time. */
const lockTime = 1_000

interface Entry {
  readonly address: number
  readonly interface: NetworkInterface
  mac: string | undefined
  state: NeighbourState
  confirmedAt: number
  updatedAt: number
  probes: number
  /** It has carried a packet, so that bridges may use its address without asking the neighbour code. */
  hasHeader: boolean
  queue: NeighbourRequest[]
  timer: Timer | undefined
  flow: number
}

/** The neighbours of a network namespace: Ethernet addresses by IPv4 address, learned by ARP. */
export class NeighbourTable {
  #namespace: NetworkNamespace
  #entries = new Map<NetworkInterface, Map<number, Entry>>()

  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace
  }

  /** Every neighbour, as `ip neigh` lists them. */
  list(): Neighbour[] {
    const neighbours: Neighbour[] = []
    for (const entries of this.#entries.values())
      for (const entry of entries.values()) {
        this.#age(entry)
        neighbours.push({
          address: entry.address,
          interface: entry.interface.name,
          mac: entry.mac,
          state: entry.state,
        })
      }
    return neighbours
  }

  /** What is known of one neighbour. */
  get(interfaceName: string, address: number): Neighbour | undefined {
    return this.list().find(each => each.interface === interfaceName && each.address === address)
  }

  /** Enters a neighbour by hand. */
  set(
    interfaceName: string,
    address: number,
    mac: string,
    state: 'PERMANENT' | 'REACHABLE' | 'STALE' | 'NOARP' = 'PERMANENT',
  ): void {
    const device = this.#namespace.interface(interfaceName)
    if (!device) return
    const entry = this.#entry(device, address) ?? this.#create(device, address)
    this.#learn(entry, mac, state)
  }

  /** Forgets a neighbour; false when it was not there. */
  remove(interfaceName: string, address: number): boolean {
    const device = this.#namespace.interface(interfaceName)
    const entry = device && this.#entry(device, address)
    if (!entry) return false
    this.#forget(entry)
    return true
  }

  /** Forgets all neighbours, or those behind one interface; permanent ones only when asked. */
  flush(interfaceName?: string, withPermanent = false): void {
    for (const [device, entries] of this.#entries) {
      if (interfaceName !== undefined && device.name !== interfaceName) continue
      for (const entry of [...entries.values()])
        if (withPermanent || (entry.state !== 'PERMANENT' && entry.state !== 'NOARP')) this.#forget(entry)
    }
  }

  /** Finds the Ethernet address for a packet that leaves by an interface, asking the link if need be. */
  resolve(device: NetworkInterface, address: number, request: NeighbourRequest): void {
    const entry = this.#entry(device, address) ?? this.#create(device, address)
    this.#age(entry)
    if (entry.state === 'FAILED') {
      entry.state = 'INCOMPLETE'
      entry.probes = 0
    }
    if (entry.state === 'INCOMPLETE') {
      if (entry.queue.length >= longestQueue) entry.queue.shift()
      entry.queue.push(request)
      entry.flow = request.flow
      if (!entry.timer) this.#ask(entry, request.source)
      return
    }
    if (entry.state === 'STALE') {
      entry.state = 'DELAY'
      entry.flow = request.flow
      entry.updatedAt = this.#now
      this.#later(entry, delayBeforeProbe)
    }
    entry.hasHeader = true
    request.ready(entry.mac!)
  }

  /** The Ethernet address of a neighbour to whom a packet can be sent at once, without asking or checking anything. */
  reachable(device: NetworkInterface, address: number): string | undefined {
    const entry = this.#entry(device, address)
    if (!entry) return undefined
    this.#age(entry)
    if (entry.state !== 'REACHABLE' && entry.state !== 'PERMANENT') return undefined
    entry.hasHeader = true
    return entry.mac
  }

  /** The Ethernet address of a neighbour that is known to be there and has been used before. */
  cachedHeader(device: NetworkInterface, address: number): string | undefined {
    const entry = this.#entry(device, address)
    if (!entry?.hasHeader) return undefined
    this.#age(entry)
    return entry.state === 'REACHABLE' || entry.state === 'PERMANENT' ? entry.mac : undefined
  }

  /** Notes that a neighbour has just shown that it hears us. */
  confirm(device: NetworkInterface, address: number): void {
    const entry = this.#entry(device, address)
    if (entry) entry.confirmedAt = this.#now
  }

  /** Takes an ARP packet that came in by an interface. */
  receive(device: NetworkInterface, packet: ArpPacket, isBroadcast: boolean): void {
    const namespace = this.#namespace
    const isForUs =
      namespace.isLocal(packet.targetAddress) &&
      (!namespace.isSet('arp_ignore', device.name) ||
        device.addresses.some(({ address }) => address === packet.targetAddress))
    if (packet.operation === 'request' && (isForUs || this.#isProxyFor(device, packet))) {
      if (packet.senderAddress !== 0) {
        const entry = this.#entry(device, packet.senderAddress) ?? this.#create(device, packet.senderAddress)
        this.#hearOf(entry, packet.senderMac, 'STALE')
      }
      this.#answer(device, packet)
      return
    }
    const entry = this.#entry(device, packet.senderAddress)
    if (!entry) return
    const isAnswer = packet.operation === 'reply' && !isBroadcast
    this.#hearOf(entry, packet.senderMac, isAnswer ? 'REACHABLE' : 'STALE')
  }

  /** Forgets everything behind an interface that is gone. */
  forgetInterface(device: NetworkInterface): void {
    for (const entry of [...(this.#entries.get(device)?.values() ?? [])]) this.#forget(entry)
    this.#entries.delete(device)
  }

  get #now(): number {
    return this.#namespace.clock.now
  }

  #entry(device: NetworkInterface, address: number): Entry | undefined {
    return this.#entries.get(device)?.get(address)
  }

  #create(device: NetworkInterface, address: number): Entry {
    let entries = this.#entries.get(device)
    if (!entries) {
      entries = new Map()
      this.#entries.set(device, entries)
    }
    const entry: Entry = {
      address,
      interface: device,
      mac: undefined,
      state: 'INCOMPLETE',
      confirmedAt: this.#now,
      updatedAt: this.#now,
      probes: 0,
      hasHeader: false,
      queue: [],
      timer: undefined,
      flow: 0,
    }
    if (!device.usesArp) {
      entry.state = 'NOARP'
      entry.mac = zeroMac
    }
    entries.set(address, entry)
    return entry
  }

  #forget(entry: Entry): void {
    entry.timer?.cancel()
    this.#entries.get(entry.interface)?.delete(entry.address)
    const waiting = entry.queue
    entry.queue = []
    for (const request of waiting) request.fail()
  }

  // Simplified: a neighbour stays REACHABLE for 30 s, not for a random 15–45 s.
  #age(entry: Entry): void {
    if (entry.state === 'REACHABLE' && this.#now > entry.confirmedAt + reachableTime) entry.state = 'STALE'
  }

  /** Someone says that the neighbour has this Ethernet address (neigh_update). */
  #hearOf(entry: Entry, mac: string, state: 'REACHABLE' | 'STALE'): void {
    if (entry.state === 'PERMANENT' || entry.state === 'NOARP') return
    this.#age(entry)
    if (entry.mac !== undefined && entry.mac !== mac && this.#now < entry.updatedAt + lockTime) return
    const isOld = entry.mac === mac
    if (state === 'STALE' && isOld && entry.state !== 'INCOMPLETE' && entry.state !== 'FAILED') return
    this.#learn(entry, mac, state)
  }

  #learn(entry: Entry, mac: string, state: NeighbourState): void {
    entry.timer?.cancel()
    entry.timer = undefined
    entry.mac = mac
    entry.state = state
    entry.probes = 0
    entry.updatedAt = this.#now
    if (state === 'REACHABLE') entry.confirmedAt = this.#now
    const waiting = entry.queue
    entry.queue = []
    for (const request of waiting) this.resolve(entry.interface, entry.address, request)
  }

  /** Tells everyone on a link, unasked, behind which Ethernet address an own address is: gratuitous ARP. */
  announce(device: NetworkInterface, address: number): void {
    const { network } = this.#namespace
    this.#send(device, broadcastMac, {
      kind: 'arp',
      operation: 'request',
      senderMac: device.mac,
      senderAddress: address,
      targetMac: zeroMac,
      targetAddress: address,
      flow: network.nextFlow(),
      serial: network.nextSerial(),
    })
  }

  #ask(entry: Entry, source: number | undefined): void {
    entry.probes++
    const from = source ?? this.#namespace.sourceOn(entry.interface, entry.address)
    this.#send(entry.interface, entry.state === 'PROBE' ? entry.mac! : broadcastMac, {
      kind: 'arp',
      operation: 'request',
      senderMac: entry.interface.mac,
      senderAddress: from ?? 0,
      targetMac: zeroMac,
      targetAddress: entry.address,
      flow: entry.flow,
      serial: this.#namespace.network.nextSerial(),
    })
    this.#later(entry, probeInterval)
  }

  #later(entry: Entry, delay: number): void {
    entry.timer?.cancel()
    entry.timer = this.#namespace.clock.after(delay, () => {
      entry.timer = undefined
      this.#onTimer(entry)
    })
  }

  #onTimer(entry: Entry): void {
    if (entry.state === 'DELAY') {
      if (this.#now <= entry.confirmedAt + delayBeforeProbe) {
        entry.state = 'REACHABLE'
        return
      }
      entry.state = 'PROBE'
      entry.probes = 0
    }
    if (entry.probes < probes) return this.#ask(entry, undefined)
    entry.state = 'FAILED'
    entry.hasHeader = false
    const waiting = entry.queue
    entry.queue = []
    for (const request of waiting) request.fail()
  }

  #answer(device: NetworkInterface, request: ArpPacket): void {
    this.#send(device, request.senderMac, {
      kind: 'arp',
      operation: 'reply',
      senderMac: device.mac,
      senderAddress: request.targetAddress,
      targetMac: request.senderMac,
      targetAddress: request.senderAddress,
      flow: request.flow,
      serial: this.#namespace.network.nextSerial(),
    })
  }

  #send(device: NetworkInterface, destination: string, packet: ArpPacket): void {
    const decision = packet.operation === 'request' ? `who has ${formatIpv4(packet.targetAddress)}?` : 'answer'
    this.#namespace.note('resolve', device.name, decision, '', packet)
    const frame: Frame = { source: device.mac, destination, payload: packet }
    device.transmit(frame)
  }

  /** Answers for addresses that are reached by another interface (proxy_arp). */
  #isProxyFor(device: NetworkInterface, packet: ArpPacket): boolean {
    if (!this.#namespace.isForwarding || !this.#namespace.isSet('proxy_arp', device.name)) return false
    const route = this.#namespace.routes.lookup(packet.targetAddress)
    return route?.kind === 'unicast' && route.interface !== device.name
  }
}
