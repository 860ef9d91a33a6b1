import { type TcpSegment, tcpFlag } from './packet.ts'

/** States of a TCP connection in the connection table. */
export type TrackedTcpState =
  | 'NONE'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'SYN_SENT2'

const states: readonly TrackedTcpState[] = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
]

/**
 * Next states, a column for each state in the order above: a digit is the number of a state, `-` ignores the segment,
 * `!` calls it invalid (tcp_conntracks in net/netfilter/nf_conntrack_proto_tcp.c).
 */
const transitions = {
  original: {
    syn: '11-----119',
    synAck: '!!2!!!!!!2',
    fin: '!!4466678!',
    ack: '3!3355778!',
    reset: '!888888888',
  },
  reply: {
    syn: '!9!!!!!1!9',
    synAck: '!2-------2',
    fin: '!!4466678!',
    ack: '!-2355778-',
    reset: '!888888888',
  },
} as const

/** What a segment does to a tracked connection: its next state, or why it changes nothing. */
export function nextTcpState(
  state: TrackedTcpState,
  segment: TcpSegment,
  isReply: boolean,
): TrackedTcpState | 'ignore' | 'invalid' {
  const kind = kindOf(segment.flags)
  if (!kind) return 'invalid'
  const mark = transitions[isReply ? 'reply' : 'original'][kind][states.indexOf(state)]!
  if (mark === '!') return 'invalid'
  return mark === '-' ? 'ignore' : states[Number(mark)]!
}

function kindOf(flags: number): keyof (typeof transitions)['original'] | undefined {
  if (flags & tcpFlag.reset) return 'reset'
  if (flags & tcpFlag.syn) return flags & tcpFlag.acknowledgement ? 'synAck' : 'syn'
  if (flags & tcpFlag.fin) return 'fin'
  return flags & tcpFlag.acknowledgement ? 'ack' : undefined
}
