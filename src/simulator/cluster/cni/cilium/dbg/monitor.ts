import { formatIpv4 } from '../../../../network/address.ts'
import { type Ipv4Packet, icmpType, protocolNumbers, tcpFlag } from '../../../../network/packet.ts'
import type { FlowEvent } from '../flowLog.ts'
import { type DbgCommand, identityText } from './command.ts'

const kinds = ['agent', 'capture', 'debug', 'drop', 'l7', 'policy-verdict', 'recorder', 'trace', 'trace-sock']

/** Shows what the node's programs do, as they do it. */
export const monitor: DbgCommand = {
  words: ['monitor'],
  summary: 'Display BPF program events',
  flags: ['-t=', '--type=', '--from=', '--to=', '--related-to=', '-v', '--verbose', '-n', '--numeric'],
  async run({ process, datapath, options }) {
    const wanted = (options.get('-t') ?? options.get('--type'))?.split(',') ?? []
    const strange = wanted.find(each => !kinds.includes(each))
    if (strange !== undefined) {
      await process.stderr.write(
        `Error: invalid argument "${strange}" for "-t, --type" flag: unknown type "${strange}", please use one of [${kinds.join(' ')}]\n`,
      )
      return 1
    }
    const isNumeric = options.has('-n') || options.has('--numeric')
    const isWanted = (event: FlowEvent) =>
      (wanted.length === 0 || wanted.includes(event.kind)) &&
      isSame(options.get('--from'), [event.endpoint]) &&
      isSame(options.get('--to'), [event.target]) &&
      isSame(options.get('--related-to'), [event.endpoint, event.target])
    await process.write('Listening for events on 2 CPUs with 64x4096 of shared memory\nPress Ctrl-C to quit\n')
    const lines: string[] = []
    let wake = () => {}
    const stop = datapath.flows.follow(event => {
      if (!isWanted(event)) return
      lines.push(`${eventText(event, isNumeric)}\n`)
      wake()
    })
    process.onExit(stop)
    for (;;) {
      if (lines.length > 0) await process.write(lines.splice(0).join(''))
      await process.wait<void>(ready => {
        wake = () => ready()
      })
    }
  },
}

function isSame(asked: string | undefined, ids: readonly number[]): boolean {
  return asked === undefined || ids.includes(Number(asked))
}

/** One event in the words of `cilium-dbg monitor`. */
export function eventText(event: FlowEvent, isNumeric = false): string {
  const { packet, endpoint, target, words } = event
  const name = isNumeric ? String : identityText
  const identity = `identity ${name(event.sourceIdentity)}->${name(event.destinationIdentity)}`
  const flow = `flow 0x${((packet.serial * 0x9e3779b1) >>> 0).toString(16)}`
  if (event.kind === 'drop') {
    const file = endpoint === 0 ? 'bpf_host.c:1461' : 'bpf_lxc.c:2061'
    return `xx drop (${words}) ${flow} to endpoint ${target}, ifindex 0, file ${file}, , ${identity}: ${packetText(packet)}`
  }
  if (event.kind === 'trace-sock') {
    const { body } = packet
    const port = 'destinationPort' in body ? body.destinationPort : 0
    return `CPU 00: [${words}] cgroup_id: ${endpoint} sock_cookie: ${packet.source % 9973}, dst [${formatIpv4(packet.destination)}]:${port} ${packet.protocol}`
  }
  if (event.kind === 'policy-verdict') {
    const remote = event.direction === 'ingress' ? event.sourceIdentity : event.destinationIdentity
    const action = event.isAllowed ? 'allow' : 'deny'
    return `Policy verdict log: ${flow} local EP ID ${endpoint}, remote ID ${name(remote)}, proto ${protocolNumbers[packet.protocol]}, ${event.direction}, action ${action}, auth: disabled, match ${words}, ${packetText(packet)}`
  }
  const to = words === 'to-endpoint' ? `endpoint ${target}` : words.replace(/^(to|from)-/, '')
  const arrow = words.startsWith('from-') ? '<-' : '->'
  const origin = words === 'to-stack' ? '0.0.0.0' : formatIpv4(packet.source)
  return `${arrow} ${to} ${flow} , ${identity} state ${event.tracking} ifindex ${event.device || '0'} orig-ip ${origin}: ${packetText(packet)}`
}

/** A packet in one line: `10.0.0.1:4321 -> 10.0.0.2:80 tcp SYN`. */
export function packetText(packet: Ipv4Packet): string {
  const { body } = packet
  const [source, destination] = [formatIpv4(packet.source), formatIpv4(packet.destination)]
  if (body.kind === 'tcp')
    return `${source}:${body.sourcePort} -> ${destination}:${body.destinationPort} tcp ${flagNames(body.flags).join(', ')}`
  if ('sourcePort' in body)
    return `${source}:${body.sourcePort} -> ${destination}:${body.destinationPort} ${packet.protocol}`
  if (body.kind === 'icmp') return `${source} -> ${destination} ${icmpText(body.type, body.code)}`
  return `${source} -> ${destination} ${packet.protocol}`
}

/** TCP's control bits in the order of their names: `SYN, ACK`. */
export function flagNames(flags: number): string[] {
  const names = [
    [tcpFlag.syn, 'SYN'],
    [tcpFlag.acknowledgement, 'ACK'],
    [tcpFlag.reset, 'RST'],
    [tcpFlag.fin, 'FIN'],
    [tcpFlag.push, 'PSH'],
  ] as const
  return names.flatMap(([bit, name]) => (flags & bit ? [name] : []))
}

/** `EchoRequest`, or an error with its code. */
export function icmpText(type: number, code: number): string {
  if (type === icmpType.echoRequest) return 'EchoRequest'
  if (type === icmpType.echoReply) return 'EchoReply'
  if (type === icmpType.timeExceeded) return 'TimeExceeded(TTLExceeded)'
  const reasons = ['Net', 'Host', 'Protocol', 'Port', 'FragmentationNeeded']
  return `DestinationUnreachable(${reasons[code] ?? code})`
}
