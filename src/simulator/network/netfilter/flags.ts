import { tcpFlag } from '../packet.ts'

/** TCP's flags by the names and in the order of iptables. */
export const tcpFlagNames: readonly (readonly [name: string, bit: number])[] = [
  ['FIN', tcpFlag.fin],
  ['SYN', tcpFlag.syn],
  ['RST', tcpFlag.reset],
  ['PSH', tcpFlag.push],
  ['ACK', tcpFlag.acknowledgement],
  ['URG', tcpFlag.urgent],
]
