/** What a value must look like, as a Go type tells it. */
export type Shape =
  | 'string'
  | 'bool'
  | 'int'
  | 'int64'
  | 'any'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | {
      readonly struct: string
      readonly fields: Readonly<Record<string, Shape>>
      /** Fields that come from types inside the type, by the path to them. */
      readonly embedded?: Readonly<Record<string, readonly string[]>>
    }

/** Brings a JSON value into a shape as Go's encoding/json does with unknown fields refused; throws its words. */
export function decodeStrictly(value: unknown, shape: Shape, goPackage: string): unknown {
  return decode(value, shape, { goPackage, struct: '', path: [] })
}

interface Place {
  readonly goPackage: string
  readonly struct: string
  readonly path: readonly string[]
}

function decode(value: unknown, shape: Shape, place: Place): unknown {
  if (value === null || value === undefined) return undefined
  if (shape === 'any') return value
  if (typeof shape === 'string') {
    if (isOf(shape, value)) return value
    throw mismatch(value, shape, place)
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw mismatch(value, shape, place)
    return value.map(item => decode(item, shape.list, place) ?? zero(shape.list))
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(value, shape, place)
  const entries = Object.entries(value)
  if ('map' in shape) {
    return Object.fromEntries(entries.map(([key, item]) => [key, decode(item, shape.map, place) ?? zero(shape.map)]))
  }
  const fields: Record<string, unknown> = {}
  for (const [key, item] of entries) {
    const name = fieldNamed(shape.fields, key)
    const inner = { ...place, struct: shape.struct, path: [...place.path, ...pathTo(name, shape)] }
    const decoded = decode(item, shape.fields[name]!, inner)
    if (decoded !== undefined) fields[name] = decoded
  }
  return fields
}

/** Go finds fields without regard to upper and lower case. */
function fieldNamed(fields: Readonly<Record<string, Shape>>, key: string): string {
  if (Object.hasOwn(fields, key)) return key
  const found = Object.keys(fields).find(name => name.toLowerCase() === key.toLowerCase())
  if (found === undefined) throw new Error(`json: unknown field ${JSON.stringify(key)}`)
  return found
}

function pathTo(name: string, shape: Extract<Shape, { struct: string }>): string[] {
  const inside = Object.entries(shape.embedded ?? {}).find(([, names]) => names.includes(name))
  return inside ? [inside[0], name] : [name]
}

function isOf(shape: 'string' | 'bool' | 'int' | 'int64', value: unknown): boolean {
  if (shape === 'string') return typeof value === 'string'
  return shape === 'bool' ? typeof value === 'boolean' : Number.isInteger(value)
}

function zero(shape: Shape): unknown {
  if (shape === 'string') return ''
  if (shape === 'bool') return false
  return typeof shape === 'object' && 'struct' in shape ? {} : null
}

function mismatch(value: unknown, shape: Shape, { goPackage, struct, path }: Place): Error {
  const given = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  const shown = typeof value === 'number' && shape !== 'string' && shape !== 'bool' ? `number ${value}` : given
  const where = struct ? `struct field ${struct}.${path.join('.')} of` : 'value of'
  return new Error(
    `json: cannot unmarshal ${typeof shape === 'object' ? given : shown} into Go ${where} type ${goType(shape, goPackage)}`,
  )
}

function goType(shape: Shape, goPackage: string): string {
  if (typeof shape === 'string') return shape === 'any' ? 'interface {}' : shape
  if ('list' in shape) return `[]${goType(shape.list, goPackage)}`
  return 'map' in shape ? `map[string]${goType(shape.map, goPackage)}` : `${goPackage}.${shape.struct}`
}
