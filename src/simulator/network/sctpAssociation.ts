import type { Timer } from '../clock.ts'
import type { SctpChunk, SctpPacket } from './packet.ts'
import type { SctpSockets } from './sctpSockets.ts'
import { SocketError, type SocketErrorCode } from './socketError.ts'
import type { Endpoint, SocketOwner } from './sockets.ts'
import { distance } from './tcpSequence.ts'

/** States of RFC 9260, as /proc/net/sctp/assocs knows them. */
export type SctpState =
  | 'CLOSED'
  | 'COOKIE_WAIT'
  | 'COOKIE_ECHOED'
  | 'ESTABLISHED'
  | 'SHUTDOWN_PENDING'
  | 'SHUTDOWN_SENT'
  | 'SHUTDOWN_RECEIVED'
  | 'SHUTDOWN_ACK_SENT'

/** How long an answer may take at first and at most, and how often a chunk is sent again: milliseconds (net.sctp.*). */
const firstTimeout = 3_000
const longestTimeout = 60_000
const openingAttempts = 8
const attempts = 10
const window = 106_496
const streams = 10

/** Where an association begins: what both ends have said of themselves. */
interface AssociationStart {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly flow: number
  readonly owner: SocketOwner | undefined
}

type Opening = Extract<SctpChunk, { readonly type: 'INIT' | 'INIT ACK' }>

/** One end of an SCTP association. */
// Simplified: one address on each side, one stream, no heartbeats and no congestion control; the cookie is not signed.
export class SctpAssociation {
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly flow: number
  readonly owner: SocketOwner | undefined
  state: SctpState = 'CLOSED'
  /** A message has come. */
  onMessage: ((bytes: Uint8Array) => void) | undefined = undefined
  /** Nothing comes any more: both sides have closed, or one has broken it off. */
  onClose: ((error: SocketErrorCode | undefined) => void) | undefined = undefined
  readonly #sockets: SctpSockets
  #ownTag: number
  #peerTag = 0
  #next: number
  #received = 0
  #streamSequence = 0
  #waiting: Extract<SctpChunk, { type: 'DATA' }>[] = []
  #onOpen: (() => void) | undefined
  #onFailure: ((code: SocketErrorCode) => void) | undefined
  #timer: Timer | undefined
  #timeout = firstTimeout
  #attempts = 0
  #resend: readonly SctpChunk[] = []

  constructor(sockets: SctpSockets, start: AssociationStart) {
    this.#sockets = sockets
    this.local = start.local
    this.remote = start.remote
    this.flow = start.flow
    this.owner = start.owner
    this.#ownTag = sockets.namespace.random.integer() >>> 0 || 1
    this.#next = sockets.namespace.random.integer() >>> 0
  }

  /** Sends INIT; one of the two is called later, never from within this call. */
  connect(onOpen: () => void, onFailure: (code: SocketErrorCode) => void): void {
    this.#onOpen = onOpen
    this.#onFailure = onFailure
    this.state = 'COOKIE_WAIT'
    this.#sockets.namespace.clock.after(0, () => {
      if (this.state === 'COOKIE_WAIT') this.#sendReliably([this.#opening()])
    })
  }

  /** Takes over the association that a cookie describes. */
  accept(opening: Opening, own: { readonly tag: number; readonly sequence: number }): void {
    this.#peerTag = opening.initiateTag
    this.#received = (opening.sequence - 1) >>> 0
    this.#next = own.sequence
    this.#ownTag = own.tag
    this.state = 'ESTABLISHED'
    this.#send([{ type: 'COOKIE ACK' }])
  }

  /** Sends a message; throws `SocketError` once this end is closed. */
  send(bytes: Uint8Array): void {
    if (this.state !== 'ESTABLISHED') throw new SocketError('EPIPE')
    const chunk = { type: 'DATA', sequence: this.#next, streamSequence: this.#streamSequence, data: bytes } as const
    this.#next = (this.#next + 1) >>> 0
    this.#streamSequence = (this.#streamSequence + 1) & 0xffff
    this.#waiting.push(chunk)
    this.#sendReliably([chunk])
  }

  /** Gives the association up: SHUTDOWN once all messages have been acknowledged. */
  close(): void {
    if (this.state === 'COOKIE_WAIT' || this.state === 'COOKIE_ECHOED') return this.abort()
    if (this.state !== 'ESTABLISHED') return
    this.state = 'SHUTDOWN_PENDING'
    this.#shutDownIfDone()
  }

  /** Breaks the association off. */
  abort(): void {
    if (this.state === 'CLOSED') return
    if (this.#peerTag !== 0) this.#send([{ type: 'ABORT' }])
    this.#finish(undefined)
  }

  /** Takes a packet. */
  receive(packet: SctpPacket): void {
    const isOwn = packet.verificationTag === this.#ownTag
    // An ABORT may also bear the sender's own tag, when it knows no other (RFC 9260, section 8.4).
    if (!isOwn && packet.chunks[0]?.type !== 'ABORT' && packet.chunks[0]?.type !== 'SHUTDOWN COMPLETE') return
    for (const chunk of packet.chunks) {
      if (this.state === 'CLOSED') return
      this.#take(chunk)
    }
  }

  /** Takes an ICMP error about a packet of this association. */
  fail(code: SocketErrorCode): void {
    if (this.state === 'COOKIE_WAIT' || this.state === 'COOKIE_ECHOED') this.#finish(code)
  }

  /** Stops its timers when it is forgotten. */
  forgotten(): void {
    this.state = 'CLOSED'
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #take(chunk: SctpChunk): void {
    switch (chunk.type) {
      case 'INIT ACK':
        if (this.state !== 'COOKIE_WAIT') return
        this.#peerTag = chunk.initiateTag
        this.#received = (chunk.sequence - 1) >>> 0
        this.state = 'COOKIE_ECHOED'
        this.#answered()
        return this.#sendReliably([{ type: 'COOKIE ECHO' }])
      case 'COOKIE ACK': {
        if (this.state !== 'COOKIE_ECHOED') return
        this.state = 'ESTABLISHED'
        this.#answered()
        this.#onFailure = undefined
        const onOpen = this.#onOpen
        this.#onOpen = undefined
        return onOpen?.()
      }
      case 'COOKIE ECHO':
        return this.#send([{ type: 'COOKIE ACK' }])
      case 'DATA':
        return this.#takeData(chunk)
      case 'SACK':
        return this.#takeAcknowledgement(chunk.acknowledgement)
      case 'SHUTDOWN':
        this.#takeAcknowledgement(chunk.acknowledgement)
        if (this.state === 'CLOSED') return
        this.state = 'SHUTDOWN_ACK_SENT'
        return this.#sendReliably([{ type: 'SHUTDOWN ACK' }])
      case 'SHUTDOWN ACK':
        this.#send([{ type: 'SHUTDOWN COMPLETE' }])
        return this.#finish(undefined)
      case 'SHUTDOWN COMPLETE':
        return this.state === 'SHUTDOWN_ACK_SENT' ? this.#finish(undefined) : undefined
      case 'ABORT':
        return this.#finish(this.state === 'COOKIE_WAIT' ? 'ECONNREFUSED' : 'ECONNRESET')
    }
  }

  #takeData(chunk: Extract<SctpChunk, { type: 'DATA' }>): void {
    const isNext = chunk.sequence === (this.#received + 1) >>> 0
    if (isNext) this.#received = chunk.sequence
    this.#send([{ type: 'SACK', acknowledgement: this.#received, window }])
    if (isNext) this.onMessage?.(chunk.data)
  }

  #takeAcknowledgement(acknowledgement: number): void {
    const before = this.#waiting.length
    this.#waiting = this.#waiting.filter(({ sequence }) => distance(acknowledgement, sequence) > 0)
    if (this.#waiting.length === before) return
    this.#answered()
    if (this.#waiting.length > 0) this.#startTimer(this.#waiting)
    this.#shutDownIfDone()
  }

  #shutDownIfDone(): void {
    if (this.state !== 'SHUTDOWN_PENDING' || this.#waiting.length > 0) return
    this.state = 'SHUTDOWN_SENT'
    this.#sendReliably([{ type: 'SHUTDOWN', acknowledgement: this.#received }])
  }

  #opening(): Opening {
    const [initiateTag, sequence] = [this.#ownTag, this.#next]
    return { type: 'INIT', initiateTag, window, outboundStreams: streams, inboundStreams: 65_535, sequence }
  }

  /** Sends chunks, and again until something answers them. */
  #sendReliably(chunks: readonly SctpChunk[]): void {
    this.#send(chunks)
    if (this.state !== 'CLOSED') this.#startTimer(chunks)
  }

  #startTimer(chunks: readonly SctpChunk[]): void {
    this.#resend = chunks
    this.#timer ??= this.#sockets.namespace.clock.after(this.#timeout, () => {
      this.#timer = undefined
      this.#onTimeout()
    })
  }

  #onTimeout(): void {
    const isOpening = this.state === 'COOKIE_WAIT' || this.state === 'COOKIE_ECHOED'
    if (++this.#attempts > (isOpening ? openingAttempts : attempts)) return this.#finish('ETIMEDOUT')
    this.#timeout = Math.min(this.#timeout * 2, longestTimeout)
    this.#sendReliably(this.#resend)
  }

  #answered(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#timeout = firstTimeout
    this.#attempts = 0
  }

  #send(chunks: readonly SctpChunk[]): void {
    const error = this.#sockets.transmit(this, this.#peerTag, chunks)
    if (error && error !== 'EPERM' && this.state === 'COOKIE_WAIT') this.#finish(error)
  }

  #finish(error: SocketErrorCode | undefined): void {
    const onFailure = this.#onFailure
    this.#onFailure = undefined
    this.#sockets.forget(this)
    if (onFailure) {
      if (error) onFailure(error)
      return
    }
    const { onClose } = this
    this.onClose = undefined
    onClose?.(error)
  }
}

/** What a listener answers to INIT; it keeps nothing, all it needs comes back in the cookie. */
export function initAcknowledgement(tag: number, sequence: number): SctpChunk {
  return { type: 'INIT ACK', initiateTag: tag, window, outboundStreams: streams, inboundStreams: streams, sequence }
}
