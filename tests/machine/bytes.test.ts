import { expect, test } from 'vitest'
import { ByteDecoder, byteLength, bytesOf, textOf } from '../../src/simulator/machine/bytes.ts'

test('bytes that are not UTF-8 survive the way to text and back', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
  expect([...bytesOf(textOf(bytes))]).toEqual([...bytes])
})

test.each([
  ['', 0],
  ['abc', 3],
  ['é', 2],
  ['한', 3],
  ['😀', 4],
  ['\udc80', 1],
  ['a한\udcff😀', 9],
])('%j stands for %i bytes', (text, length) => {
  expect(byteLength(text)).toBe(length)
  expect(bytesOf(text)).toHaveLength(length)
})

test('over-long and surrogate sequences are bytes, not characters', () => {
  expect(textOf(Uint8Array.of(0xc0, 0x80))).toBe('\udcc0\udc80')
  expect(textOf(Uint8Array.of(0xed, 0xa0, 0x80))).toBe('\udced\udca0\udc80')
})

test('a character that comes in two pieces is one character', () => {
  const decoder = new ByteDecoder()
  const bytes = bytesOf('한글')
  expect(decoder.push(bytes.slice(0, 4)) + decoder.push(bytes.slice(4)) + decoder.end()).toBe('한글')
})

test('what is left of a character at the end is given as bytes', () => {
  const decoder = new ByteDecoder()
  expect(decoder.push(Uint8Array.of(0x61, 0xed, 0x95))).toBe('a')
  expect(decoder.end()).toBe('\udced\udc95')
})
