import { type FieldType, type Struct, structNamed } from './schema.ts'
import { zeroOf } from './zeroValues.ts'

/** Required fields that the real server's types hold as pointers: what is absent stays absent. */
const pointers = new Set(['V1HTTPIngressPath.pathType'])

/**
 * Gives every required field that a request left out the zero value that it has in the real server's types: the empty
 * text, an empty list, a struct of zero values. The `spec` of an object is there even where the schema calls it optional.
 */
export function fillZeroFields(object: object, struct: string): void {
  const type = structNamed(struct)
  const root = object as Record<string, unknown>
  const spec = type.fields.get('spec')
  if (spec?.type.kind === 'struct') root['spec'] ??= {}
  fill(root, type)
}

function fill(value: Record<string, unknown>, struct: Struct): void {
  for (const { name, isRequired, type } of struct.fields.values()) {
    if (value[name] === undefined) {
      if (!isRequired || !isFilled(type) || isPointer(struct, name, type)) continue
      value[name] = zeroOf(type)
    }
    fillInside(value[name], type)
  }
}

function fillInside(value: unknown, type: FieldType): void {
  if (typeof value !== 'object' || value === null) return
  if (type.kind === 'struct') fill(value as Record<string, unknown>, structNamed(type.struct))
  else if ((type.kind === 'list' || type.kind === 'map') && !isPlain(type.items))
    for (const item of Object.values(value)) fillInside(item, type.items)
}

/** Moments, and values of which the schema says nothing, stay absent. */
function isFilled({ kind }: FieldType): boolean {
  return kind !== 'time' && kind !== 'microTime' && kind !== 'fieldsV1' && kind !== 'any'
}

function isPlain({ kind }: FieldType): boolean {
  return kind !== 'struct' && kind !== 'list' && kind !== 'map'
}

function isPointer(struct: Struct, name: string, type: FieldType): boolean {
  return (type.kind === 'struct' && type.struct === 'V1LabelSelector') || pointers.has(`${struct.name}.${name}`)
}
