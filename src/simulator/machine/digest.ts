/** The names of the digests that are known here. */
export type DigestName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

/** The digest of some bytes in hexadecimal digits (RFC 1321, FIPS 180-4). */
export function digestOf(name: DigestName, bytes: Uint8Array): string {
  switch (name) {
    case 'md5':
      return md5(bytes)
    case 'sha1':
      return sha1(bytes)
    case 'sha224':
    case 'sha256':
      return sha256(bytes, name)
    case 'sha384':
    case 'sha512':
      return sha512(bytes, name)
  }
}

/** The message with a one, zeros and its length behind it, in whole blocks. */
function padded(bytes: Uint8Array, block: 64 | 128, isLittle: boolean): DataView {
  const lengthSize = block / 8
  const size = Math.ceil((bytes.length + 1 + lengthSize) / block) * block
  const message = new Uint8Array(size)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n, isLittle)
  return view
}

function hex32(words: readonly number[], isLittle = false): string {
  return words
    .map(word => {
      const text = (word >>> 0).toString(16).padStart(8, '0')
      return isLittle ? text.match(/../g)!.reverse().join('') : text
    })
    .join('')
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

const md5Shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

function md5(bytes: Uint8Array): string {
  const view = padded(bytes, 64, true)
  const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0)
  const state: [number, number, number, number] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476]
  for (let start = 0; start < view.byteLength; start += 64) {
    let [a, b, c, d] = state
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round]!
      const place = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! % 16
      const sum = (a + mixed + sines[i]! + view.getInt32(start + 4 * place, true)) | 0
      ;[a, d, c] = [d, c, b]
      b = (b + rotate(sum, md5Shifts[round * 4 + (i % 4)]!)) | 0
    }
    state[0] = (state[0] + a) | 0
    state[1] = (state[1] + b) | 0
    state[2] = (state[2] + c) | 0
    state[3] = (state[3] + d) | 0
  }
  return hex32(state, true)
}

function sha1(bytes: Uint8Array): string {
  const view = padded(bytes, 64, false)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0].map(word => word | 0)
  const words = new Int32Array(80)
  for (let start = 0; start < view.byteLength; start += 64) {
    for (let i = 0; i < 80; i++) {
      words[i] =
        i < 16
          ? view.getInt32(start + 4 * i)
          : rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1)
    }
    let [a, b, c, d, e] = state as [number, number, number, number, number]
    for (let i = 0; i < 80; i++) {
      const round = Math.floor(i / 20)
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
      const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round]!
      const next = (rotate(a, 5) + mixed + e + constant + words[i]!) | 0
      ;[a, b, c, d, e] = [next, a, rotate(b, 30), c, d]
    }
    ;[a, b, c, d, e].forEach((word, index) => {
      state[index] = (state[index]! + word) | 0
    })
  }
  return hex32(state)
}

/** The first prime numbers. */
function primes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every(prime => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}

/** The first 64 bits behind the point of a root of a prime; exact by whole-number arithmetic. */
function rootFraction(prime: number, degree: 2 | 3): bigint {
  const target = BigInt(prime) << BigInt(64 * degree)
  let [low, high] = [0n, 1n << 80n]
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (middle ** BigInt(degree) <= target) low = middle
    else high = middle - 1n
  }
  return BigInt.asUintN(64, low)
}

/** The first 32 bits behind the point of the cube roots of the first primes. */
const roundConstants: readonly number[] = primes(64).map(prime => Math.floor((Math.cbrt(prime) % 1) * 2 ** 32) | 0)

/** The same of their square roots; for SHA-224 the next 32 bits of those of the ninth to the sixteenth. */
const firstStates: Readonly<Record<'sha224' | 'sha256', readonly number[]>> = {
  sha256: primes(8).map(prime => Math.floor((Math.sqrt(prime) % 1) * 2 ** 32) | 0),
  sha224: [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4].map(
    word => word | 0,
  ),
}

function sha256(bytes: Uint8Array, name: 'sha224' | 'sha256'): string {
  const view = padded(bytes, 64, false)
  const constants = roundConstants
  const state = [...firstStates[name]]
  const words = new Int32Array(64)
  for (let start = 0; start < view.byteLength; start += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) words[i] = view.getInt32(start + 4 * i)
      else {
        const [x, y] = [words[i - 15]!, words[i - 2]!]
        const s0 = rotate(x, 25) ^ rotate(x, 14) ^ (x >>> 3)
        const s1 = rotate(y, 15) ^ rotate(y, 13) ^ (y >>> 10)
        words[i] = words[i - 16]! + s0 + words[i - 7]! + s1
      }
    }
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 26) ^ rotate(e, 21) ^ rotate(e, 7)
      const first = (h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + words[i]!) | 0
      const s0 = rotate(a, 30) ^ rotate(a, 19) ^ rotate(a, 10)
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, index) => {
      state[index] = (state[index]! + word) | 0
    })
  }
  return hex32(name === 'sha224' ? state.slice(0, 7) : state)
}

const mask64 = (1n << 64n) - 1n

function rotateRight(word: bigint, by: number): bigint {
  return ((word >> BigInt(by)) | (word << BigInt(64 - by))) & mask64
}

function sha512(bytes: Uint8Array, name: 'sha384' | 'sha512'): string {
  const view = padded(bytes, 128, false)
  const constants = primes(80).map(prime => rootFraction(prime, 3))
  const roots = name === 'sha512' ? primes(8) : primes(16).slice(8)
  const state = roots.map(prime => rootFraction(prime, 2))
  const words: bigint[] = []
  for (let start = 0; start < view.byteLength; start += 128) {
    for (let i = 0; i < 80; i++) {
      if (i < 16) words[i] = view.getBigUint64(start + 8 * i)
      else {
        const [x, y] = [words[i - 15]!, words[i - 2]!]
        const s0 = rotateRight(x, 1) ^ rotateRight(x, 8) ^ (x >> 7n)
        const s1 = rotateRight(y, 19) ^ rotateRight(y, 61) ^ (y >> 6n)
        words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) & mask64
      }
    }
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
    for (let i = 0; i < 80; i++) {
      const s1 = rotateRight(e, 14) ^ rotateRight(e, 18) ^ rotateRight(e, 41)
      const first = (h + s1 + ((e & f) ^ (~e & mask64 & g)) + constants[i]! + words[i]!) & mask64
      const s0 = rotateRight(a, 28) ^ rotateRight(a, 34) ^ rotateRight(a, 39)
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) & mask64
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask64, c, b, a, (first + second) & mask64]
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, index) => {
      state[index] = (state[index]! + word) & mask64
    })
  }
  const text = state.map(word => word.toString(16).padStart(16, '0')).join('')
  return name === 'sha384' ? text.slice(0, 96) : text
}
