import { formatIpv4 } from './address.ts'
import type { NetworkNamespace } from './namespace.ts'
import {
  type Ipv4Packet,
  icmpType,
  type Protocol,
  protocolNumbers,
  type SctpPacket,
  type TcpSegment,
  tcpFlag,
} from './packet.ts'
import type { SocketBuffer } from './socketBuffer.ts'
import { nextSctpState, type TrackedSctpState } from './trackedSctp.ts'
import { nextTcpState, type TrackedTcpState } from './trackedTcp.ts'
import { invert, isSameTuple, type Tuple, TupleMap, tupleOf } from './tuple.ts'

/** An entry of the connection table. */
export class TrackedConnection {
  /** The first packet, as it was when it came. */
  readonly original: Tuple
  /** What answers look like: differs from the mirror of `original` when addresses are translated. */
  reply: Tuple
  state: TrackedTcpState | TrackedSctpState | undefined
  hasReply = false
  isAssured = false
  /** It is in the table; before, its first packet is still on its way through this machine. */
  isConfirmed = false
  mark = 0
  expiresAt = 0
  readonly startedAt: number
  /** The addresses that translation changes. */
  changesSource = false
  changesDestination = false
  /** Translation has been decided, if only to leave the addresses alone. */
  isSourceDecided = false
  isDestinationDecided = false

  constructor(original: Tuple, startedAt: number) {
    this.original = original
    this.reply = invert(original)
    this.startedAt = startedAt
    this.state = original.protocol === 'tcp' || original.protocol === 'sctp' ? 'NONE' : undefined
  }
}

/** What happens to an entry, as `conntrack -E` names it. */
export type ConnectionEvent = 'NEW' | 'UPDATE' | 'DESTROY'

interface Found {
  readonly connection: TrackedConnection
  readonly isReply: boolean
}

/** Names of the sysctls that hold the timeouts, in seconds, and their defaults. */
const timeouts: Readonly<Record<string, number>> = {
  tcp_timeout_syn_sent: 120,
  tcp_timeout_syn_recv: 60,
  tcp_timeout_established: 432_000,
  tcp_timeout_fin_wait: 120,
  tcp_timeout_close_wait: 60,
  tcp_timeout_last_ack: 30,
  tcp_timeout_time_wait: 120,
  tcp_timeout_close: 10,
  sctp_timeout_closed: 10,
  sctp_timeout_cookie_wait: 3,
  sctp_timeout_cookie_echoed: 3,
  sctp_timeout_established: 210,
  sctp_timeout_shutdown_sent: 3,
  sctp_timeout_shutdown_recd: 3,
  sctp_timeout_shutdown_ack_sent: 3,
  udp_timeout: 30,
  udp_timeout_stream: 120,
  icmp_timeout: 30,
  generic_timeout: 600,
}

const settingNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(timeouts).map(name => [name, `net.netfilter.nf_conntrack_${name}`]),
)

const tcpTimeouts: Readonly<Record<TrackedTcpState, string>> = {
  NONE: 'tcp_timeout_none',
  SYN_SENT: 'tcp_timeout_syn_sent',
  SYN_RECV: 'tcp_timeout_syn_recv',
  ESTABLISHED: 'tcp_timeout_established',
  FIN_WAIT: 'tcp_timeout_fin_wait',
  CLOSE_WAIT: 'tcp_timeout_close_wait',
  LAST_ACK: 'tcp_timeout_last_ack',
  TIME_WAIT: 'tcp_timeout_time_wait',
  CLOSE: 'tcp_timeout_close',
  SYN_SENT2: 'tcp_timeout_syn_sent',
}

/** A UDP exchange that lasts longer than this is a stream. */
const streamAfter = 2_000
const sweepEvery = 1_000
const clashTimeout = 3_000

/** The connections of a network namespace. */
// Simplified: sequence numbers are not checked, so a segment outside the window is not INVALID.
export class ConnectionTable {
  #namespace: NetworkNamespace
  #byTuple = new TupleMap<Found>()
  #connections = new Set<TrackedConnection>()
  #untilSweep = sweepEvery
  #dropped = 0
  #listeners: ((event: ConnectionEvent, connection: TrackedConnection) => void)[] = []

  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace
  }

  /** How many packets have found no room for their connection. */
  get dropped(): number {
    return this.#dropped
  }

  /** The connections that have not timed out, newest last. */
  list(): TrackedConnection[] {
    this.#sweep()
    return [...this.#connections]
  }

  /** Hears of every entry that begins, changes its state or goes, until the answer is called. */
  watch(listener: (event: ConnectionEvent, connection: TrackedConnection) => void): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter(other => other !== listener)
    }
  }

  /** Forgets a connection. */
  remove(connection: TrackedConnection): void {
    if (!this.#connections.delete(connection)) return
    const isIt = (found: Found) => found.connection === connection
    this.#byTuple.delete(connection.original, isIt)
    this.#byTuple.delete(connection.reply, isIt)
    this.#tell('DESTROY', connection)
  }

  /** Forgets all. */
  flush(): void {
    const connections = [...this.#connections]
    this.#connections.clear()
    this.#byTuple.clear()
    for (const connection of connections) this.#tell('DESTROY', connection)
  }

  /** Finds the connection of a tuple, and on which side it is. */
  find(tuple: Tuple): Found | undefined {
    const found = this.#byTuple.get(tuple)
    if (!found) return undefined
    if (found.connection.expiresAt > this.#now) return found
    this.remove(found.connection)
    return undefined
  }

  /** Looks up, or begins, the connection of a packet that comes in or that this machine sends. */
  track(buffer: SocketBuffer): void {
    if (buffer.tracking !== 'none') return
    const { packet } = buffer
    const tuple = tupleOf(packet)
    if (!tuple) return this.#trackError(buffer)
    let found = this.find(tuple)
    if (found && isReopening(found, packet)) {
      this.remove(found.connection)
      found = undefined
    }
    if (!found) {
      if (!mayBegin(tuple, packet)) return markInvalid(buffer)
      if (this.#isFull()) return this.#refuse(buffer)
      found = { connection: new TrackedConnection(tuple, this.#now), isReply: false }
    }
    const { connection, isReply } = found
    const { state, hasReply } = connection
    if (!this.#update(connection, packet, isReply)) return markInvalid(buffer)
    if (isReply) connection.hasReply = true
    if (connection.isConfirmed && (connection.state !== state || connection.hasReply !== hasReply))
      this.#tell('UPDATE', connection)
    buffer.connection = connection
    buffer.isReply = isReply
    buffer.tracking = isReply || connection.hasReply ? 'established' : 'new'
  }

  /** Enters a connection whose first packet has made it through; false when another one took its place meanwhile. */
  confirm(buffer: SocketBuffer): boolean {
    const { connection } = buffer
    if (!connection || connection.isConfirmed || buffer.tracking === 'related') return true
    const rival = this.find(connection.original)
    if (rival || this.find(connection.reply)) return this.#resolveClash(buffer, connection, rival?.connection)
    this.#byTuple.set(connection.original, { connection, isReply: false })
    this.#enter(connection)
    return true
  }

  /**
   * Two first packets of one exchange were on their way at once, as when a resolver asks for both kinds of addresses.
   * When both were treated alike they share an entry; else datagrams keep both for a while (nf_ct_resolve_clash).
   */
  #resolveClash(buffer: SocketBuffer, connection: TrackedConnection, rival: TrackedConnection | undefined): boolean {
    if (connection.original.protocol === 'tcp' || !rival) return false
    if (isSameTuple(rival.reply, connection.reply)) {
      buffer.connection = rival
      return true
    }
    if (this.find(connection.reply)) return false
    connection.expiresAt = this.#now + clashTimeout
    this.#enter(connection)
    return true
  }

  #enter(connection: TrackedConnection): void {
    connection.isConfirmed = true
    this.#connections.add(connection)
    this.#byTuple.set(connection.reply, { connection, isReply: true })
    this.#tell('NEW', connection)
    if (--this.#untilSweep <= 0) this.#sweep()
  }

  #tell(event: ConnectionEvent, connection: TrackedConnection): void {
    for (const listener of this.#listeners) listener(event, connection)
  }

  get #now(): number {
    return this.#namespace.clock.now
  }

  /** An ICMP error belongs to the connection of the packet that it quotes. */
  #trackError(buffer: SocketBuffer): void {
    const { body } = buffer.packet
    const quoted = body.kind === 'icmp' && body.original ? tupleOf(body.original) : undefined
    const found = quoted && this.find(invert(quoted))
    if (!found) return markInvalid(buffer)
    buffer.connection = found.connection
    buffer.isReply = found.isReply
    buffer.tracking = 'related'
  }

  // Simplified: a full table is full; the kernel first tries to find a connection there that it may forget.
  #isFull(): boolean {
    const most = Number(this.#namespace.sysctl.get('net.netfilter.nf_conntrack_max'))
    if (most === 0 || this.#connections.size < most) return false
    this.#sweep()
    return this.#connections.size >= most
  }

  /** Says that there is no room for the connection of a packet. */
  #refuse(buffer: SocketBuffer): void {
    buffer.tracking = 'refused'
    this.#dropped++
    const { network, machine } = this.#namespace
    network.kernelLog(machine).warnOfPacket('nf_conntrack: nf_conntrack: table full, dropping packet')
  }

  /** Lets a packet change the connection's state; false when it is invalid. */
  #update(connection: TrackedConnection, packet: Ipv4Packet, isReply: boolean): boolean {
    const { body } = packet
    if (body.kind === 'tcp') return this.#updateTcp(connection, body, isReply)
    if (body.kind === 'sctp') return this.#updateSctp(connection, body, isReply)
    if (body.kind === 'udp') {
      const isStream = connection.hasReply && this.#now > connection.startedAt + streamAfter
      if (isStream) connection.isAssured = true
      this.#extend(connection, isStream ? 'udp_timeout_stream' : 'udp_timeout')
    } else this.#extend(connection, body.kind === 'icmp' ? 'icmp_timeout' : 'generic_timeout')
    return true
  }

  #updateTcp(connection: TrackedConnection, segment: TcpSegment, isReply: boolean): boolean {
    const before = connection.state as TrackedTcpState
    const next = nextTcpState(before, segment, isReply)
    if (next === 'invalid') return false
    if (next === 'ignore') return true
    connection.state = next
    if (!connection.hasReply && segment.flags & tcpFlag.reset) {
      // A connection whose only answer is a reset was never one.
      this.remove(connection)
      return true
    }
    if (next === 'ESTABLISHED' && (before === 'SYN_RECV' || before === 'ESTABLISHED') && connection.hasReply)
      connection.isAssured = true
    this.#extend(connection, tcpTimeouts[next])
    return true
  }

  #updateSctp(connection: TrackedConnection, { chunks }: SctpPacket, isReply: boolean): boolean {
    let state = connection.state as TrackedSctpState
    for (const { type } of chunks) {
      const next = nextSctpState(state, type, isReply)
      if (next === undefined) return false
      if (next === 'ESTABLISHED' && state === 'COOKIE_ECHOED' && isReply) connection.isAssured = true
      state = next
    }
    connection.state = state
    this.#extend(connection, `sctp_timeout_${state.toLowerCase()}`)
    return true
  }

  #extend(connection: TrackedConnection, name: string): void {
    const setting = this.#namespace.sysctl.get(settingNames[name]!)
    const seconds = setting === undefined ? timeouts[name]! : Number(setting)
    connection.expiresAt = this.#now + seconds * 1000
  }

  #sweep(): void {
    for (const connection of this.#connections) if (connection.expiresAt <= this.#now) this.remove(connection)
    // As many new connections later as there are now, so that a sweep costs each of them little.
    this.#untilSweep = Math.max(sweepEvery, this.#connections.size)
  }
}

/** The connection timeouts as sysctl names and values. */
export function connectionSettings(): [name: string, value: string][] {
  return Object.entries(timeouts).map(([name, seconds]) => [`net.netfilter.nf_conntrack_${name}`, String(seconds)])
}

/** A connection as `conntrack -L` prints it. */
export function formatConnection(connection: TrackedConnection, now: number): string {
  const { original, reply, state } = connection
  const seconds = Math.max(0, Math.floor((connection.expiresAt - now) / 1000))
  const words = [`${nameOf(original.protocol).padEnd(8)} ${protocolNumbers[original.protocol]}`, String(seconds)]
  if (state) words.push(state)
  words.push(formatTuple(original))
  if (!connection.hasReply) words.push('[UNREPLIED]')
  words.push(formatTuple(reply))
  if (connection.isAssured) words.push('[ASSURED]')
  words.push(`mark=${connection.mark}`, 'use=1')
  return words.join(' ')
}

function formatTuple(tuple: Tuple): string {
  const addresses = `src=${formatIpv4(tuple.source)} dst=${formatIpv4(tuple.destination)}`
  if (tuple.protocol === 'icmp')
    return `${addresses} type=${tuple.destinationPort >>> 8} code=${tuple.destinationPort & 255} id=${tuple.sourcePort}`
  if (tuple.protocol !== 'tcp' && tuple.protocol !== 'udp' && tuple.protocol !== 'sctp') return addresses
  return `${addresses} sport=${tuple.sourcePort} dport=${tuple.destinationPort}`
}

function nameOf(protocol: Protocol): string {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp' || protocol === 'sctp' ? protocol : 'unknown'
}

function markInvalid(buffer: SocketBuffer): void {
  buffer.tracking = 'invalid'
}

/** A new SYN may take over the ports of a connection that is over. */
function isReopening(found: Found, packet: Ipv4Packet): boolean {
  const { state } = found.connection
  if (packet.body.kind !== 'tcp' || (state !== 'TIME_WAIT' && state !== 'CLOSE')) return false
  const { flags } = packet.body
  return (flags & tcpFlag.syn) !== 0 && (flags & tcpFlag.acknowledgement) === 0
}

/** TCP connections may be joined in the middle (nf_conntrack_tcp_loose); an echo reply never begins anything. */
function mayBegin(tuple: Tuple, packet: Ipv4Packet): boolean {
  if (packet.body.kind === 'icmp') return tuple.destinationPort >>> 8 === icmpType.echoRequest
  if (packet.body.kind === 'sctp') return packet.body.chunks[0]?.type === 'INIT'
  if (packet.body.kind !== 'tcp') return true
  const next = nextTcpState('NONE', packet.body, false)
  return next !== 'invalid' && next !== 'ignore'
}
