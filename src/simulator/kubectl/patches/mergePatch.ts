import { isEqual } from '../../cluster/api/equality.ts'

type Document = Readonly<Record<string, unknown>>

/** The JSON merge patch (RFC 7386) that turns one document into another. */
export function createMergePatch(before: unknown, after: unknown): Record<string, unknown> {
  const [original, modified] = [before as Document, after as Document]
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(original))
    if (modified[key] === undefined && original[key] !== undefined) patch[key] = null
  for (const [key, value] of Object.entries(modified)) {
    const old = original[key]
    if (value === undefined || isEqual(old, value)) continue
    patch[key] = isMap(old) && isMap(value) ? createMergePatch(old, value) : value
  }
  return patch
}

/** The JSON merge patch that `kubectl apply` sends for kinds whose lists it does not know how to merge. */
export function createThreeWayMergePatch(
  lastApplied: unknown,
  wanted: unknown,
  live: unknown,
): Record<string, unknown> {
  return merged(deletions(lastApplied as Document, wanted as Document), additions(live as Document, wanted as Document))
}

function additions(live: Document, wanted: Document): Record<string, unknown> {
  const patch = createMergePatch(live, wanted)
  return withoutNulls(patch, wanted)
}

/** Drops what a patch removes only because the other side does not speak of it. */
function withoutNulls(patch: Document, wanted: Document): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null && wanted[key] === undefined) continue
    if (!isMap(value) || !isMap(wanted[key])) {
      result[key] = value
      continue
    }
    const inner = withoutNulls(value, wanted[key])
    if (Object.keys(inner).length > 0) result[key] = inner
  }
  return result
}

function deletions(before: Document, wanted: Document): Record<string, unknown> {
  const patch: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(before)) {
    if (wanted[key] === undefined) patch[key] = null
    else if (isMap(value) && isMap(wanted[key])) {
      const inner = deletions(value, wanted[key])
      if (Object.keys(inner).length > 0) patch[key] = inner
    }
  }
  return patch
}

function merged(first: Document, second: Document): Record<string, unknown> {
  const result: Record<string, unknown> = { ...first }
  for (const [key, value] of Object.entries(second)) {
    result[key] = isMap(result[key]) && isMap(value) ? merged(result[key], value) : value
  }
  return result
}

function isMap(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
