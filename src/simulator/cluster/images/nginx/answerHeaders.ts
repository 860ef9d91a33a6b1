/** The order in which nginx sends its own header fields; others follow as they come. */
const order = [
  'server',
  'date',
  'content-type',
  'content-length',
  'last-modified',
  'transfer-encoding',
  'connection',
  'location',
  'etag',
]

function placeOf(name: string): number {
  const at = order.indexOf(name.toLowerCase())
  return at < 0 ? order.length : at
}

/** Header fields in nginx' order. */
export function inOrder(headers: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return headers.toSorted(([one], [other]) => placeOf(one) - placeOf(other))
}

/** A body that is sent in chunks, as an upstream sent it. */
export async function* inChunks(body: Uint8Array): AsyncIterable<Uint8Array> {
  yield body
}
