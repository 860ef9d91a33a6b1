/**
 * A digest of a JSON value that does not depend on the order of keys: 128 bits as hexadecimal text. It tells states
 * apart; it is no protection against someone who wants two states to look alike.
 */
export function digest(value: unknown): string {
  const state = new Uint32Array([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])
  feed(value, state)
  // Murmur3's finaliser spreads the last bits over every lane.
  for (let round = 0; round < 2; round++)
    for (let lane = 0; lane < 4; lane++) {
      let h = state[lane]! ^ state[(lane + 3) & 3]!
      h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
      state[lane] = h ^ (h >>> 16)
    }
  return [...state].map(lane => lane.toString(16).padStart(8, '0')).join('')
}

function feed(value: unknown, state: Uint32Array): void {
  if (value === null || value === undefined) feedText('~', state)
  else if (typeof value === 'string') feedText(`"${value}`, state)
  else if (Array.isArray(value)) {
    feedText('[', state)
    for (const item of value) feed(item, state)
    feedText(']', state)
  } else if (typeof value === 'object') {
    feedText('{', state)
    const record = value as Record<string, unknown>
    for (const key of Object.keys(record).sort()) {
      if (record[key] === undefined) continue
      feedText(key, state)
      feed(record[key], state)
    }
    feedText('}', state)
  } else feedText(String(value), state)
}

function feedText(text: string, state: Uint32Array): void {
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x1ffff
    const lane = i & 3
    state[lane] = Math.imul((state[lane]! ^ code ^ (state[(lane + 1) & 3]! >>> 7)) | 0, 0x01000193)
  }
}
