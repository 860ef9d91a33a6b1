import { isJsonObject, type JsonSchema, schemaOfOthers } from '../jsonSchema/jsonSchema.ts'
import type { Quantity } from '../quantity.ts'

/** A value of the language: whole numbers are bigints, others numbers. */
export type Value =
  | string
  | bigint
  | number
  | boolean
  | null
  | readonly Value[]
  | ReadonlyMap<string | bigint | boolean, Value>
  | Optional
  | Duration
  | Timestamp
  | TypeName
  | { readonly quantity: Quantity }
  | { readonly url: { readonly [part: string]: string } }

export type CelMap = ReadonlyMap<string | bigint | boolean, Value>

/** A value that may be absent. */
export class Optional {
  readonly value: Value | undefined
  constructor(value: Value | undefined) {
    this.value = value
  }
}

export class Duration {
  readonly milliseconds: number
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }
}

export class Timestamp {
  readonly milliseconds: number
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }
}

export class TypeName {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** What goes wrong while an expression is worked out. */
export class CelError extends Error {}

/** A JSON value as expressions see it; nulls count as absent, and a schema tells whole numbers from others. */
export function celValue(json: unknown, schema?: JsonSchema): Value {
  if (json === undefined || json === null) return null
  if (typeof json === 'number') return Number.isInteger(json) && schema?.type !== 'number' ? BigInt(json) : json
  if (typeof json === 'string') return textValue(json, schema?.format)
  if (typeof json === 'boolean') return json
  if (Array.isArray(json)) return json.map(item => celValue(item, schema?.items))
  if (!isJsonObject(json)) return null
  const map = new Map<string, Value>()
  const others = schema && schemaOfOthers(schema)
  const isMap = others !== undefined && !schema?.properties
  for (const [name, item] of Object.entries(json))
    if (item !== null) map.set(isMap ? name : escapeName(name), celValue(item, schema?.properties?.[name] ?? others))
  return map
}

function textValue(text: string, format: string | undefined): Value {
  if (format === 'date-time' || format === 'date') {
    const time = Date.parse(text)
    if (!Number.isNaN(time)) return new Timestamp(time)
  }
  if (format === 'duration') return parseDuration(text) ?? text
  return text
}

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
}

/** Reads `1h30m`; undefined for what is no duration. */
export function parseDuration(text: string): Duration | undefined {
  if (!/^[+-]?(0|(\d+(\.\d*)?(h|ms|us|µs|ns|m|s))+)$/.test(text)) return undefined
  let milliseconds = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?)(h|ms|us|µs|ns|m|s)/g))
    milliseconds += Number(amount) * units[unit!]!
  return new Duration(text.startsWith('-') ? -milliseconds : milliseconds)
}

const keywords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** A field's name as expressions write it, when it is no identifier: `my-field` is `my__dash__field`. */
export function escapeName(name: string): string {
  if (keywords.has(name)) return `__${name}__`
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__')
}

/** The name of a value's type, as `type()` gives it. */
export function typeOf(value: Value): string {
  if (value === null) return 'null_type'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'double'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'map'
  if (value instanceof Duration) return 'google.protobuf.Duration'
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp'
  if (value instanceof Optional) return 'optional_type'
  return value instanceof TypeName ? 'type' : 'quantity' in value ? 'kubernetes.Quantity' : 'kubernetes.URL'
}

export function isEqualValue(a: Value, b: Value): boolean {
  // Numbers of different kinds are equal when they mean the same: CrossTypeNumericComparisons.
  if (typeof a === 'bigint' || typeof a === 'number')
    return (typeof b === 'bigint' || typeof b === 'number') && Number(a) === Number(b)
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqualValue(item, b[index]))
  if (a instanceof Map)
    return (
      b instanceof Map &&
      a.size === b.size &&
      [...a].every(([key, item]) => b.has(key) && isEqualValue(item, b.get(key)!))
    )
  if (a instanceof Duration || a instanceof Timestamp)
    return a.constructor === b.constructor && a.milliseconds === (b as Duration).milliseconds
  if (a instanceof TypeName) return b instanceof TypeName && a.name === b.name
  if (a instanceof Optional)
    return (
      b instanceof Optional &&
      (a.value === undefined || b.value === undefined ? a.value === b.value : isEqualValue(a.value, b.value))
    )
  if ('quantity' in a) return 'quantity' in b && a.quantity.compare(b.quantity) === 0
  return JSON.stringify(a) === JSON.stringify(b)
}

/** A value as JSON, as far as JSON has it. */
export function toJson(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), toJson(item)]))
  if (value instanceof Timestamp) return new Date(value.milliseconds).toISOString().replace('.000Z', 'Z')
  if (value instanceof Duration) return `${value.milliseconds / 1000}s`
  return typeof value === 'object' && value !== null && 'quantity' in value ? value.quantity.toString() : value
}
