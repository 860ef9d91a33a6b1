import { formatIpv4 } from './network/address.ts'
import type { ArpPacket, Ipv4Packet } from './network/packet.ts'
import type { TraceKind, TraceRecord } from './network/trace.ts'

/** The way of one request through the network, stop by stop, there and back. */
export interface PacketPath {
  readonly id: number
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly from: string
  readonly to: string
  readonly verdict: PathVerdict
  readonly stops: readonly PacketStop[]
}

export type PathVerdict = 'answered' | 'refused' | 'rejected' | 'unanswered' | 'open'

export interface PacketStop {
  readonly at: number
  readonly place: PacketPlace
  readonly interface: string
  /** What happened here. */
  readonly kind: StopKind
  /** The line of `iptables-save`, `ip route`, `bridge fdb` … that decided, as that command prints it. */
  readonly by: string
  readonly before: string
  readonly after: string
}

export interface PacketPlace {
  readonly kind: 'pod' | 'node' | 'workstation' | 'outside'
  /** `namespace/name` of a pod, or a machine's name. */
  readonly name: string
}

export type StopKind = Exclude<TraceKind, 'receive' | 'transmit' | 'resolve' | 'rule'>

/** What a reader wants to see: coming in and going out by an interface is told by the stops between. */
const shownKinds: ReadonlySet<TraceKind> = new Set([
  'send',
  'route',
  'switch',
  'rewrite',
  'encapsulate',
  'decapsulate',
  'forward',
  'deliver',
  'drop',
  'reject',
  'expire',
])

/** How long a request may stay without an answer before it counts as unanswered, in milliseconds: a second at least. */
const patience = 1000

/** The first packet of a flow and the first that comes back, stop by stop. */
export function pathOf(
  flow: number,
  records: readonly TraceRecord[],
  placeOf: (machine: string, networkNamespace: string) => PacketPlace | undefined,
): PacketPath {
  const ours = firstExchange(records)
  const packet = records[0]!.before as Ipv4Packet
  return {
    id: flow,
    protocol: packet.protocol as PacketPath['protocol'],
    from: endpoint(packet, 'source'),
    to: endpoint(packet, 'destination'),
    verdict: verdictOf(records),
    stops: ours
      .filter(record => shownKinds.has(record.kind))
      .map(record => ({
        at: record.at,
        place: placeOf(record.machine, record.networkNamespace) ?? { kind: 'outside', name: record.machine },
        interface: record.interface,
        kind: record.kind as StopKind,
        by: record.by,
        before: packetText(record.before),
        after: packetText(record.after),
      })),
  }
}

/** Records of the packet that opened the flow and of the first one that answered it. */
function firstExchange(records: readonly TraceRecord[]): TraceRecord[] {
  const first = records[0]!
  const answer = records.find(
    record => record.serial !== first.serial && record.kind === 'send' && isIpv4(record.before),
  )
  const serials = new Set([first.serial, answer?.serial ?? first.serial])
  return records.filter(record => serials.has(record.serial))
}

/** How a flow ended, as its packets tell. */
export function verdictOf(records: readonly TraceRecord[]): PathVerdict {
  const first = records[0]!
  const opener = first.before as Ipv4Packet
  if (records.some(record => record.kind === 'reject')) return 'rejected'
  for (const record of records) {
    if (record.serial === first.serial || record.kind !== 'deliver') continue
    if (record.machine !== first.machine || record.networkNamespace !== first.networkNamespace) continue
    const answer = record.after as Ipv4Packet
    if (answer.protocol === 'icmp' && opener.protocol !== 'icmp') return 'refused'
    if (answer.protocol === 'tcp' && (answer.body as { flags: number }).flags & 4) return 'refused'
    if (answer.protocol === 'icmp' && (answer.body as { type: number }).type !== 0) return 'refused'
    return 'answered'
  }
  const last = records.at(-1)!
  return last.at - first.at > patience || records.some(record => record.kind === 'drop') ? 'unanswered' : 'open'
}

/** A packet in one line, much as tcpdump says it. */
export function packetText(packet: ArpPacket | Ipv4Packet): string {
  if (!isIpv4(packet)) return 'ARP'
  return `${endpoint(packet, 'source')} > ${endpoint(packet, 'destination')} ${packet.protocol} ttl ${packet.ttl}`
}

function endpoint(packet: Ipv4Packet, side: 'source' | 'destination'): string {
  const address = formatIpv4(packet[side])
  if (packet.protocol === 'icmp') return address
  const ports = packet.body as { sourcePort: number; destinationPort: number }
  return `${address}:${side === 'source' ? ports.sourcePort : ports.destinationPort}`
}

function isIpv4(packet: ArpPacket | Ipv4Packet): packet is Ipv4Packet {
  return 'protocol' in packet
}
