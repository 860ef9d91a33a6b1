import { formatIpv4 } from './network/address.ts'
import {
  type ArpPacket,
  type IcmpMessage,
  type Ipv4Packet,
  icmpType,
  tcpFlag,
  unreachableCode,
} from './network/packet.ts'
import type { TraceKind, TraceRecord } from './network/trace.ts'

/** The way of one request through the network, stop by stop, there and back. */
export interface PacketPath {
  readonly id: number
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'sctp'
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
  /** What was decided, in one or two words: `DNAT`, `via 10.244.1.1`, `no route`. */
  readonly decision: string
  /** The line of `iptables-save`, `ip route`, `bridge fdb` … that decided, as that command prints it. */
  readonly by: string
  /** The rules that led to the decision, from a built-in chain to the deciding one. */
  readonly rules: readonly string[]
  /** With the request, or with its answer. */
  readonly way: 'there' | 'back'
  readonly before: string
  readonly after: string
}

export interface PacketPlace {
  readonly kind: 'pod' | 'node' | 'workstation' | 'outside'
  /** `namespace/name` of a pod, or a machine's name. */
  readonly name: string
}

export type StopKind = Exclude<TraceKind, 'receive' | 'transmit'>

/** What interests only those who ask for every detail. */
const detailKinds: ReadonlySet<TraceKind> = new Set(['resolve', 'rule'])

/** How long a request may stay without an answer before it counts as unanswered, in milliseconds: a second at least. */
const patience = 1000

/** The words of rules that end a packet's way through a table, or leave a mark on it. */
const decidingTargets = /^(?:\S+ )?(?:ACCEPT|MARK|CONNMARK|NOTRACK|accept)$/

/** The first packet of a flow and the first that comes back, stop by stop; on request with neighbours and all rules. */
export function pathOf(
  flow: number,
  records: readonly TraceRecord[],
  placeOf: (machine: string, networkNamespace: string) => PacketPlace | undefined,
  options: { readonly isDetailed?: boolean } = {},
): PacketPath {
  const packet = records[0]!.before as Ipv4Packet
  const stops = firstExchange(records).map(({ record, rules, way }): PacketStop => {
    const trail = decidesByRule(record) ? trailOf(rules) : []
    const by = record.by || (record.kind === 'rewrite' ? (trail.at(-1)?.by ?? '') : '')
    return {
      at: record.at,
      place: placeOf(record.machine, record.networkNamespace) ?? { kind: 'outside', name: record.machine },
      interface: record.interface,
      kind: record.kind as StopKind,
      decision: record.decision,
      by,
      rules: trail.map(rule => rule.by),
      way,
      before: packetText(record.before),
      after: packetText(record.after),
    }
  })
  return {
    id: flow,
    protocol: packet.protocol as PacketPath['protocol'],
    from: endpoint(packet, 'source'),
    to: endpoint(packet, 'destination'),
    verdict: verdictOf(records),
    stops: options.isDetailed ? stops : stops.filter(({ kind }) => !detailKinds.has(kind)),
  }
}

interface Step {
  readonly record: TraceRecord
  /** The rules since the last step at the same place. */
  readonly rules: readonly TraceRecord[]
  readonly way: 'there' | 'back'
}

/** The steps of the packet that opened the flow and of the first one that answered it, and who asked for neighbours. */
function firstExchange(records: readonly TraceRecord[]): Step[] {
  const first = records[0]!
  const opener = first.before as Ipv4Packet
  const answer = records.find(
    ({ kind, serial, before }) =>
      kind === 'send' && serial !== first.serial && isIpv4(before) && isAnswer(before, opener),
  )
  const ways = new Map([
    [first.serial, 'there'],
    [answer?.serial ?? first.serial, answer ? 'back' : 'there'],
  ] as const)
  const asked = new Set<string>()
  const steps: Step[] = []
  let rules: TraceRecord[] = []
  let place = ''
  for (const record of records) {
    const here = `${record.machine} ${record.networkNamespace} ${record.serial}`
    if (record.kind === 'resolve') {
      const question = `${record.networkNamespace} ${record.interface} ${record.decision}`
      if (!asked.has(question))
        steps.push({ record, rules: [], way: answer && isAfter(records, answer, record) ? 'back' : 'there' })
      asked.add(question)
      continue
    }
    const way = ways.get(record.serial)
    if (!way || record.kind === 'transmit') continue
    if (here !== place) rules = []
    place = here
    if (record.kind !== 'rule') {
      steps.push({ record, rules, way })
      rules = []
      continue
    }
    rules = [...rules, record]
    if (decidingTargets.test(record.decision)) steps.push({ record, rules, way })
  }
  return steps
}

/** Whether what happened may be the work of rules. */
function decidesByRule({ kind, decision }: TraceRecord): boolean {
  if (kind === 'rewrite') return decision !== 'as its connection'
  return kind === 'rule' || kind === 'drop' || kind === 'reject'
}

/** The rules that lead to the last one: those whose jump goes to the chain of the next. */
function trailOf(rules: readonly TraceRecord[]): TraceRecord[] {
  const trail: TraceRecord[] = []
  let chain: string | undefined
  for (const rule of [...rules].reverse()) {
    if (chain !== undefined && !rule.decision.split(' ').includes(chain)) continue
    trail.unshift(rule)
    chain = chainOf(rule.by)
  }
  return trail
}

/** The chain that a line of iptables-save (`-A CHAIN …`) or a rule of nftables (`table CHAIN: …`) stands in. */
function chainOf(line: string): string | undefined {
  return /^-A (\S+)|^\S+ (\S+): /.exec(line)?.slice(1).find(Boolean)
}

function isAfter(records: readonly TraceRecord[], first: TraceRecord, second: TraceRecord): boolean {
  return records.indexOf(second) > records.indexOf(first)
}

/** Whether a packet answers another one, as far as the two tell; a repetition does not. */
function isAnswer(packet: Ipv4Packet, opener: Ipv4Packet): boolean {
  if (packet.body.kind === 'icmp' && packet.body.type !== icmpType.echoRequest) return true
  if (packet.protocol !== opener.protocol || packet.body.kind === 'icmp') return false
  if (packet.body.kind === 'tcp') return (packet.body.flags & (tcpFlag.acknowledgement | tcpFlag.reset)) !== 0
  return endpoint(packet, 'source') !== endpoint(opener, 'source')
}

/** How a flow ended, as its packets tell: by what came first, an answer or a refusal. */
export function verdictOf(records: readonly TraceRecord[]): PathVerdict {
  const first = records[0]!
  const opener = first.before as Ipv4Packet
  for (const record of records) {
    if (record.kind === 'reject') return 'rejected'
    if (record.serial === first.serial || record.kind !== 'deliver') continue
    if (record.machine !== first.machine || record.networkNamespace !== first.networkNamespace) continue
    const answer = record.after as Ipv4Packet
    if (!isAnswer(answer, opener)) continue
    if (answer.body.kind === 'tcp' && answer.body.flags & tcpFlag.reset) return 'refused'
    if (answer.body.kind === 'sctp' && answer.body.chunks.some(({ type }) => type === 'ABORT')) return 'refused'
    if (answer.body.kind === 'icmp' && answer.body.type !== icmpType.echoReply) {
      // A sender that learns of a narrower way goes on in smaller packets.
      if (answer.body.code === unreachableCode.fragmentationNeeded) continue
      return isGone(answer.body) ? 'unanswered' : 'refused'
    }
    return 'answered'
  }
  const last = records.at(-1)!
  return last.at - first.at > patience || records.some(record => record.kind === 'drop') ? 'unanswered' : 'open'
}

/** Whether an error says that a packet never came to its destination, and not that it was turned away there. */
function isGone({ type, code }: IcmpMessage): boolean {
  return type !== icmpType.destinationUnreachable || code === unreachableCode.network || code === unreachableCode.host
}

/** A packet in one line, much as tcpdump says it. */
export function packetText(packet: ArpPacket | Ipv4Packet): string {
  if (!isIpv4(packet)) {
    const target = formatIpv4(packet.targetAddress)
    const sender = formatIpv4(packet.senderAddress)
    return packet.operation === 'request'
      ? `ARP who-has ${target} tell ${sender}`
      : `ARP ${sender} is-at ${packet.senderMac}`
  }
  return `${endpoint(packet, 'source')} > ${endpoint(packet, 'destination')} ${packet.protocol} ttl ${packet.ttl}`
}

function endpoint(packet: Ipv4Packet, side: 'source' | 'destination'): string {
  const address = formatIpv4(packet[side])
  const { body } = packet
  if (!('sourcePort' in body)) return address
  return `${address}:${side === 'source' ? body.sourcePort : body.destinationPort}`
}

function isIpv4(packet: ArpPacket | Ipv4Packet): packet is Ipv4Packet {
  return packet.kind === 'ipv4'
}
