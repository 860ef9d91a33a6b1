import type { Duplex } from 'node:stream'
import { createInflate, type Inflate } from 'node:zlib'
import { spdyDictionary } from './spdyDictionary.ts'

/** Control frames by number: SPDY Protocol, draft 3.1, section 2.6. */
const frameTypes = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const
const version = 0x8003
const finFlag = 1
const headLength = 8

/** One of the streams that share a SPDY connection. */
export class SpdyStream {
  readonly headers: ReadonlyMap<string, string>
  onData: (bytes: Buffer) => void = () => {}
  /** The other side sends nothing more. */
  onEnd: () => void = () => {}
  readonly #id: number
  readonly #write: (frame: Buffer) => void
  #isEnded = false

  constructor(id: number, headers: ReadonlyMap<string, string>, write: (frame: Buffer) => void) {
    this.#id = id
    this.headers = headers
    this.#write = write
  }

  send(bytes: Uint8Array): void {
    if (!this.#isEnded && bytes.length > 0) this.#write(dataFrame(this.#id, bytes, 0))
  }

  /** Sends nothing more. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#write(dataFrame(this.#id, new Uint8Array(), finFlag))
  }
}

/**
 * The server's side of a SPDY/3.1 connection, as far as Kubernetes uses it: the client opens streams.
 * Simplified: no flow control, as in the library that real clients use.
 */
export class SpdySession {
  onStream: (stream: SpdyStream) => void = () => {}
  onClose: () => void = () => {}
  readonly #connection: Duplex
  readonly #streams = new Map<number, SpdyStream>()
  readonly #inflater = new HeaderInflater()
  #isFirstBlock = true
  #kept: Buffer = Buffer.alloc(0)
  /** Frames in their order: reading headers takes a moment. */
  #reading: Promise<void> = Promise.resolve()

  constructor(connection: Duplex) {
    this.#connection = connection
    connection.on('data', (bytes: Buffer) => this.#take(bytes))
    connection.on('error', () => {})
    connection.on('close', () => {
      this.#inflater.close()
      this.onClose()
    })
  }

  close(): void {
    this.#connection.end()
  }

  #take(bytes: Buffer): void {
    this.#kept = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes])
    while (this.#kept.length >= headLength) {
      const length = headLength + this.#kept.readUIntBE(5, 3)
      if (this.#kept.length < length) return
      const frame = this.#kept.subarray(0, length)
      this.#kept = this.#kept.subarray(length)
      this.#reading = this.#reading.then(() => this.#read(frame)).catch(() => void this.#connection.destroy())
    }
  }

  async #read(frame: Buffer): Promise<void> {
    const first = frame.readUInt16BE(0)
    const isLast = (frame[4]! & finFlag) !== 0
    const body = frame.subarray(headLength)
    if ((first & 0x8000) === 0) {
      const stream = this.#streams.get(frame.readUInt32BE(0))
      if (body.length > 0) stream?.onData(body)
      if (isLast) stream?.onEnd()
      return
    }
    switch (frame.readUInt16BE(2)) {
      case frameTypes.synStream: {
        const id = body.readUInt32BE(0) & 0x7fffffff
        const headers = readHeaders(await this.#inflater.inflate(body.subarray(10)))
        const stream = new SpdyStream(id, headers, bytes => this.#write(bytes))
        this.#streams.set(id, stream)
        this.#reply(id)
        this.onStream(stream)
        if (isLast) stream.onEnd()
        return
      }
      case frameTypes.reset: {
        const id = body.readUInt32BE(0) & 0x7fffffff
        this.#streams.get(id)?.onEnd()
        this.#streams.delete(id)
        return
      }
      case frameTypes.ping:
        return this.#write(frame)
      case frameTypes.goAway:
        return this.close()
    }
  }

  #reply(id: number): void {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(id)
    const noHeaders = Buffer.alloc(4)
    this.#write(controlFrame(frameTypes.synReply, Buffer.concat([head, storedBlock(noHeaders, this.#isFirstBlock)])))
    this.#isFirstBlock = false
  }

  #write(bytes: Buffer): void {
    if (this.#connection.writable) this.#connection.write(bytes)
  }
}

/** The client's headers are one zlib stream, cut into frames. */
class HeaderInflater {
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary })
  #pieces: Buffer[] = []

  constructor() {
    this.#inflate.on('data', (piece: Buffer) => this.#pieces.push(piece))
    this.#inflate.on('error', () => {})
  }

  inflate(bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#inflate.write(bytes, error => {
        if (error) return reject(error)
        resolve(Buffer.concat(this.#pieces))
        this.#pieces = []
      })
    })
  }

  close(): void {
    this.#inflate.close()
  }
}

/** Bytes as a block of a zlib stream that is stored, not compressed: RFC 1950 and RFC 1951, section 3.2.4. */
function storedBlock(bytes: Buffer, isFirst: boolean): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt16LE(bytes.length, 1)
  head.writeUInt16LE(~bytes.length & 0xffff, 3)
  // An empty block says that the reader may hand out what it has.
  const flush = Buffer.from([0, 0, 0, 0xff, 0xff])
  return Buffer.concat([isFirst ? Buffer.from([0x78, 0x01]) : Buffer.alloc(0), head, bytes, flush])
}

function readHeaders(block: Buffer): Map<string, string> {
  let at = 0
  const number = () => {
    at += 4
    return block.readUInt32BE(at - 4)
  }
  const text = () => {
    const length = number()
    at += length
    return block.toString('utf8', at - length, at)
  }
  const headers = new Map<string, string>()
  for (let left = number(); left > 0; left--) headers.set(text().toLowerCase(), text())
  return headers
}

function controlFrame(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(headLength)
  head.writeUInt16BE(version, 0)
  head.writeUInt16BE(type, 2)
  head.writeUIntBE(body.length, 5, 3)
  return Buffer.concat([head, body])
}

function dataFrame(id: number, bytes: Uint8Array, flags: number): Buffer {
  const head = Buffer.alloc(headLength)
  head.writeUInt32BE(id, 0)
  head.writeUInt8(flags, 4)
  head.writeUIntBE(bytes.length, 5, 3)
  return Buffer.concat([head, bytes])
}
