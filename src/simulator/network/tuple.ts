import { type Ipv4Packet, icmpType, type Protocol } from './packet.ts'

/** Who speaks with whom. For ICMP the source port is the id, the destination port the type and code. */
export interface Tuple {
  readonly protocol: Protocol
  readonly source: number
  readonly destination: number
  readonly sourcePort: number
  readonly destinationPort: number
}

/** The tuple of a packet; undefined for ICMP messages that no connection is made of. */
export function tupleOf(packet: Ipv4Packet): Tuple | undefined {
  const { protocol, source, destination, body } = packet
  switch (body.kind) {
    case 'tcp':
    case 'udp':
    case 'sctp':
      return { protocol, source, destination, sourcePort: body.sourcePort, destinationPort: body.destinationPort }
    case 'icmp':
      if (body.type !== icmpType.echoRequest && body.type !== icmpType.echoReply) return undefined
      return { protocol, source, destination, sourcePort: body.id, destinationPort: (body.type << 8) | body.code }
    case 'fragment':
      return undefined
    default:
      return { protocol, source, destination, sourcePort: 0, destinationPort: 0 }
  }
}

/** The tuple of an answer. */
export function invert(tuple: Tuple): Tuple {
  const { protocol, source, destination, sourcePort, destinationPort } = tuple
  if (protocol !== 'icmp')
    return {
      protocol,
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    }
  const type = destinationPort >>> 8 === icmpType.echoRequest ? icmpType.echoReply : icmpType.echoRequest
  return { protocol, source: destination, destination: source, sourcePort, destinationPort: type << 8 }
}

/** Whether two tuples are the same. */
export function isSameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.source === b.source &&
    a.destination === b.destination &&
    a.sourcePort === b.sourcePort &&
    a.destinationPort === b.destinationPort &&
    a.protocol === b.protocol
  )
}

/** A thing under its tuple, and the next one whose tuple has the same hash. */
class Entry<T> {
  readonly tuple: Tuple
  readonly value: T
  next: Entry<T> | undefined

  constructor(tuple: Tuple, value: T, next: Entry<T> | undefined) {
    this.tuple = tuple
    this.value = value
    this.next = next
  }
}

/** Things by tuple; where one tuple has several things, the first stays. */
export class TupleMap<T> {
  #entries = new Map<number, Entry<T>>()

  get(tuple: Tuple): T | undefined {
    for (let entry = this.#entries.get(hash(tuple)); entry; entry = entry.next)
      if (isSameTuple(entry.tuple, tuple)) return entry.value
    return undefined
  }

  set(tuple: Tuple, value: T): void {
    const key = hash(tuple)
    let last = this.#entries.get(key)
    const entry = new Entry(tuple, value, undefined)
    if (!last) {
      this.#entries.set(key, entry)
      return
    }
    while (last.next) last = last.next
    last.next = entry
  }

  /** Takes a thing away, unless another one has taken its place. */
  delete(tuple: Tuple, isIt: (value: T) => boolean): void {
    const key = hash(tuple)
    let before: Entry<T> | undefined
    for (let entry = this.#entries.get(key); entry; entry = entry.next) {
      if (!isSameTuple(entry.tuple, tuple) || !isIt(entry.value)) {
        before = entry
        continue
      }
      if (before) before.next = entry.next
      else if (entry.next) this.#entries.set(key, entry.next)
      else this.#entries.delete(key)
    }
  }

  clear(): void {
    this.#entries.clear()
  }
}

/** A number that engines keep small. */
function hash(tuple: Tuple): number {
  let mixed = Math.imul(tuple.source ^ 0x9e3779b9, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ tuple.destination, 0xc2b2ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ (tuple.sourcePort << 16) ^ tuple.destinationPort, 0x27d4eb2f)
  return (mixed ^ (mixed >>> 16)) & 0x3fffffff
}
