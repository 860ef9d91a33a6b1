import type { Timer } from '../clock.ts'
import { errorCodeOf } from './icmp.ts'
import { icmpType, noBytes, type TcpOptions, type TcpSegment, tcpFlag, unreachableCode } from './packet.ts'
import { SocketBuffer } from './socketBuffer.ts'
import { SocketError, type SocketErrorCode } from './socketError.ts'
import type { ConnectOptions, Endpoint, SocketFault, SocketOwner, Sockets } from './sockets.ts'
import { ReceiveBuffer, SendBuffer } from './tcpBuffers.ts'
import { distance } from './tcpSequence.ts'

/** States of RFC 793, as `netstat` writes them. */
export type TcpState =
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSED'

const { fin, syn, reset, push, acknowledgement } = tcpFlag
const firstTimeout = 1_000
const shortestTimeout = 200
const longestTimeout = 120_000
const timeWait = 60_000
/** A FIN waits this long for the FIN of this end to carry its acknowledgement (the delayed ACK of Linux). */
const delayedAcknowledgement = 40
const windowScale = 7
const duplicatesBeforeRetransmit = 3

/** One end of a TCP connection. */
// Simplified: no congestion control and no selective acknowledgements; a lost segment is sent again after three
// duplicate acknowledgements or a timeout. No keepalive probes.
export class TcpConnection {
  readonly local: Endpoint
  readonly remote: Endpoint
  /** What the program was told that it speaks with (getpeername); a program in the kernel may have led it elsewhere. */
  peer: Endpoint
  #ledBy: string | undefined
  /** Which story of the trace the connection belongs to. */
  readonly flow: number
  readonly boundTo: string | undefined
  isDualStack = false
  state: TcpState = 'CLOSED'
  /** Whose socket it is; the accepting program may set its own. */
  owner: SocketOwner | undefined
  /** The peer sends no more. */
  onEnd: (() => void) | undefined = undefined
  /** Nothing comes any more: closed on both sides, or broken off with an error. */
  onClose: ((error: SocketErrorCode | undefined) => void) | undefined = undefined
  /** All that was sent has been acknowledged. */
  onDrain: (() => void) | undefined = undefined
  #sockets: Sockets
  #onData: ((bytes: Uint8Array) => void) | undefined
  #onOpen: ((connection: TcpConnection) => void) | undefined
  #onFailure: ((code: SocketErrorCode) => void) | undefined
  #outgoing: SendBuffer
  #incoming: ReceiveBuffer | undefined
  #segmentSize: number
  #peerWindow = 0
  #peerScale = 0
  #peerTimestamp = 0
  #usesTimestamps = true
  #usesScaling = true
  #isPaused = false
  /** The program has given the socket up. */
  #isOrphan = false
  #wantsFin = false
  #isOver = false
  #confirmsPeer = false
  #duplicates = 0
  #attempts = 0
  #timeout = firstTimeout
  #retransmission: Timer | undefined
  #patience: Timer | undefined
  #acknowledgementTimer: Timer | undefined

  constructor(
    sockets: Sockets,
    local: Endpoint,
    remote: Endpoint,
    flow: number,
    owner: SocketOwner | undefined,
    boundTo: string | undefined,
  ) {
    this.#sockets = sockets
    this.local = local
    this.remote = remote
    this.peer = remote
    this.flow = flow
    this.owner = owner
    this.boundTo = boundTo
    this.#outgoing = new SendBuffer(sockets.namespace.random.integer())
    this.#segmentSize = sockets.namespace.ipv4.pathMtu(remote.address) - 40
  }

  /** Notes that the program wanted to speak with another address, and which line led it here. */
  lead(peer: Endpoint, by: string | undefined): void {
    this.peer = peer
    this.#ledBy = by
  }

  /** Takes data that come in order; while it is not set, they wait in the receive buffer. */
  set onData(listener: ((bytes: Uint8Array) => void) | undefined) {
    this.#onData = listener
    this.#handOver()
  }

  /** Bytes that are sent but not acknowledged, or wait to be sent. */
  get unacknowledged(): number {
    return this.#outgoing.length
  }

  /** Bytes that have come and that the program has not taken. */
  get unread(): number {
    return this.#incoming?.unread ?? 0
  }

  /** Whether data can still be sent. */
  get isWritable(): boolean {
    return !this.#wantsFin && (this.state === 'ESTABLISHED' || this.state === 'CLOSE_WAIT' || this.state === 'SYN_SENT')
  }

  /** Sends data; throws `SocketError` EPIPE once this end is closed. */
  send(bytes: Uint8Array): void {
    if (!this.isWritable) throw new SocketError('EPIPE')
    this.#outgoing.push(bytes)
    if (this.state !== 'SYN_SENT') this.#flush()
  }

  /** Takes no more data for now: the receive window closes as the buffer fills. */
  pause(): void {
    this.#isPaused = true
  }

  /** Takes data again. */
  resume(): void {
    this.#isPaused = false
    this.#handOver()
  }

  /** Sends no more: FIN after all data. What comes in is still taken. */
  end(): void {
    if (this.#wantsFin || this.state === 'CLOSED') return
    this.#wantsFin = true
    if (this.state !== 'SYN_SENT' && this.state !== 'SYN_RECV') this.#flush()
  }

  /** Gives the socket up: FIN after all data, and RST for data that nobody will read. */
  close(): void {
    if (this.#isOrphan) return
    this.#isOrphan = true
    if (this.state === 'SYN_SENT') return this.#finish(undefined)
    if (this.unread > 0) return this.abort()
    this.end()
    if (this.state === 'FIN_WAIT2') this.#waitAsOrphan()
  }

  /** Breaks the connection off with RST. */
  abort(): void {
    if (this.state === 'CLOSED') return
    if (this.state !== 'SYN_SENT' && this.state !== 'TIME_WAIT')
      this.#transmit(reset | acknowledgement, this.#outgoing.next)
    this.#finish(undefined)
  }

  /** Begins the handshake. */
  connect(options: ConnectOptions): void {
    this.#onOpen = connection => options.onOpen(connection)
    this.#onFailure = code => options.onError(code)
    this.state = 'SYN_SENT'
    this.#outgoing.next = (this.#outgoing.next + 1) >>> 0
    this.#sockets.namespace.clock.after(0, () => {
      if (this.state === 'SYN_SENT') this.#sendOpening()
    })
  }

  /** Answers the first segment of a peer. */
  accept(segment: TcpSegment, onOpen: (connection: TcpConnection) => void): void {
    this.#onOpen = onOpen
    this.state = 'SYN_RECV'
    this.#learnPeer(segment)
    this.#outgoing.next = (this.#outgoing.next + 1) >>> 0
    this.#sendOpening()
  }

  /** Takes a segment. */
  receive(segment: TcpSegment): void {
    if (segment.options.timestamp) this.#peerTimestamp = segment.options.timestamp[0]
    if (this.state === 'SYN_SENT') return this.#receiveInSynSent(segment)
    const incoming = this.#incoming!
    if (segment.flags & reset) {
      if (incoming.isInWindow(segment.sequence)) this.#finish(this.state === 'CLOSE_WAIT' ? 'EPIPE' : 'ECONNRESET')
      return
    }
    if (segment.flags & syn) return this.state === 'SYN_RECV' ? this.#sendOpening() : this.#acknowledge()
    if (!(segment.flags & acknowledgement)) return
    if (this.state === 'SYN_RECV' && !this.#establish(segment)) return
    this.#takeAcknowledgement(segment)
    if (this.#isOver) return
    this.#takeData(segment)
    this.#flush()
  }

  /** Takes an ICMP error about a segment of this connection. */
  fail(fault: SocketFault, quoted: TcpSegment): void {
    const { message } = fault
    if (message.type === icmpType.destinationUnreachable && message.code === unreachableCode.fragmentationNeeded) {
      const size = (message.mtu ?? 576) - 40
      // Each long segment brings such a message; the first has said it all.
      if (size >= this.#segmentSize) return
      this.#segmentSize = size
      return this.#retransmitAll()
    }
    // Only a handshake gives up at once; an open connection keeps trying (RFC 1122 4.2.3.9).
    if (this.state !== 'SYN_SENT' || quoted.sequence !== this.#outgoing.first) return
    this.#finish(errorCodeOf(message))
  }

  /** The namespace has forgotten the connection: nothing more happens. */
  forgotten(): void {
    this.state = 'CLOSED'
    this.#isOver = true
    this.#stopTimers()
  }

  #receiveInSynSent(segment: TcpSegment): void {
    const isAcknowledging = (segment.flags & acknowledgement) !== 0
    if (isAcknowledging && segment.acknowledgement !== this.#outgoing.next) {
      if (!(segment.flags & reset)) this.#transmit(reset, segment.acknowledgement)
      return
    }
    if (segment.flags & reset) {
      if (isAcknowledging) this.#finish('ECONNREFUSED')
      return
    }
    if (!(segment.flags & syn)) return
    this.#learnPeer(segment)
    if (!isAcknowledging) {
      // Both ends open at the same time.
      this.state = 'SYN_RECV'
      return this.#sendOpening()
    }
    this.#peerWindow = segment.window
    this.#outgoing.acknowledge(segment.acknowledgement)
    this.#becomeEstablished()
    this.#acknowledge()
    this.#open()
    this.#flush()
  }

  /** The third segment of the handshake. */
  #establish(segment: TcpSegment): boolean {
    if (segment.acknowledgement !== this.#outgoing.next) return false
    this.#outgoing.acknowledge(segment.acknowledgement)
    this.#peerWindow = segment.window << this.#peerScale
    this.#becomeEstablished()
    this.#open()
    return !this.#isOver
  }

  #becomeEstablished(): void {
    this.state = 'ESTABLISHED'
    this.#attempts = 0
    this.#timeout = shortestTimeout
    this.#retransmission?.cancel()
    this.#retransmission = undefined
  }

  #open(): void {
    const onOpen = this.#onOpen
    this.#onOpen = undefined
    this.#onFailure = undefined
    onOpen?.(this)
  }

  #learnPeer(segment: TcpSegment): void {
    const { options } = segment
    this.#usesTimestamps = options.timestamp !== undefined
    this.#usesScaling = options.windowScale !== undefined
    this.#peerScale = options.windowScale ?? 0
    this.#segmentSize = Math.min(this.#segmentSize, options.maximumSegment ?? 536)
    const overhead = this.#usesTimestamps ? 12 : 0
    if (options.timestamp) this.#peerTimestamp = options.timestamp[0]
    const size = this.#advertisedSegment - (this.state === 'SYN_SENT' ? 0 : overhead)
    this.#incoming = new ReceiveBuffer((segment.sequence + 1) >>> 0, Math.floor(65535 / size) * size)
  }

  #takeAcknowledgement(segment: TcpSegment): void {
    const window = segment.window << (this.#usesScaling ? this.#peerScale : 0)
    const isDuplicate =
      segment.acknowledgement === this.#outgoing.first && window === this.#peerWindow && segment.data.length === 0
    this.#peerWindow = window
    const isProgress = this.#outgoing.acknowledge(segment.acknowledgement)
    if (isProgress) {
      this.#confirmsPeer = true
      this.#duplicates = 0
      this.#attempts = 0
      this.#timeout = shortestTimeout
      this.#retransmission?.cancel()
      this.#retransmission = undefined
      if (this.#outgoing.isInFlight) this.#startRetransmission()
      if (this.#outgoing.length === 0) this.onDrain?.()
      if (this.#outgoing.isFinAcknowledged) this.#finAcknowledged()
    } else if (isDuplicate && this.#outgoing.isInFlight && ++this.#duplicates === duplicatesBeforeRetransmit)
      this.#retransmit()
  }

  #finAcknowledged(): void {
    if (this.state === 'FIN_WAIT1') {
      this.state = 'FIN_WAIT2'
      if (this.#isOrphan) this.#waitAsOrphan()
    } else if (this.state === 'CLOSING') this.#waitInTimeWait()
    else if (this.state === 'LAST_ACK') this.#finish(undefined)
  }

  #takeData(segment: TcpSegment): void {
    const incoming = this.#incoming!
    const hasFin = (segment.flags & fin) !== 0
    if (segment.data.length === 0 && !hasFin) {
      if (distance(incoming.next, segment.sequence) < 0) this.#acknowledge()
      return
    }
    if (this.#isOrphan && segment.data.length > 0 && this.state !== 'TIME_WAIT') {
      this.#transmit(reset, segment.acknowledgement)
      return this.#finish(undefined)
    }
    const before = incoming.next
    incoming.add(segment.sequence, segment.data, hasFin)
    const isFinTaken = incoming.isEnded && before !== incoming.next
    if (!isFinTaken || segment.data.length > 0) this.#acknowledge()
    this.#handOver()
    if (isFinTaken && !this.#isOver) this.#takeFin()
  }

  #takeFin(): void {
    switch (this.state) {
      case 'ESTABLISHED':
        this.state = 'CLOSE_WAIT'
        this.#acknowledgementTimer = this.#sockets.namespace.clock.after(delayedAcknowledgement, () =>
          this.#acknowledge(),
        )
        break
      case 'FIN_WAIT1':
        this.state = 'CLOSING'
        this.#acknowledge()
        break
      case 'FIN_WAIT2':
        this.#acknowledge()
        this.#waitInTimeWait()
        break
      default:
        this.#acknowledge()
    }
    this.onEnd?.()
  }

  /** Gives the program what has come in order, unless it does not want it now. */
  #handOver(): void {
    const incoming = this.#incoming
    if (!incoming) return
    let hasGiven = false
    while (this.#onData && !this.#isPaused) {
      const bytes = incoming.take()
      if (!bytes) break
      hasGiven = true
      this.#onData(bytes)
    }
    if (hasGiven && incoming.shouldAnnounceWindow && !this.#isOver) this.#acknowledge()
  }

  /** Sends what the peer's window has room for, and FIN when all data are out. */
  #flush(): void {
    if (this.state === 'SYN_SENT' || this.state === 'SYN_RECV' || this.#isOver) return
    const outgoing = this.#outgoing
    const size = this.#segmentSize - (this.#usesTimestamps ? 12 : 0)
    for (;;) {
      const room = this.#peerWindow - outgoing.inFlight
      const data = outgoing.nextSegment(Math.min(size, Math.max(room, 0)))
      if (data.length === 0) break
      const isLast = data.length === outgoing.unsent
      const sequence = outgoing.next
      outgoing.next = (outgoing.next + data.length) >>> 0
      this.#transmit(isLast ? push | acknowledgement : acknowledgement, sequence, data)
      this.#startRetransmission()
    }
    if (this.#wantsFin && outgoing.unsent === 0 && !outgoing.isFinSent) this.#sendFin()
    // Nothing fits and nothing is on its way: ask from time to time whether the window has opened.
    if (outgoing.unsent > 0 && !outgoing.isInFlight) this.#startRetransmission()
  }

  #sendFin(): void {
    const outgoing = this.#outgoing
    const sequence = outgoing.next
    outgoing.markFin()
    if (this.state === 'CLOSE_WAIT') this.state = 'LAST_ACK'
    else if (this.state === 'ESTABLISHED') this.state = 'FIN_WAIT1'
    this.#transmit(fin | acknowledgement, sequence)
    this.#startRetransmission()
  }

  #sendOpening(): void {
    const flags = this.state === 'SYN_SENT' ? syn : syn | acknowledgement
    this.#transmit(flags, this.#outgoing.first)
    this.#startRetransmission()
  }

  #acknowledge(): void {
    this.#acknowledgementTimer?.cancel()
    this.#acknowledgementTimer = undefined
    if (!this.#isOver) this.#transmit(acknowledgement, this.#outgoing.next)
  }

  #startRetransmission(): void {
    if (this.#retransmission) return
    this.#retransmission = this.#sockets.namespace.clock.after(this.#timeout, () => {
      this.#retransmission = undefined
      this.#onTimeout()
    })
  }

  #onTimeout(): void {
    this.#attempts++
    if (this.#attempts > this.#allowedAttempts) return this.#finish('ETIMEDOUT')
    this.#timeout = Math.min(this.#timeout * 2, longestTimeout)
    this.#retransmit()
  }

  get #allowedAttempts(): number {
    const { sysctl } = this.#sockets.namespace
    if (this.state === 'SYN_SENT') return Number(sysctl.get('net.ipv4.tcp_syn_retries'))
    if (this.state === 'SYN_RECV') return Number(sysctl.get('net.ipv4.tcp_synack_retries'))
    return Number(sysctl.get('net.ipv4.tcp_retries2'))
  }

  /** Sends the oldest segment again that is not acknowledged. */
  #retransmit(): void {
    if (this.#isOver) return
    if (this.state === 'SYN_SENT' || this.state === 'SYN_RECV') return this.#sendOpening()
    const outgoing = this.#outgoing
    const size = this.#segmentSize - (this.#usesTimestamps ? 12 : 0)
    const data = outgoing.firstSegment(size)
    if (data.length > 0) this.#transmit(push | acknowledgement, outgoing.first, data)
    else if (outgoing.isFinSent) this.#transmit(fin | acknowledgement, outgoing.first)
    // A window probe: an old number, which the peer must answer with what it expects and how much it takes.
    else if (outgoing.unsent > 0) this.#transmit(acknowledgement, (outgoing.first - 1) >>> 0)
    else return
    this.#startRetransmission()
  }

  /** Sends everything again that is not acknowledged, in segments of the present size. */
  #retransmitAll(): void {
    if (this.#isOver) return
    const { first, inFlight, isFinSent, next } = this.#outgoing
    const size = this.#segmentSize - (this.#usesTimestamps ? 12 : 0)
    if (this.state === 'SYN_SENT' || this.state === 'SYN_RECV' || inFlight <= size) return this.#retransmit()
    for (let from = 0; from < inFlight; from += size)
      this.#transmit(acknowledgement, (first + from) >>> 0, this.#outgoing.sentSegment(from, size))
    if (isFinSent) this.#transmit(fin | acknowledgement, (next - 1) >>> 0)
    this.#startRetransmission()
  }

  #waitAsOrphan(): void {
    const seconds = Number(this.#sockets.namespace.sysctl.get('net.ipv4.tcp_fin_timeout'))
    this.#patience ??= this.#sockets.namespace.clock.after(seconds * 1000, () => this.#finish(undefined))
  }

  #waitInTimeWait(): void {
    this.#stopTimers()
    this.state = 'TIME_WAIT'
    this.#patience = this.#sockets.namespace.clock.after(timeWait, () => this.#sockets.forget(this))
    this.#tellClosed(undefined)
  }

  #finish(error: SocketErrorCode | undefined): void {
    const onFailure = this.#onFailure
    this.#onFailure = undefined
    this.#sockets.forget(this)
    if (onFailure) {
      if (error) onFailure(error)
    } else this.#tellClosed(error)
  }

  #tellClosed(error: SocketErrorCode | undefined): void {
    const { onClose } = this
    this.onClose = undefined
    onClose?.(error)
  }

  #stopTimers(): void {
    this.#retransmission?.cancel()
    this.#patience?.cancel()
    this.#acknowledgementTimer?.cancel()
    this.#retransmission = undefined
    this.#patience = undefined
    this.#acknowledgementTimer = undefined
  }

  get #advertisedSegment(): number {
    return this.#sockets.namespace.ipv4.pathMtu(this.remote.address) - 40
  }

  #optionsFor(flags: number): TcpOptions {
    const now = this.#sockets.namespace.clock.now
    const timestamp = [(this.#outgoing.initial + now) >>> 0, this.#peerTimestamp] as const
    if (flags & reset) return {}
    if (!(flags & syn)) return this.#usesTimestamps ? { timestamp } : {}
    return {
      maximumSegment: this.#advertisedSegment,
      selectiveAcknowledgement: true,
      ...(this.#usesTimestamps && { timestamp }),
      ...(this.#usesScaling && { windowScale }),
    }
  }

  #windowFor(flags: number): number {
    if (flags & reset) return 0
    const incoming = this.#incoming
    if (!incoming) return Math.floor(65535 / this.#advertisedSegment) * this.#advertisedSegment
    const window = incoming.announce()
    if (flags & syn || !this.#usesScaling) return window
    return Math.round(window / (1 << windowScale))
  }

  #transmit(flags: number, sequence: number, data: Uint8Array = noBytes): void {
    const { namespace } = this.#sockets
    if (flags & acknowledgement) {
      this.#acknowledgementTimer?.cancel()
      this.#acknowledgementTimer = undefined
    }
    const segment: TcpSegment = {
      kind: 'tcp',
      sourcePort: this.local.port,
      destinationPort: this.remote.port,
      sequence,
      acknowledgement: flags & acknowledgement ? (this.#incoming?.next ?? 0) : 0,
      flags,
      window: this.#windowFor(flags),
      options: this.#optionsFor(flags),
      data,
    }
    const buffer = new SocketBuffer({
      kind: 'ipv4',
      source: this.local.address,
      destination: this.remote.address,
      ttl: 64,
      id: namespace.nextPacketId(),
      tos: 0,
      dontFragment: true,
      protocol: 'tcp',
      body: segment,
      flow: this.flow,
      serial: namespace.network.nextSerial(),
    })
    if (this.#ledBy !== undefined && flags === syn) {
      const { packet } = buffer
      const { address, port } = this.peer
      const wanted = { ...packet, destination: address, body: { ...segment, destinationPort: port } }
      namespace.note('rewrite', '', 'socket connect', this.#ledBy, wanted, packet)
    }
    buffer.owner = this.owner
    buffer.boundTo = this.boundTo
    buffer.confirms = this.#confirmsPeer
    this.#confirmsPeer = false
    const error = this.#sockets.send(buffer)
    if (error && error !== 'EPERM' && this.state === 'SYN_SENT') this.#finish(error)
  }
}
