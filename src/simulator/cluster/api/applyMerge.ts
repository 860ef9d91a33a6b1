import { itemsByKey, keyOfItem } from './fieldComparison.ts'
import type { FieldSet } from './fieldSet.ts'
import type { FieldsShape, ListShape, Shape } from './shape.ts'

type Json = Record<string, unknown>

/** A live object with everything that an applied one says laid over it. */
export function mergeApplied(shape: FieldsShape, live: unknown, applied: unknown): unknown {
  return mergeFields(shape, live as Json, applied as Json)
}

function mergeFields(shape: FieldsShape, live: Json, applied: Json): Json {
  const result: Json = { ...live }
  for (const [name, value] of Object.entries(applied)) {
    const field = shape.field(name) ?? shape.others
    result[name] = field ? mergeValue(field, live[name], value) : value
  }
  return result
}

function mergeValue(shape: Shape, live: unknown, applied: unknown): unknown {
  if (shape.kind === 'atomic' || live === undefined || live === null || applied === null) return applied
  if (shape.kind === 'fields') return mergeFields(shape, live as Json, applied as Json)
  if (shape.kind === 'list') return mergeList(shape, live as unknown[], applied as unknown[])
  if (!isObject(live) || !isObject(applied)) return applied
  const items = shape.kind === 'map' ? shape.items : shape
  const result: Json = { ...live }
  for (const [name, value] of Object.entries(applied)) result[name] = mergeValue(items, live[name], value)
  return result
}

/** Applied items come in their own order; the live ones that are not mentioned keep their places among them. */
function mergeList(shape: ListShape, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const own = itemsByKey(shape, applied)
  const known = itemsByKey(shape, live)
  const result: unknown[] = []
  const merged = (key: string): unknown => mergeValue(shape.items, known.get(key), own.get(key))
  const waiting = [...own.keys()]
  for (const item of live) {
    const key = keyOfItem(shape, item)
    if (!own.has(key)) result.push(item)
    else
      while (waiting.includes(key)) {
        const next = waiting.shift()!
        result.push(merged(next))
        if (next === key) break
      }
  }
  for (const key of waiting) result.push(merged(key))
  return result
}

/** An object without some of its fields. */
export function withoutFields(shape: FieldsShape, object: unknown, fields: FieldSet): unknown {
  return removeFields(shape, object as Json, fields)
}

function removeFields(shape: FieldsShape, object: Json, fields: FieldSet): Json {
  const result: Json = { ...object }
  for (const [key, inner] of fields.children) {
    const name = key.slice(2)
    if (!(name in result)) continue
    const field = shape.field(name) ?? shape.others
    if (inner.children.size === 0) delete result[name]
    else if (field) {
      result[name] = removeFromValue(field, result[name], inner)
      if (inner.isMember && isEmpty(result[name])) delete result[name]
    }
  }
  return result
}

function removeFromValue(shape: Shape, value: unknown, fields: FieldSet): unknown {
  if (shape.kind === 'fields') return removeFields(shape, value as Json, fields)
  if (shape.kind === 'list') return removeItems(shape, value as readonly unknown[], fields)
  if (shape.kind === 'atomic' || !isObject(value)) return value
  const items = shape.kind === 'map' ? shape.items : shape
  const result: Json = { ...value }
  for (const [key, inner] of fields.children) {
    const name = key.slice(2)
    if (inner.isMember) delete result[name]
    else if (name in result) result[name] = removeFromValue(items, result[name], inner)
  }
  return result
}

function removeItems(shape: ListShape, list: readonly unknown[], fields: FieldSet): unknown[] {
  return list.flatMap(item => {
    const inner = fields.children.get(keyOfItem(shape, item))
    if (!inner) return [item]
    return inner.isMember || shape.items.kind === 'atomic' ? [] : [removeFromValue(shape.items, item, inner)]
  })
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
