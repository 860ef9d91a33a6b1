/** A copy of a JSON value that may be changed; undefined fields are left out. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = new Array(value.length)
    for (let i = 0; i < value.length; i++) items[i] = copyOf(value[i])
    return items as T
  }
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key]
    if (field !== undefined) copy[key] = typeof field === 'object' ? copyOf(field) : field
  }
  return copy as T
}

/** Makes a JSON value unchangeable, down to the parts that already are. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  if (Array.isArray(value)) for (const item of value) freeze(item)
  else for (const key in value) freeze((value as Record<string, unknown>)[key])
  return value
}
