import { bytesOf, textOf } from '../../machine/bytes.ts'

/** Base64 of the bytes that a text stands for. */
export function base64(text: string): string {
  let binary = ''
  for (const byte of bytesOf(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The text whose bytes are written in base64. */
export function fromBase64(encoded: string): string {
  return textOf(Uint8Array.from(atob(encoded), char => char.charCodeAt(0)))
}

/** Whether the bytes of a file are text. */
export function isText(text: string): boolean {
  return !/[\udc80-\udcff]/u.test(text)
}
