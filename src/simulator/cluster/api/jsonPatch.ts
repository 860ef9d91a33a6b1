import { copyOf } from './copy.ts'
import { isEqual } from './equality.ts'

/** One step of a JSON patch (RFC 6902). */
export interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** Applies a JSON patch to a copy; throws an Error with the words of evanphx/json-patch when a step fails. */
export function jsonPatch(document: unknown, operations: readonly Operation[]): unknown {
  let result = copyOf(document)
  for (const operation of operations) result = apply(result, operation)
  return result
}

function apply(document: unknown, operation: Operation): unknown {
  const { op, path, from, value } = operation
  if ((op === 'add' || op === 'replace' || op === 'test') && !('value' in operation))
    throw missing(op, `${op} operation does not apply: missing 'value' parameter`)
  if ((op === 'move' || op === 'copy') && from === undefined)
    throw missing(op, `${op} operation does not apply: missing 'from' parameter`)
  switch (op) {
    case 'add':
      return put(document, op, path, copyOf(value))
    case 'replace':
      if (path === '') return copyOf(value)
      locate(document, op, path)
      return put(take(document, op, path), 'add', path, copyOf(value), true)
    case 'remove':
      return take(document, op, path)
    case 'move': {
      const moved = locate(document, op, from ?? '')
      return put(take(document, op, from ?? ''), op, path, moved)
    }
    case 'copy':
      return put(document, op, path, copyOf(locate(document, op, from ?? '')))
    case 'test':
      test(document, path, value)
      return document
    default:
      throw new Error(`Unexpected kind: ${op}`)
  }
}

type Container = Record<string, unknown> | unknown[]

function put(document: unknown, op: string, path: string, value: unknown, isReplacement = false): unknown {
  if (path === '') return value
  const { parent, key } = parentOf(document, op, path)
  if (!Array.isArray(parent)) parent[key] = value
  else if (key === '-' && !isReplacement) parent.push(value)
  else parent.splice(indexOf(key, parent.length, path, op), 0, value)
  return document
}

function take(document: unknown, op: string, path: string): unknown {
  const { parent, key } = parentOf(document, op, path)
  if (Array.isArray(parent)) parent.splice(indexOf(key, parent.length - 1, path, op), 1)
  else if (key in parent) delete parent[key]
  else throw missing(op, `Unable to ${op} nonexistent key: ${key}`)
  return document
}

function locate(document: unknown, op: string, path: string): unknown {
  if (path === '') return document
  const { parent, key } = parentOf(document, op, path)
  if (Array.isArray(parent)) return parent[indexOf(key, parent.length - 1, path, op)]
  if (!(key in parent)) throw missing(op, `${op} operation does not apply: doc is missing key: ${path}`)
  return parent[key]
}

function test(document: unknown, path: string, value: unknown): void {
  let found: unknown
  try {
    found = locate(document, 'test', path)
  } catch (error) {
    if (value === null) return
    throw error
  }
  if (!isEqual(found ?? null, value ?? null)) throw new Error(`testing value ${path} failed: test failed`)
}

function parentOf(document: unknown, op: string, path: string): { parent: Container; key: string } {
  const parts = path.split('/').slice(1).map(unescapePart)
  const key = parts.pop()
  let parent = document
  for (const part of parts) {
    parent = Array.isArray(parent)
      ? parent[indexOf(part, parent.length - 1, path, op)]
      : (parent as Record<string, unknown> | null | undefined)?.[part]
  }
  if (key === undefined || typeof parent !== 'object' || parent === null)
    throw missing(op, `${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}`)
  return { parent: parent as Container, key }
}

function indexOf(key: string, last: number, path: string, op: string): number {
  if (!/^(0|-?[1-9][0-9]*)$/.test(key)) throw new Error(`${op} operation does not apply: ${path} is no index`)
  const index = Number(key)
  if (index < 0 || index > last) throw missing(op, `Unable to access invalid index: ${index}`)
  return index
}

function missing(op: string, why: string): Error {
  return new Error(why.startsWith(op) ? `${why}: missing value` : `${why}: invalid index referenced`)
}

function unescapePart(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
