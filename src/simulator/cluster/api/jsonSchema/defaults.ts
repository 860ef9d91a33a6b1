import { copyOf } from '../copy.ts'
import { isJsonObject, type JsonSchema, schemaOfOthers } from './jsonSchema.ts'

/** Fills in what a schema says of absent fields, and takes out nulls where nothing may be null. Changes the value. */
export function fillIn(value: unknown, schema: JsonSchema | undefined): void {
  if (!schema) return
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (item === null && schema.items?.default !== undefined && !schema.items.nullable)
        value[index] = copyOf(schema.items.default)
      fillIn(value[index], schema.items)
    }
    return
  }
  if (!isJsonObject(value)) return
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isNull = value[name] === null && !property.nullable
    if (property.default !== undefined && (isNull || value[name] === undefined)) value[name] = copyOf(property.default)
    else if (isNull) delete value[name]
    fillIn(value[name], property)
  }
  const others = schemaOfOthers(schema)
  if (!others) return
  for (const [name, item] of Object.entries(value)) {
    if (schema.properties?.[name]) continue
    if (item === null && !others.nullable) {
      if (others.default === undefined) delete value[name]
      else value[name] = copyOf(others.default)
    }
    fillIn(value[name], others)
  }
}
