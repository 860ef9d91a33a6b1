/** Text as the bytes of Secrets are written. */
export function toBase64(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The bytes of a Secret as text. */
export function fromBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)))
}

/** The byte at which Go's decoder finds a text corrupt, line ends aside; undefined for one that is well formed. */
export function corruptByte(text: string): number | undefined {
  const wrong = text.search(/[^A-Za-z0-9+/]/)
  if (wrong < 0) return text.length % 4 === 0 ? undefined : text.length - (text.length % 4)
  return text.length % 4 === 0 && /^={1,2}$/.test(text.slice(wrong)) ? undefined : wrong
}
