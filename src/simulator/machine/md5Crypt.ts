import { concatBytes } from './byteStream.ts'
import { bytesOf } from './bytes.ts'
import { digestOf } from './digest.ts'

/** The MD5 scheme of Apache and old Unix: a thousand rounds over password and salt. */
export function md5Crypt(password: string, salt: string, magic = '$apr1$'): string {
  const key = bytesOf(password)
  const grain = bytesOf(salt)
  const inner = digestBytes('md5', concatBytes([key, grain, key]))
  const parts: Uint8Array[] = [key, bytesOf(magic), grain]
  for (let left = key.length; left > 0; left -= 16) parts.push(inner.subarray(0, Math.min(16, left)))
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? Uint8Array.of(0) : key.subarray(0, 1))
  let state = digestBytes('md5', concatBytes(parts))
  for (let round = 0; round < 1000; round++) {
    const pieces = [round & 1 ? key : state]
    if (round % 3) pieces.push(grain)
    if (round % 7) pieces.push(key)
    pieces.push(round & 1 ? state : key)
    state = digestBytes('md5', concatBytes(pieces))
  }
  const groups = [
    [0, 6, 12],
    [1, 7, 13],
    [2, 8, 14],
    [3, 9, 15],
    [4, 10, 5],
  ] as const
  const text = groups.map(([a, b, c]) => letters((state[a]! << 16) | (state[b]! << 8) | state[c]!, 4)).join('')
  return `${magic}${salt}$${text}${letters(state[11]!, 2)}`
}

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function letters(value: number, count: number): string {
  let text = ''
  for (let i = 0, rest = value; i < count; i++, rest >>= 6) text += alphabet[rest & 63]
  return text
}

/** A digest as bytes. */
export function digestBytes(name: 'md5' | 'sha1', bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(digestOf(name, bytes).match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}
