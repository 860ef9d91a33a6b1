import { corruptByte } from './base64.ts'
import { Quantity } from './quantity.ts'
import { type Field, type FieldType, type Struct, shortNameOf, structNamed } from './schema.ts'
import { nestedSchemas } from './schemaFacts.ts'
import { namedTypes } from './schemaWords.ts'
import { vanishes, zeroOf } from './zeroValues.ts'

/** What is read from a request: the value in its proper form, and the fields that nobody knows. */
export interface Decoded {
  readonly value: unknown
  /** `unknown field "spec.foo"`. */
  readonly complaints: readonly string[]
}

/**
 * Reads a JSON value as a type of the API: nulls and empty values are left out as the real server leaves them out.
 * Throws an Error with the words of Go's decoder when a value is of another type. `path` is where the value stands.
 */
export function decode(value: unknown, struct: string, path = ''): Decoded {
  const reader = new Reader()
  const decoded = reader.readStruct(value, structNamed(struct), '', path)
  if (reader.mismatch) throw new Error(reader.mismatch)
  return { value: decoded, complaints: reader.complaints }
}

/** Where the reader stands, in the words of error messages. */
interface Place {
  /** The last type with fields, by its short name. */
  readonly struct: string
  /** The fields on the way, without positions: `spec.containers.ports`. */
  readonly fields: string
  /** The same with positions: `spec.containers[0].ports[1]`. */
  readonly path: string
  /** The type of the field and its name in the schema, for types with names of their own. */
  readonly key: string
}

class Reader {
  readonly complaints: string[] = []
  /** Only the first value of a wrong type is told. */
  mismatch: string | undefined

  readStruct(value: unknown, struct: Struct, fields: string, path = fields, place?: Place): unknown {
    if (!isMap(value)) return this.#refuse(value, `v1.${shortNameOf(struct.name)}`, place)
    const result: Record<string, unknown> = {}
    for (const name of Object.keys(value).sort()) {
      const field = struct.fields.get(name)
      const fieldPath = path ? `${path}.${name}` : name
      if (!field) {
        this.complaints.push(`unknown field ${JSON.stringify(fieldPath)}`)
        continue
      }
      const item = value[name]
      if (item === null || item === undefined) continue
      const inner: Place = {
        struct: shortNameOf(struct.name),
        fields: fields ? `${fields}.${name}` : name,
        path: fieldPath,
        key: `${struct.name}.${name}`,
      }
      const read = this.#read(item, field.type, inner)
      if (read !== undefined && (field.isRequired || !isOmitted(read, field, inner.key))) result[name] = read
    }
    return result
  }

  #read(value: unknown, type: FieldType, place: Place): unknown {
    switch (type.kind) {
      case 'struct':
        return this.readStruct(value, structNamed(type.struct), place.fields, place.path, place)
      case 'list':
        if (!Array.isArray(value)) return this.#refuse(value, goTypeOf(type, place.key), place)
        return value.map((item, index) => {
          const read = this.#read(item ?? zeroOf(type.items), type.items, { ...place, path: `${place.path}[${index}]` })
          return read ?? null
        })
      case 'map':
        return this.#readMap(value, type, place)
      case 'any': {
        const struct = isMap(value) ? nestedSchemas[place.key] : undefined
        return struct ? this.readStruct(value, structNamed(struct), place.fields, place.path, place) : value
      }
      case 'fieldsV1':
        return value
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#refuse(value, 'bool', place)
      case 'int32':
      case 'int64':
        return this.#readInteger(value, type.kind, place)
      case 'number':
        return typeof value === 'number' ? value : this.#refuse(value, 'float64', place)
      case 'intOrString':
        if (typeof value === 'string') return value
        if (typeof value === 'number' && Number.isInteger(value)) return value
        throw new Error(`json: cannot unmarshal ${describe(value)} into Go value of type int32`)
      case 'quantity':
        return readQuantity(value)
      case 'time':
      case 'microTime':
        return readTime(value)
      case 'bytes':
        return this.#readBytes(value, place)
      default:
        return typeof value === 'string' ? value : this.#refuse(value, goTypeOf(type, place.key), place)
    }
  }

  #readMap(value: unknown, type: FieldType & { items: FieldType }, place: Place): unknown {
    if (!isMap(value)) return this.#refuse(value, goTypeOf(type, place.key), place)
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(value).sort()) {
      const item = value[key] ?? zeroOf(type.items)
      result[key] = this.#read(item, type.items, { ...place, path: `${place.path}.${key}` })
    }
    return result
  }

  #readInteger(value: unknown, kind: 'int32' | 'int64', place: Place): unknown {
    const limit = kind === 'int32' ? 2 ** 31 : 2 ** 63
    const isFine = typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit
    return isFine ? value : this.#refuse(value, kind, place, typeof value === 'number' ? ` ${value}` : '')
  }

  #readBytes(value: unknown, place: Place): unknown {
    if (typeof value !== 'string') return this.#refuse(value, '[]uint8', place)
    const text = value.replace(/[\r\n]/g, '')
    const corrupt = corruptByte(text)
    if (corrupt !== undefined) throw new Error(`illegal base64 data at input byte ${corrupt}`)
    return text
  }

  #refuse(value: unknown, type: string, place: Place | undefined, detail = ''): undefined {
    const target = place ? `Go struct field ${place.struct}.${place.fields}` : 'Go value'
    this.mismatch ??= `json: cannot unmarshal ${describe(value)}${detail} into ${target} of type ${type}`
    return undefined
  }
}

/** Quantities may be written as numbers; they are kept as text. */
function readQuantity(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new Error("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
  return Quantity.parse(String(value).trim()).toString()
}

/** Times must be RFC 3339; the message is that of Go's time package for the first part that does not fit. */
function readTime(value: unknown): string {
  if (typeof value !== 'string')
    throw new Error(`json: cannot unmarshal ${describe(value)} into Go value of type string`)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return value
  const layouts = ['2006', '-', '01', '-', '02', 'T', '15', ':', '04', ':', '05', 'Z07:00']
  let rest = value
  for (const part of layouts) {
    const match = (
      /^\d/.test(part) ? new RegExp(`^\\d{${part.length}}`) : part.length === 1 ? new RegExp(`^${part}`) : /^(Z|[+-])/
    ).exec(rest)
    if (!match) {
      const quoted = JSON.stringify(value)
      throw new Error(
        `parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`,
      )
    }
    rest = rest.slice(match[0].length)
  }
  return value
}

/** Empty values of fields that Go's encoder leaves out. */
function isOmitted(value: unknown, field: Field, key: string): boolean {
  if (field.type.kind === 'any') return false
  if (field.type.kind === 'list') return (value as unknown[]).length === 0
  if (field.type.kind === 'map') return Object.keys(value as object).length === 0
  return vanishes(value, key)
}

function goTypeOf(type: FieldType, key: string): string {
  switch (type.kind) {
    case 'list':
      return `[]${goTypeOf(type.items, key)}`
    case 'map':
      return type.items.kind === 'quantity' ? 'v1.ResourceList' : `map[string]${goTypeOf(type.items, key)}`
    case 'struct':
      return `v1.${shortNameOf(type.struct)}`
    case 'boolean':
      return 'bool'
    case 'bytes':
      return '[]uint8'
    case 'intOrString':
      return 'intstr.IntOrString'
    case 'quantity':
      return 'resource.Quantity'
    case 'string':
      return namedTypes[key] ?? 'string'
    default:
      return type.kind
  }
}

/** A value as Go's decoder calls it. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return value === null ? 'null' : typeof value
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
