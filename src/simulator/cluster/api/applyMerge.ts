import { itemsByKey, keyOfItem } from './fieldComparison.ts'
import type { FieldSet } from './fieldSet.ts'
import { granularityOf } from './merging.ts'
import { type FieldType, structNamed } from './schema.ts'

type Json = Record<string, unknown>
type Granularity = ReturnType<typeof granularityOf>

/** A live object with everything that an applied one says laid over it. */
export function mergeApplied(struct: string, live: unknown, applied: unknown): unknown {
  return mergeStruct(struct, live as Json, applied as Json)
}

function mergeStruct(struct: string, live: Json, applied: Json): Json {
  const result: Json = { ...live }
  for (const [name, value] of Object.entries(applied)) {
    const field = structNamed(struct).fields.get(name)
    result[name] = field ? mergeValue(field.type, granularityOf(struct, name, field.type), live[name], value) : value
  }
  return result
}

function mergeValue(type: FieldType, granularity: Granularity, live: unknown, applied: unknown): unknown {
  if (granularity === 'atomic' || live === undefined || live === null || applied === null) return applied
  if (type.kind === 'struct') return mergeStruct(type.struct, live as Json, applied as Json)
  if (type.kind === 'map') {
    const result: Json = { ...(live as Json) }
    for (const [name, value] of Object.entries(applied as Json)) result[name] = value
    return result
  }
  if (type.kind !== 'list') return applied
  return mergeList(type.items, granularity, live as unknown[], applied as unknown[])
}

/** Applied items come in their own order; the live ones that are not mentioned keep their places among them. */
function mergeList(
  items: FieldType,
  granularity: Granularity,
  live: readonly unknown[],
  applied: readonly unknown[],
): unknown[] {
  const own = itemsByKey(granularity, applied)
  const known = itemsByKey(granularity, live)
  const result: unknown[] = []
  const isOpen = items.kind === 'struct' && granularity !== 'set'
  const merged = (key: string): unknown => {
    const [before, after] = [known.get(key), own.get(key)]
    return isOpen && before !== undefined ? mergeStruct(items.struct, before as Json, after as Json) : after
  }
  const waiting = [...own.keys()]
  for (const item of live) {
    const key = keyOfItem(granularity, item)
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
export function withoutFields(struct: string, object: unknown, fields: FieldSet): unknown {
  return removeFromStruct(struct, object as Json, fields)
}

function removeFromStruct(struct: string, object: Json, fields: FieldSet): Json {
  const result: Json = { ...object }
  for (const [key, inner] of fields.children) {
    const name = key.slice(2)
    if (!(name in result)) continue
    const type = structNamed(struct).fields.get(name)?.type
    if (inner.children.size === 0) delete result[name]
    else if (type) {
      result[name] = removeFromValue(type, granularityOf(struct, name, type), result[name], inner)
      if (inner.isMember && isEmpty(result[name])) delete result[name]
    }
  }
  return result
}

function removeFromValue(type: FieldType, granularity: Granularity, value: unknown, fields: FieldSet): unknown {
  if (type.kind === 'struct') return removeFromStruct(type.struct, value as Json, fields)
  if (type.kind === 'map') {
    const result: Json = { ...(value as Json) }
    for (const [key, inner] of fields.children) if (inner.isMember) delete result[key.slice(2)]
    return result
  }
  if (type.kind !== 'list') return value
  return (value as unknown[]).flatMap(item => {
    const inner = fields.children.get(keyOfItem(granularity, item))
    if (!inner) return [item]
    if (inner.isMember || type.items.kind !== 'struct') return []
    return [removeFromStruct(type.items.struct, item as Json, inner)]
  })
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
