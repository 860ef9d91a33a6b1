import { isEqual } from '../equality.ts'
import { duplicate, type FieldError } from '../fieldError.ts'
import { isJsonObject, type JsonObject, type JsonSchema, schemaOfOthers } from './jsonSchema.ts'

/** Items that stand twice in lists whose items are told apart by value or by key. */
export function validateLists(value: unknown, schema: JsonSchema | undefined, path = ''): FieldError[] {
  if (!schema) return []
  if (Array.isArray(value)) {
    const inner = value.flatMap((item, index) => validateLists(item, schema.items, `${path}[${index}]`))
    return [...duplicates(value, schema, path), ...inner]
  }
  if (!isJsonObject(value)) return []
  const others = schemaOfOthers(schema)
  return Object.keys(value)
    .sort()
    .flatMap(name => {
      const property = schema.properties?.[name]
      if (property) return validateLists(value[name], property, path ? `${path}.${name}` : name)
      return others ? validateLists(value[name], others, `${path}[${name}]`) : []
    })
}

function duplicates(value: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return []
  const names = schema['x-kubernetes-list-map-keys'] ?? []
  const keys = value.map(item => (type === 'map' && isJsonObject(item) ? keysOf(item, names) : item))
  return keys.flatMap((key, index) =>
    keys.slice(0, index).some(other => isEqual(other, key)) ? [duplicate(`${path}[${index}]`, key)] : [],
  )
}

function keysOf(item: JsonObject, names: readonly string[]): JsonObject {
  const keys: JsonObject = {}
  for (const name of [...names].sort()) if (item[name] !== undefined) keys[name] = item[name]
  return keys
}

/** The item that had the same keys before, in lists whose items have keys. */
export function counterpartOf(item: unknown, previous: unknown, schema: JsonSchema): unknown {
  const names = schema['x-kubernetes-list-map-keys']
  if (schema['x-kubernetes-list-type'] !== 'map' || !names || !isJsonObject(item) || !Array.isArray(previous))
    return undefined
  const keys = keysOf(item, names)
  return previous.find(other => isJsonObject(other) && isEqual(keysOf(other, names), keys))
}
