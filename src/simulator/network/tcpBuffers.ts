import { noBytes } from './packet.ts'
import { distance } from './tcpSequence.ts'

/** What one end sends: bytes that wait, bytes on their way, and where in the numbering they are. */
export class SendBuffer {
  readonly initial: number
  /** The oldest number that is not acknowledged. */
  first: number
  /** The number of the next new byte. */
  next: number
  isFinSent = false
  isFinAcknowledged = false
  #pieces: Uint8Array[] = []
  /** Bytes of the first piece that are acknowledged. */
  #offset = 0
  #length = 0

  constructor(initial: number) {
    this.initial = initial
    this.first = initial
    this.next = initial
  }

  /** Bytes that are not acknowledged, sent or not. */
  get length(): number {
    return this.#length
  }

  /** Bytes on their way. */
  get inFlight(): number {
    return Math.max(0, Math.min(distance(this.first, this.next), this.#length))
  }

  get isInFlight(): boolean {
    return this.first !== this.next
  }

  /** Bytes that wait to be sent. */
  get unsent(): number {
    return this.#length - this.inFlight
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }

  /** Counts FIN into the numbering. */
  markFin(): void {
    this.isFinSent = true
    this.next = (this.next + 1) >>> 0
  }

  /** New bytes for a segment. */
  nextSegment(size: number): Uint8Array {
    return this.isFinSent ? noBytes : this.#copy(this.inFlight, Math.min(size, this.unsent))
  }

  /** The oldest bytes on their way again. */
  firstSegment(size: number): Uint8Array {
    return this.sentSegment(0, size)
  }

  /** Bytes on their way again, from so many behind the oldest. */
  sentSegment(from: number, size: number): Uint8Array {
    return this.#copy(from, Math.min(size, this.inFlight - from))
  }

  /** Takes an acknowledgement; false when it brings nothing new. */
  acknowledge(number: number): boolean {
    const progress = distance(this.first, number)
    if (progress <= 0 || distance(number, this.next) < 0) return false
    let bytes = progress
    if (this.first === this.initial) bytes--
    if (this.isFinSent && number === this.next) {
      this.isFinAcknowledged = true
      bytes--
    }
    this.first = number
    this.#discard(bytes)
    return true
  }

  #discard(count: number): void {
    this.#length -= count
    this.#offset += count
    while (this.#pieces.length > 0 && this.#offset >= this.#pieces[0]!.length) {
      this.#offset -= this.#pieces[0]!.length
      this.#pieces.shift()
    }
  }

  #copy(from: number, size: number): Uint8Array {
    if (size <= 0) return noBytes
    let skip = this.#offset + from
    const result = new Uint8Array(size)
    let filled = 0
    for (const piece of this.#pieces) {
      if (skip >= piece.length) {
        skip -= piece.length
        continue
      }
      const part = piece.subarray(skip, skip + size - filled)
      if (part.length === size) return part
      result.set(part, filled)
      filled += part.length
      skip = 0
      if (filled === size) break
    }
    return result
  }
}

/** A window is announced in units of 128 bytes, so a peer may send a few bytes more than there is room for. */
const roundingOfWindow = 128

/** What one end receives: puts segments in order and holds what the program has not taken. */
export class ReceiveBuffer {
  /** The number of the byte that is expected. */
  next: number
  /** FIN has come, and everything before it. */
  isEnded = false
  #capacity: number
  #ready: Uint8Array[] = []
  #unread = 0
  #announced: number
  #early = new Map<number, { readonly data: Uint8Array; readonly isLast: boolean }>()

  constructor(next: number, capacity: number) {
    this.next = next
    this.#capacity = capacity
    this.#announced = capacity
  }

  get unread(): number {
    return this.#unread
  }

  /** The window to put into the next segment. */
  announce(): number {
    this.#announced = Math.max(0, this.#capacity - this.#unread)
    return this.#announced
  }

  /** A window that was nearly shut has opened far enough to tell the peer. */
  get shouldAnnounceWindow(): boolean {
    return this.#announced < this.#capacity / 2 && this.#capacity - this.#unread >= this.#capacity / 2
  }

  isInWindow(sequence: number): boolean {
    const offset = distance(this.next, sequence)
    return offset >= 0 && offset <= this.#capacity
  }

  /** Takes the data of a segment; what is not next waits until what is missing has come. */
  add(sequence: number, data: Uint8Array, isLast: boolean): void {
    const offset = distance(this.next, sequence)
    if (offset > 0) {
      if (offset < this.#capacity) this.#early.set(sequence, { data, isLast })
      return
    }
    if (this.isEnded || -offset > data.length) return
    const fresh = data.subarray(-offset)
    if (fresh.length > this.#capacity + roundingOfWindow - this.#unread) return
    if (fresh.length > 0) {
      this.#ready.push(fresh)
      this.#unread += fresh.length
      this.next = (this.next + fresh.length) >>> 0
    }
    if (isLast) {
      this.isEnded = true
      this.next = (this.next + 1) >>> 0
    } else this.#addEarly()
  }

  /** Takes what came before its time and is next now. */
  #addEarly(): void {
    for (const [sequence, { data, isLast }] of this.#early) {
      const offset = distance(sequence, this.next)
      if (offset < 0) continue
      this.#early.delete(sequence)
      if (offset <= data.length) return this.add(sequence, data, isLast)
    }
  }

  /** The next piece for the program. */
  take(): Uint8Array | undefined {
    const bytes = this.#ready.shift()
    this.#unread -= bytes?.length ?? 0
    return bytes
  }
}
