import { ProtobufReader } from './protobufReader.ts'

/** Reads a message by its full name. */
type Read = (name: string, bytes: Uint8Array) => unknown

const schema = 'apiextensions/v1.JSONSchemaProps'

/** Messages that are something else than an object with the same fields in JSON. */
export const leaves: Readonly<Record<string, (bytes: Uint8Array, read: Read) => unknown>> = {
  Time: bytes => time(bytes)?.replace(/\.\d+Z$/, 'Z') ?? null,
  MicroTime: bytes => time(bytes) ?? null,
  Quantity: bytes => text(bytes, 1),
  IntOrString: bytes => (number(bytes, 1) === 1n ? text(bytes, 3) : Number(BigInt.asIntN(32, number(bytes, 2)))),
  RawExtension: bytes => JSON.parse(text(bytes, 1) || 'null'),
  JSON: bytes => JSON.parse(text(bytes, 1) || 'null'),
  JSONSchemaPropsOrArray(bytes, read) {
    const [one] = all(bytes, 1)
    return one ? read(schema, one) : all(bytes, 2).map(each => read(schema, each))
  },
  JSONSchemaPropsOrBool(bytes, read) {
    const [one] = all(bytes, 2)
    return one ? read(schema, one) : number(bytes, 1) !== 0n
  },
  JSONSchemaPropsOrStringArray(bytes, read) {
    const [one] = all(bytes, 1)
    return one ? read(schema, one) : all(bytes, 2).map(each => Buffer.from(each).toString('utf8'))
  },
  FieldsV1: bytes => JSON.parse(text(bytes, 1) || '{}'),
}

/** Seconds and nanoseconds since 1970; none means no time. */
function time(bytes: Uint8Array): string | undefined {
  const seconds = Number(BigInt.asIntN(64, number(bytes, 1)))
  const micros = Math.floor(Number(number(bytes, 2)) / 1000)
  // Go's zero time is that of the year 1.
  if ((seconds === 0 && micros === 0) || seconds === -62_135_596_800) return undefined
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, `.${String(micros).padStart(6, '0')}Z`)
}

function number(bytes: Uint8Array, wanted: number): bigint {
  for (const field of new ProtobufReader(bytes).fields()) if (field.number === wanted) return field.value as bigint
  return 0n
}

function text(bytes: Uint8Array, wanted: number): string {
  for (const field of new ProtobufReader(bytes).fields())
    if (field.number === wanted) return Buffer.from(field.value as Uint8Array).toString('utf8')
  return ''
}

/** What stands in a field as often as it stands there. */
function all(bytes: Uint8Array, wanted: number): Uint8Array[] {
  return [...new ProtobufReader(bytes).fields()].flatMap(({ number: at, value }) =>
    at === wanted ? [value as Uint8Array] : [],
  )
}
