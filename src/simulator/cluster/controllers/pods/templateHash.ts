/** The alphabet of hashes in names: no vowels, so that no words appear. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * Names a pod template: equal templates have equal hashes.
 * Simplified: the real hash is taken over a dump of Go structures; this one is taken over sorted JSON, with the same
 * function (FNV-1a, 32 bits) and the same letters.
 */
export function templateHash(template: unknown, collisionCount?: number): string {
  const text = sortedJson(template) + (collisionCount === undefined ? '' : String(collisionCount))
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return encodeSafely(String(hash >>> 0))
}

function encodeSafely(text: string): string {
  return Array.from(text, letter => alphabet[letter.charCodeAt(0) % alphabet.length]).join('')
}

/** JSON with the keys of each object in order, so that equal values have equal texts. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
