import { atomic, deduced, type FieldsShape, type Shape, shapeOfStruct } from '../shape.ts'
import { isJsonObject, type JsonSchema, schemaOfOthers } from './jsonSchema.ts'

const metadata = shapeOfStruct('V1ObjectMeta')

/** How server-side apply sees objects that have a schema: what belongs to whom. */
export function shapeOfObject(schema: JsonSchema | undefined): FieldsShape {
  const whole = schema && shapeOfSchema(schema)
  return {
    kind: 'fields',
    field(name) {
      if (name === 'metadata') return metadata
      if (name === 'apiVersion' || name === 'kind') return undefined
      return whole?.kind === 'fields' ? (whole.field(name) ?? whole.others) : deduced
    },
    isAlwaysThere: name => name === 'metadata',
  }
}

function shapeOfSchema(schema: JsonSchema): Shape {
  if (schema.items || schema.type === 'array') return shapeOfList(schema)
  if (schema['x-kubernetes-map-type'] === 'atomic') return atomic
  if (schema['x-kubernetes-embedded-resource']) return shapeOfObject(schema)
  const others = schemaOfOthers(schema)
  if (!schema.properties && others) return { kind: 'map', items: shapeOfSchema(others) }
  if (schema['x-kubernetes-int-or-string']) return atomic
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties === true
  if (!schema.properties) return isOpen || schema.type === 'object' ? deduced : atomic
  return shapeOfFields(schema.properties, others ? shapeOfSchema(others) : isOpen ? deduced : undefined)
}

function shapeOfFields(properties: Readonly<Record<string, JsonSchema>>, others: Shape | undefined): FieldsShape {
  const shapes = new Map<string, Shape>()
  return {
    kind: 'fields',
    field(name) {
      const property = properties[name]
      if (!shapes.has(name) && property) shapes.set(name, shapeOfSchema(property))
      return shapes.get(name)
    },
    ...(others && { others }),
    isAlwaysThere: () => false,
  }
}

function shapeOfList(schema: JsonSchema): Shape {
  const { items = {}, 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [] } = schema
  if (type === 'set') return { kind: 'list', items: atomic, keys: 'set', keyDefaults: {} }
  if (type !== 'map') return atomic
  const keyDefaults: Record<string, unknown> = {}
  for (const key of keys) {
    const value = items.properties?.[key]?.default
    if (value !== undefined && !isJsonObject(value)) keyDefaults[key] = value
  }
  return { kind: 'list', items: shapeOfSchema(items), keys, keyDefaults }
}
