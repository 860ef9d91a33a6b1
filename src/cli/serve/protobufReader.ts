/** One field as it stands on the wire: a number that the message gives a meaning to, and its value. */
export interface WireField {
  readonly number: number
  readonly value: Uint8Array | bigint
}

/** Takes the wire form of Protocol Buffers apart: protobuf.dev/programming-guides/encoding. */
export class ProtobufReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  *fields(): Generator<WireField> {
    while (this.#at < this.#bytes.length) {
      const tag = Number(this.#varint())
      yield { number: tag >> 3, value: this.#value(tag & 7) }
    }
  }

  #value(wireType: number): Uint8Array | bigint {
    switch (wireType) {
      case 0:
        return this.#varint()
      case 1:
        return this.#take(8)
      case 2:
        return this.#take(Number(this.#varint()))
      case 5:
        return this.#take(4)
      default:
        throw new Error(`wire type ${wireType} is not simulated here`)
    }
  }

  #varint(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new Error('unexpected EOF')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error('unexpected EOF')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}
