/** Kubernetes' alphabet for generated names: no vowels, no look-alikes (k8s.io/apimachinery/pkg/util/rand). */
const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** Every byte as two hexadecimal digits. */
const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Seeded chance: the same seed gives the same numbers on every machine. */
export class Random {
  #state: number

  constructor(seed: number | string) {
    this.#state = typeof seed === 'number' ? seed | 0 : hashText(seed)
  }

  /** A 32-bit integer ≥ 0 (splitmix32). */
  integer(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let z = this.#state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }

  /** A number in [0, 1). */
  fraction(): number {
    return this.integer() / 0x1_0000_0000
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit)
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  /** Letters and digits as Kubernetes appends them to generated names. */
  suffix(length: number): string {
    return Array.from({ length }, () => nameAlphabet[this.below(nameAlphabet.length)]).join('')
  }

  /** Hexadecimal digits, for MAC addresses, container ids and interface names. */
  hex(length: number): string {
    let text = ''
    while (text.length < length) {
      const number = this.integer()
      text +=
        bytes[number >>> 24]! + bytes[(number >>> 16) & 255]! + bytes[(number >>> 8) & 255]! + bytes[number & 255]!
    }
    return text.slice(0, length)
  }

  /** A version 4 UUID. */
  uuid(): string {
    const tail = (this.below(4) + 8).toString(16)
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${tail}${this.hex(3)}-${this.hex(12)}`
  }

  /** An independent source whose numbers depend only on this seed so far and the name. */
  fork(name: string): Random {
    return new Random(this.#state ^ hashText(name))
  }
}

/** FNV-1a over UTF-16 code units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
