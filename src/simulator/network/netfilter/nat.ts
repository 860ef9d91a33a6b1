import type { Random } from '../../random.ts'
import type { ConnectionTable, TrackedConnection } from '../conntrack.ts'
import type { Ipv4Packet } from '../packet.ts'
import type { SocketBuffer } from '../socketBuffer.ts'
import { invert, isSameTuple, type Tuple } from '../tuple.ts'
import type { NatRange } from './rule.ts'

/** Which end of a packet translation changes. */
export type Side = 'source' | 'destination'

const attempts = 128

/** Decides which addresses a connection gets; the first decision for each side stands. */
export function decide(
  connection: TrackedConnection,
  side: Side,
  range: NatRange,
  table: ConnectionTable,
  random: Random,
): void {
  const current = invert(connection.reply)
  const isFree = (tuple: Tuple) => {
    const taken = table.find(invert(tuple))
    return !taken || isSameTuple(taken.connection.original, connection.original)
  }
  const chosen = chooseTuple(current, side, range, isFree, random)
  if (!isSameTuple(chosen, current)) {
    connection.reply = invert(chosen)
    if (side === 'source') connection.changesSource = true
    else connection.changesDestination = true
  }
  if (side === 'source') connection.isSourceDecided = true
  else connection.isDestinationDecided = true
}

/** Whether a connection's addresses have been decided for one side. */
export function isDecided(connection: TrackedConnection, side: Side): boolean {
  return side === 'source' ? connection.isSourceDecided : connection.isDestinationDecided
}

/** The packet with the addresses that its connection's decisions give it, on one side (nf_nat_packet). */
export function translate(buffer: SocketBuffer, side: Side): Ipv4Packet {
  const { packet, isReply } = buffer
  const connection = buffer.connection!
  if (!changes(connection, side, isReply)) return packet
  return rewrite(packet, side, isReply ? invert(connection.original) : invert(connection.reply))
}

/** An ICMP error with the addresses that the sender of the quoted packet knows (nf_nat_icmp_reply_translation). */
export function translateError(buffer: SocketBuffer, side: Side): Ipv4Packet {
  const { packet, isReply } = buffer
  const connection = buffer.connection!
  if (packet.body.kind !== 'icmp' || !packet.body.original || !changes(connection, side, isReply)) return packet
  const other = isReply ? connection.original : connection.reply
  const original = rewrite(packet.body.original, side === 'source' ? 'destination' : 'source', other)
  const target = invert(other)
  const outer = side === 'source' ? { source: target.source } : { destination: target.destination }
  return { ...packet, ...outer, body: { ...packet.body, original } }
}

function changes(connection: TrackedConnection, side: Side, isReply: boolean): boolean {
  return (side === 'source') !== isReply ? connection.changesSource : connection.changesDestination
}

function rewrite(packet: Ipv4Packet, side: Side, tuple: Tuple): Ipv4Packet {
  const address = side === 'source' ? { source: tuple.source } : { destination: tuple.destination }
  const { body } = packet
  switch (body.kind) {
    case 'tcp':
    case 'udp':
    case 'sctp': {
      const port = side === 'source' ? { sourcePort: tuple.sourcePort } : { destinationPort: tuple.destinationPort }
      return { ...packet, ...address, body: { ...body, ...port } }
    }
    case 'icmp':
      return { ...packet, ...address, body: { ...body, id: tuple.sourcePort } }
    default:
      return { ...packet, ...address }
  }
}

/** The tuple that a connection gets: as it is when nobody else has it, else with another port (get_unique_tuple). */
function chooseTuple(
  current: Tuple,
  side: Side,
  range: NatRange,
  isFree: (tuple: Tuple) => boolean,
  random: Random,
): Tuple {
  const first = range.first ?? (side === 'source' ? current.source : current.destination)
  const size = range.last === undefined ? 1 : range.last - first + 1
  const address = size > 1 ? first + random.below(size) : first
  const moved = side === 'source' ? { ...current, source: address } : { ...current, destination: address }
  if (!['tcp', 'udp', 'sctp', 'icmp'].includes(current.protocol)) return moved
  const key = side === 'source' || current.protocol === 'icmp' ? 'sourcePort' : 'destinationPort'
  const { ports } = range
  if (!range.random) {
    const fits = !ports || (moved[key] >= ports[0] && moved[key] <= ports[1])
    if (fits && (side === 'destination' || isFree(moved))) return moved
  }
  if (!ports && side === 'destination') return moved
  const [low, high] = ports ?? portsLike(moved)
  const count = high - low + 1
  const start = range.random || side === 'source' ? random.below(count) : 0
  for (let i = 0; i < Math.min(count, attempts); i++) {
    const tuple = { ...moved, [key]: low + ((start + i) % count) }
    if (side === 'destination' || isFree(tuple)) return tuple
  }
  return moved
}

/** Ports of the same class as the one that is replaced; ICMP ids may be anything. */
function portsLike(tuple: Tuple): readonly [number, number] {
  if (tuple.protocol === 'icmp') return [0, 65535]
  if (tuple.sourcePort < 512) return [1, 511]
  return tuple.sourcePort < 1024 ? [600, 1023] : [1024, 65535]
}
