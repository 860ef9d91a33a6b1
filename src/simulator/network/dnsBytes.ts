const pointer = 0xc000
const longestPointer = 0x3fff
const longestLabel = 63

/** Writes DNS messages byte by byte (RFC 1035). */
export class DnsWriter {
  #bytes: number[] = []
  #isCompressed: boolean
  /** Where each name, and each ending of a name, stands. */
  #names = new Map<string, number>()

  constructor(isCompressed: boolean) {
    this.#isCompressed = isCompressed
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  number16(value: number): void {
    this.#bytes.push((value >>> 8) & 255, value & 255)
  }

  number32(value: number): void {
    this.#bytes.push((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)
  }

  raw(bytes: Uint8Array): void {
    this.#bytes.push(...bytes)
  }

  /** A text of up to 255 bytes with its length in front. */
  text(text: string): void {
    const bytes = new TextEncoder().encode(text).subarray(0, 255)
    this.#bytes.push(bytes.length)
    this.raw(bytes)
  }

  /** A name, with what has been written before replaced by a pointer to it. */
  name(name: string, mayPoint = true): void {
    let rest = name.endsWith('.') ? name.slice(0, -1) : name
    while (rest !== '') {
      const known = this.#names.get(rest.toLowerCase())
      if (known !== undefined && mayPoint && this.#isCompressed) return this.number16(pointer | known)
      if (known === undefined && this.#bytes.length <= longestPointer)
        this.#names.set(rest.toLowerCase(), this.#bytes.length)
      const label = labelOf(rest)
      rest = rest.slice(label.length + 1)
      const bytes = new TextEncoder().encode(label.replace(/\\(.)/g, '$1')).subarray(0, longestLabel)
      this.#bytes.push(bytes.length)
      this.raw(bytes)
    }
    this.#bytes.push(0)
  }

  /** Whatever is written within, with its length in front. */
  sized(write: () => void): void {
    const at = this.#bytes.length
    this.number16(0)
    write()
    const length = this.#bytes.length - at - 2
    this.#bytes[at] = (length >>> 8) & 255
    this.#bytes[at + 1] = length & 255
  }
}

/** The part of a name before its first dot that no backslash makes part of the label. */
function labelOf(name: string): string {
  return /^(?:\\.|[^.\\])*/.exec(name)![0]
}

/** Reads DNS messages; throws RangeError at their end. */
export class DnsReader {
  at = 0
  #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  number8(): number {
    const value = this.#bytes[this.at++]
    if (value === undefined) throw new RangeError('message is too short')
    return value
  }

  number16(): number {
    return (this.number8() << 8) | this.number8()
  }

  number32(): number {
    return ((this.number16() << 16) | this.number16()) >>> 0
  }

  raw(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new RangeError('message is too short')
    const bytes = this.#bytes.slice(this.at, this.at + length)
    this.at += length
    return bytes
  }

  text(): string {
    return new TextDecoder().decode(this.raw(this.number8()))
  }

  /** A name with its final dot. */
  name(): string {
    let name = ''
    let end: number | undefined
    for (let jumps = 0; ; ) {
      const length = this.number8()
      if (length === 0) break
      if (length <= longestLabel) {
        name += `${new TextDecoder().decode(this.raw(length)).replace(/[.\\]/g, '\\$&')}.`
        continue
      }
      const target = ((length << 8) | this.number8()) & longestPointer
      end ??= this.at
      if (++jumps > 64) throw new RangeError('pointers run in a circle')
      this.at = target
    }
    if (end !== undefined) this.at = end
    return name === '' ? '.' : name
  }
}
