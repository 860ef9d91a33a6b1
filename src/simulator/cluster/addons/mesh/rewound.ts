import type { ByteStream } from '../../../machine/byteStream.ts'

/** A connection whose first bytes have been looked at and are read again. */
export class Rewound implements ByteStream {
  readonly #stream: ByteStream
  #first: Uint8Array | undefined

  constructor(stream: ByteStream, first: Uint8Array) {
    this.#stream = stream
    this.#first = first
  }

  async read(): Promise<Uint8Array | undefined> {
    const first = this.#first
    this.#first = undefined
    return first ?? this.#stream.read()
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#stream.write(bytes)
  }

  end(): void {
    this.#stream.end?.()
  }

  close(): void {
    this.#stream.close()
  }

  abort(): void {
    this.#stream.abort()
  }
}
