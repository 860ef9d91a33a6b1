/** A connection as a program sees it: bytes both ways, in order. */
export interface ByteStream {
  /** The next bytes, or undefined when the other side has finished. Waits through the process. */
  read(): Promise<Uint8Array | undefined>
  write(bytes: Uint8Array): Promise<void>
  /** Sends no more; what the other side sends can still be read. */
  end?(): void
  /** Finishes the sending direction and lets go; what was written still arrives. */
  close(): void
  /** Breaks the connection off: the other side sees a reset. */
  abort(): void
}

/** Reads lines and counted bytes from a stream, keeping what came too early. */
export class ByteReader {
  readonly stream: ByteStream
  /** Bytes taken from the stream so far. */
  received = 0
  #kept: Uint8Array = new Uint8Array(0)
  #isAtEnd = false

  constructor(stream: ByteStream) {
    this.stream = stream
  }

  /** What is there, waiting for at least one byte; undefined at the end. */
  async some(limit = Number.POSITIVE_INFINITY): Promise<Uint8Array | undefined> {
    if (this.#kept.length === 0 && !(await this.#more())) return undefined
    return this.#take(Math.min(limit, this.#kept.length))
  }

  /** Exactly so many bytes, or fewer when the stream ends before. */
  async exactly(length: number): Promise<Uint8Array> {
    while (this.#kept.length < length && (await this.#more()));
    return this.#take(Math.min(length, this.#kept.length))
  }

  /** A line of text without its line end; undefined when the stream has ended. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#kept.indexOf(0x0a)
      if (end >= 0) return latin1(this.#take(end + 1)).replace(/\r?\n$/, '')
      if (!(await this.#more())) return this.#kept.length > 0 ? latin1(this.#take(this.#kept.length)) : undefined
    }
  }

  /** Everything up to the end. */
  async rest(): Promise<Uint8Array> {
    while (await this.#more());
    return this.#take(this.#kept.length)
  }

  #take(length: number): Uint8Array {
    const taken = this.#kept.subarray(0, length)
    this.#kept = this.#kept.subarray(length)
    return taken
  }

  async #more(): Promise<boolean> {
    if (this.#isAtEnd) return false
    const bytes = await this.stream.read()
    if (!bytes) {
      this.#isAtEnd = true
      return false
    }
    this.received += bytes.length
    this.#kept = this.#kept.length === 0 ? bytes : concatBytes([this.#kept, bytes])
    return true
  }
}

/** Puts pieces together. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** Bytes as characters U+0000–U+00FF, for header lines. */
function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
