/**
 * Orders elements of a set as nft lists them. It compares keys as the numbers in which they are stored, and reads those
 * of several fields from the last byte to the first: by port, protocol, and the address from its end.
 */
export function inOrder(elements: readonly string[]): string[] {
  return elements
    .map(text => ({ text, key: keyOf(text) }))
    .sort((one, other) => compare(one.key, other.key))
    .map(({ text }) => text)
}

const protocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 }

function keyOf(element: string): number[] {
  const fields = (element.split(/ comment | : /)[0] ?? '').split(' . ')
  const bytes = fields.map(bytesOf)
  return fields.length === 1 ? bytes.flat() : bytes.flat().reverse()
}

function bytesOf(field: string): number[] {
  const protocol = protocols[field]
  if (protocol !== undefined) return [protocol]
  if (/^\d+$/.test(field)) return [Number(field) >> 8, Number(field) & 255]
  return field.split('.').map(Number)
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((byte, i) => byte !== other[i])
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0)
}
