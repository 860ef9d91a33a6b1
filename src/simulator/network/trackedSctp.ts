import type { SctpChunk } from './packet.ts'

/** States of an SCTP association in the connection table. */
export type TrackedSctpState =
  | 'NONE'
  | 'CLOSED'
  | 'COOKIE_WAIT'
  | 'COOKIE_ECHOED'
  | 'ESTABLISHED'
  | 'SHUTDOWN_SENT'
  | 'SHUTDOWN_RECD'
  | 'SHUTDOWN_ACK_SENT'

const states: readonly TrackedSctpState[] = [
  'NONE',
  'CLOSED',
  'COOKIE_WAIT',
  'COOKIE_ECHOED',
  'ESTABLISHED',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECD',
  'SHUTDOWN_ACK_SENT',
]

/**
 * Next states, a column for each state in the order above: a digit is the number of a state, `!` calls the chunk invalid
 * (sctp_conntracks in net/netfilter/nf_conntrack_proto_sctp.c). Other chunks change nothing.
 */
const transitions: readonly Readonly<Partial<Record<SctpChunk['type'], string>>>[] = [
  {
    INIT: '22234117',
    'INIT ACK': '11234567',
    ABORT: '11111111',
    SHUTDOWN: '11235567',
    'SHUTDOWN ACK': '71234777',
    'COOKIE ECHO': '11334567',
    'COOKIE ACK': '11244567',
    'SHUTDOWN COMPLETE': '11234561',
  },
  {
    INIT: '!1234567',
    'INIT ACK': '!1234567',
    ABORT: '!1111111',
    SHUTDOWN: '!1236567',
    'SHUTDOWN ACK': '!1234777',
    'COOKIE ECHO': '!1334567',
    'COOKIE ACK': '!1244567',
    'SHUTDOWN COMPLETE': '!1234561',
  },
]

/** What a chunk does to a tracked association; undefined when it is invalid. */
export function nextSctpState(
  state: TrackedSctpState,
  chunk: SctpChunk['type'],
  isReply: boolean,
): TrackedSctpState | undefined {
  const row = transitions[isReply ? 1 : 0]![chunk]
  if (row === undefined) return state
  return states[Number(row[states.indexOf(state)])]
}
