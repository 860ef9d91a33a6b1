import { formatIpv4 } from '../../../../network/address.ts'
import { icmpType } from '../../../../network/packet.ts'
import type { TrackedFlow } from '../connectionTracking.ts'
import type { DbgCommand } from './command.ts'

/** The connections that the kernel's map remembers. */
export const ctList: DbgCommand = {
  words: ['bpf ct list global', 'bpf ct list'],
  summary: 'List connection tracking entries',
  async run({ process, datapath }) {
    const now = datapath.options.clock.now
    await process.write(
      datapath.connections
        .list()
        .map(flow => `${flowText(flow, now)}\n`)
        .join(''),
    )
    return 0
  },
}

/** The connections that bear this node's address instead of their client's. */
export const natList: DbgCommand = {
  words: ['bpf nat list'],
  summary: 'List all NAT mapping entries',
  async run({ process, datapath }) {
    for (const { sent, client } of datapath.nat.translations) {
      const name = sent.protocol.toUpperCase()
      const server = `${formatIpv4(sent.destination)}:${sent.destinationPort}`
      const own = `${formatIpv4(sent.source)}:${sent.sourcePort}`
      const from = `${formatIpv4(client.address)}:${client.port}`
      await process.write(`${name} IN ${server} -> ${own} XLATE_DST ${from} Created=0sec ago NeedsCT=0\n`)
      await process.write(`${name} OUT ${from} -> ${server} XLATE_SRC ${own} Created=0sec ago NeedsCT=0\n`)
    }
    return 0
  },
}

function flowText(flow: TrackedFlow, now: number): string {
  const { tuple, direction, packets, bytes, seen, backend, reverseNat = 0 } = flow
  const isEcho = tuple.protocol === 'icmp'
  const [sourcePort, port] = isEcho
    ? tuple.destinationPort >>> 8 === icmpType.echoRequest
      ? [tuple.sourcePort, 0]
      : [0, tuple.sourcePort]
    : [tuple.sourcePort, tuple.destinationPort]
  const hex = (flags: number) => `0x${flags.toString(16).padStart(2, '0')}`
  const marks = [flow.isClosing && 'RxClosing', flow.isClosing && 'TxClosing', packets > 1 && 'SeenNonSyn'].filter(
    each => each !== false,
  )
  const bits = (flow.isClosing ? 3 : 0) | (packets > 1 ? 0x10 : 0)
  const [sent, answered] = direction === 'IN' ? [seen.answered, seen.sent] : [seen.sent, seen.answered]
  const at = (time: number) => Math.floor(time / 1000)
  const [sentAt, answeredAt] = direction === 'IN' ? [seen.answeredAt, seen.sentAt] : [seen.sentAt, seen.answeredAt]
  return (
    `${tuple.protocol.toUpperCase()} ${direction} ${formatIpv4(tuple.source)}:${sourcePort} -> ${formatIpv4(tuple.destination)}:${port} ` +
    `expires=${at(Math.max(flow.expiresAt, now))} Packets=${packets} Bytes=${bytes} ` +
    `RxFlagsSeen=${hex(answered)} LastRxReport=${at(answeredAt)} TxFlagsSeen=${hex(sent)} LastTxReport=${at(sentAt)} ` +
    `Flags=0x${bits.toString(16).padStart(4, '0')} [ ${marks.map(each => `${each} `).join('')}] ` +
    `RevNAT=${reverseNat} SourceSecurityID=${flow.sourceIdentity} BackendID=${backend ? 1 : 0} `
  )
}
