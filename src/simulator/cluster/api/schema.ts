import { types } from './schema.generated.ts'
import { quantities } from './schemaFacts.ts'

/** What a field may hold. */
export type FieldType =
  | { readonly kind: Scalar }
  | { readonly kind: 'list' | 'map'; readonly items: FieldType }
  | { readonly kind: 'struct'; readonly struct: string }

type Scalar =
  | 'string'
  | 'int32'
  | 'int64'
  | 'number'
  | 'boolean'
  | 'time'
  | 'microTime'
  | 'bytes'
  | 'intOrString'
  | 'quantity'
  | 'fieldsV1'
  | 'any'

export interface Field {
  readonly name: string
  readonly isRequired: boolean
  readonly type: FieldType
}

/** A type of the API by its name in the schema: `V1PodSpec`. */
export interface Struct {
  readonly name: string
  readonly fields: ReadonlyMap<string, Field>
}

// Types are read from their compact text when they are first asked for; what is read never changes.
const known = new Map<string, Struct>()

/** The fields of a type; throws for a name that the schema lacks. */
export function structNamed(name: string): Struct {
  let struct = known.get(name)
  if (!struct) known.set(name, (struct = readStruct(name)))
  return struct
}

/** The name that people and the real server's code give a type: `PodSpec` for `V1PodSpec`. */
export function shortNameOf(struct: string): string {
  return struct.replace(/^[A-Z][a-z]*?V\d(?=[A-Z])|^V\d/, '')
}

function readStruct(name: string): Struct {
  const text = types[name]
  if (text === undefined) throw new Error(`unreachable: the schema has no type ${name}`)
  const fields = new Map<string, Field>()
  for (const part of text.split(' ').filter(Boolean)) {
    const [, field = '', mark, type = ''] = /^(.+?)(!?):(.+)$/.exec(part)!
    const isQuantity = quantities.has(`${name}.${field}`)
    const read = field === 'fieldsV1' ? ({ kind: 'fieldsV1' } as const) : readType(type, isQuantity)
    fields.set(field, { name: field, isRequired: mark === '!', type: read })
  }
  return { name, fields }
}

const scalars: Readonly<Record<string, Scalar>> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  d: 'number',
  b: 'boolean',
  t: 'time',
  m: 'microTime',
  y: 'bytes',
  x: 'intOrString',
  '*': 'any',
}

function readType(text: string, isQuantity: boolean): FieldType {
  if (text[0] === '[') return { kind: 'list', items: readType(text.slice(1), isQuantity) }
  if (text[0] === '{') return { kind: 'map', items: readType(text.slice(1), isQuantity) }
  const scalar = scalars[text]
  if (!scalar) return { kind: 'struct', struct: text }
  return { kind: isQuantity && scalar === 'string' ? 'quantity' : scalar }
}
