import { formatIpv4 } from '../../../../network/address.ts'
import type { Ipv4Packet } from '../../../../network/packet.ts'
import type { Datapath } from '../datapath.ts'
import { identityText } from '../dbg/command.ts'
import { flagNames, icmpText } from '../dbg/monitor.ts'
import type { FlowEvent } from '../flowLog.ts'
import { reservedLabel } from '../identity.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** What became of a packet, in Hubble's words. */
export function verdictOf({ kind, isAllowed, words }: FlowEvent): string {
  if (kind === 'drop') return 'DROPPED'
  if (kind === 'policy-verdict') return isAllowed ? 'FORWARDED' : 'DROPPED'
  if (kind === 'trace-sock') return words.startsWith('pre-') ? 'TRACED' : 'TRANSLATED'
  return 'FORWARDED'
}

/** One flow as `hubble observe` prints it. */
export function flowText(event: FlowEvent, datapath: Datapath, epoch: number): string {
  const { packet, kind, words } = event
  const time = timeText(epoch + event.at)
  const isReply = kind === 'trace' && event.tracking === 'reply'
  const source = peerText(datapath, packet, 'source', event.sourceIdentity)
  const destination = peerText(datapath, packet, 'destination', event.destinationIdentity)
  const arrow = kind !== 'trace' ? '<>' : isReply ? '<-' : '->'
  const [left, right] = isReply ? [destination, source] : [source, destination]
  const what =
    kind === 'policy-verdict'
      ? `policy-verdict:${words} ${event.direction?.toUpperCase()} ${event.isAllowed ? 'ALLOWED' : 'DENIED'}`
      : `${words} ${verdictOf(event)}`
  return `${time}: ${left} ${arrow} ${right} ${what} (${kind === 'trace-sock' ? packet.protocol.toUpperCase() : protocolText(packet)})`
}

/** The pod that an address belongs to: `default/web`. */
export function podAt(datapath: Datapath, address: number): string | undefined {
  const own = datapath.endpoints.get(address)
  return own ? `${own.namespace}/${own.pod}` : datapath.ipCache.get(address)?.pod
}

/** The port at one end of a packet; nothing for what has none. */
export function portAt({ body }: Ipv4Packet, side: 'source' | 'destination'): number | undefined {
  const ports = body as { readonly sourcePort?: number; readonly destinationPort?: number }
  return side === 'source' ? ports.sourcePort : ports.destinationPort
}

function peerText(datapath: Datapath, packet: Ipv4Packet, side: 'source' | 'destination', identity: number): string {
  const address = packet[side]
  const port = portAt(packet, side)
  const place = podAt(datapath, address) ?? formatIpv4(address)
  const name = reservedLabel(identity) ? identityText(identity) : `ID:${identity}`
  return `${place}${port ? `:${port}` : ''} (${name})`
}

function protocolText({ body, protocol }: Ipv4Packet): string {
  if (body.kind === 'tcp') return `TCP Flags: ${flagNames(body.flags).join(', ')}`
  return body.kind === 'icmp' ? `ICMPv4 ${icmpText(body.type, body.code)}` : protocol.toUpperCase()
}

function timeText(time: number): string {
  const [, , month = '', day = '', clock = ''] = /^(\d+)-(\d\d)-(\d\d)T([\d:.]+)Z$/.exec(new Date(time).toISOString())!
  return `${months[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${clock}`
}
