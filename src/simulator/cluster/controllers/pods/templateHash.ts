import { goDump, UnknownStructure } from './hash/goDump.ts'

/** The alphabet of hashes in names: no vowels, so that no words appear. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * Names a pod template as Kubernetes 1.36 does, letter for letter: the same Deployment has the same hash here and there.
 * Source: ComputeHash in kubernetes/pkg/controller/controller_utils.go.
 */
export function templateHash(template: unknown, collisionCount?: number): string {
  const bytes = [...new TextEncoder().encode(dump(template))]
  // The count is written as eight bytes, the lowest first, of which a 32-bit number fills four.
  if (collisionCount !== undefined)
    for (let i = 0; i < 8; i++) bytes.push(i < 4 ? (collisionCount >>> (8 * i)) & 255 : 0)
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return encodeSafely(String(hash >>> 0))
}

/** Remembers the hash of every template that is still in use: making one takes a millisecond. */
export class TemplateHashes {
  readonly #known = new WeakMap<object, { readonly collisionCount: number | undefined; readonly hash: string }>()

  of(template: object, collisionCount?: number): string {
    const known = this.#known.get(template)
    if (known && known.collisionCount === collisionCount) return known.hash
    const hash = templateHash(template, collisionCount)
    this.#known.set(template, { collisionCount, hash })
    return hash
  }
}

/** Names the remembered patch of a StatefulSet. Source: HashControllerRevision in kubernetes/pkg/controller/history. */
export function patchHash(patch: unknown, collisionCount = 0): string {
  const text = sortedJson(patch).replaceAll(/[<>&]/g, letter => `\\u00${letter.charCodeAt(0).toString(16)}`)
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text + collisionCount)) hash = Math.imul(hash, 0x01000193) ^ byte
  return encodeSafely(String(hash >>> 0))
}

/** Simplified: templates with rare volumes or fields are hashed as JSON, so that their hash is not the real one. */
function dump(template: unknown): string {
  try {
    return goDump(template, 'v1.PodTemplateSpec')
  } catch (error) {
    if (error instanceof UnknownStructure) return sortedJson(template)
    throw error
  }
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
