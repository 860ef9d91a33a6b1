const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text for bytes: UTF-8, and each byte that is not UTF-8 as a lone surrogate U+DC80–U+DCFF, so nothing is lost. */
export function textOf(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    return decode(bytes, 0, bytes.length)
  }
}

/** The bytes a text stands for. */
export function bytesOf(text: string): Uint8Array {
  if (!/[\uDC80-\uDCFF]/u.test(text)) return encoder.encode(text)
  const bytes = new Uint8Array(byteLength(text))
  let at = 0
  for (const piece of text.split(/([\uDC80-\uDCFF]+)/u)) {
    if (/^[\uDC80-\uDCFF]/u.test(piece)) for (let i = 0; i < piece.length; i++) bytes[at++] = piece.charCodeAt(i) & 0xff
    else {
      const encoded = encoder.encode(piece)
      bytes.set(encoded, at)
      at += encoded.length
    }
  }
  return bytes
}

/** How many bytes a text stands for. */
export function byteLength(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) length += 1
    else if (unit < 0xd800 || unit > 0xdfff) length += 2
    else if (unit <= 0xdbff) {
      length += 2
      i++
    }
  }
  return length
}

/** Turns pieces of bytes into text without breaking characters that cross from one piece to the next. */
export class ByteDecoder {
  #kept: Uint8Array = new Uint8Array(0)

  push(bytes: Uint8Array): string {
    let all = bytes
    if (this.#kept.length > 0) {
      all = new Uint8Array(this.#kept.length + bytes.length)
      all.set(this.#kept)
      all.set(bytes, this.#kept.length)
    }
    const end = all.length - unfinishedTail(all)
    this.#kept = all.slice(end)
    return textOf(all.subarray(0, end))
  }

  /** What was kept back, when no more bytes come. */
  end(): string {
    const kept = this.#kept
    this.#kept = new Uint8Array(0)
    return textOf(kept)
  }
}

/** How many bytes at the end begin a character that is not complete. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  if (lead >= 0xf0 && lead <= 0xf4) return 4
  return 1
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let i = start
  while (i < end) {
    const byte = bytes[i]!
    const length = sequenceLength(byte)
    if (byte < 0x80) text += String.fromCharCode(byte)
    else if (length === 1 || i + length > end || !isWellFormed(bytes, i, length)) {
      text += String.fromCharCode(0xdc00 | byte)
      i++
      continue
    } else text += strictDecoder.decode(bytes.subarray(i, i + length))
    i += length
  }
  return text
}

function isWellFormed(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return false
  const lead = bytes[at]!
  const second = bytes[at + 1]!
  if (lead === 0xe0) return second >= 0xa0
  if (lead === 0xed) return second <= 0x9f
  if (lead === 0xf0) return second >= 0x90
  if (lead === 0xf4) return second <= 0x8f
  return true
}
