type Json = Readonly<Record<string, unknown>>

/** What stands at a simple path of an object: `.spec.replicas`. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object
  for (const part of partsOf(path)) value = (value as Json | undefined | null)?.[part]
  return value
}

/** The object with another value at a path. */
export function withValueAt(object: unknown, path: string, value: unknown): unknown {
  return replace(object, partsOf(path), value)
}

function replace(object: unknown, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value
  const map = (object ?? {}) as Json
  return { ...map, [part]: replace(map[part], rest, value) }
}

function partsOf(path: string): string[] {
  return path.split('.').filter(Boolean)
}
