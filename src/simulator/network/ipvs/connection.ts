import { type TcpSegment, tcpFlag } from '../packet.ts'
import type { Tuple } from '../tuple.ts'
import type { Destination, VirtualService } from './virtualService.ts'

/** States of a connection, as `ipvsadm -Lc` names them. */
export type BalancedState =
  | 'NONE'
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'FIN_WAIT'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'LISTEN'
  | 'SYNACK'
  | 'UDP'

/** A connection that IPVS has given to a destination. */
export class BalancedConnection {
  readonly service: VirtualService
  readonly destination: Destination
  /** As the client sends: from its own address to the virtual one. */
  readonly request: Tuple
  /** As the destination answers: from its own address to the client. */
  readonly answer: Tuple
  state: BalancedState
  expiresAt = 0

  constructor(service: VirtualService, destination: Destination, request: Tuple) {
    this.service = service
    this.destination = destination
    this.request = request
    this.answer = {
      protocol: request.protocol,
      source: destination.address,
      sourcePort: destination.port,
      destination: request.source,
      destinationPort: request.sourcePort,
    }
    this.state = request.protocol === 'tcp' ? 'NONE' : request.protocol === 'udp' ? 'UDP' : 'ESTABLISHED'
  }

  /** Only an established TCP connection counts as active. */
  get isActive(): boolean {
    return this.state === 'ESTABLISHED'
  }
}

const order: readonly BalancedState[] = [
  'NONE',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'SYNACK',
]

/** Next states, a column for each state in the order above (tcp_states in net/netfilter/ipvs/ip_vs_proto_tcp.c). */
const transitions = {
  in: { syn: '31133333333', fin: '67255567895', ack: '11214567691', reset: '66636666893' },
  out: { syn: '21232222293', fin: '54254565895', ack: '11214567811', reset: '66266566666' },
} as const

/** The state of a TCP connection after one more segment; the same when the segment says nothing. */
export function nextBalancedState(state: BalancedState, segment: TcpSegment, direction: 'in' | 'out'): BalancedState {
  const kind = kindOf(segment.flags)
  return kind ? order[Number(transitions[direction][kind][order.indexOf(state)])]! : state
}

function kindOf(flags: number): 'syn' | 'fin' | 'ack' | 'reset' | undefined {
  if (flags & tcpFlag.reset) return 'reset'
  if (flags & tcpFlag.syn) return 'syn'
  if (flags & tcpFlag.fin) return 'fin'
  return flags & tcpFlag.acknowledgement ? 'ack' : undefined
}
