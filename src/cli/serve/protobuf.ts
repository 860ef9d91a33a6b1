import { ApiError } from '../../simulator/cluster/api/error.ts'
import { messages } from './messages.ts'
import { leaves } from './protobufLeaves.ts'
import { ProtobufReader } from './protobufReader.ts'

/** A field of a message, with what its value is made of. */
interface Field {
  /** Empty for a message whose fields JSON shows on the outside. */
  readonly name: string
  readonly type: Type
  readonly isOptional: boolean
}

interface Type {
  readonly form: 'one' | 'list' | 'map' | 'wrapped'
  /** `int`, or the full name of a message: `core/v1.PodSpec`. */
  readonly of: string
}

type Json = Record<string, unknown>

/** What a body in this form begins with, before an envelope of the type and the object. */
const magic = 'k8s\0'

const isPlain = /^(string|int|bool|bytes|double)$/

const table = readTable()

/** Whether a body is in Kubernetes' Protocol Buffers form. */
export function isProtobuf(contentType: string): boolean {
  return contentType.startsWith('application/vnd.kubernetes.protobuf')
}

/** Reads an object in Kubernetes' Protocol Buffers form as the JSON that says the same. */
export function decodeObject(bytes: Uint8Array): unknown {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== magic) throw unreadable('it has no prefix')
  let apiVersion = ''
  let kind = ''
  let raw = new Uint8Array()
  for (const { number, value } of new ProtobufReader(bytes.subarray(4)).fields()) {
    if (number === 1)
      for (const type of new ProtobufReader(value as Uint8Array).fields()) {
        if (type.number === 1) apiVersion = textOf(type.value)
        if (type.number === 2) kind = textOf(type.value)
      }
    if (number === 2) raw = value as Uint8Array<ArrayBuffer>
  }
  const name = [packageOf(apiVersion), 'meta'].map(place => `${place}.${kind}`).find(each => table.has(each))
  if (name === undefined) throw unreadable(`${apiVersion} ${kind} is only read as JSON`)
  return { apiVersion, kind, ...readMessage(name, raw) }
}

/** `core/v1` for `v1`, `rbac/v1` for `rbac.authorization.k8s.io/v1`. */
function packageOf(apiVersion: string): string {
  const [group = '', version] = apiVersion.split('/')
  return version === undefined ? `core/${group}` : `${group.split('.')[0]}/${version}`
}

function readMessage(name: string, bytes: Uint8Array): Json {
  const fields = table.get(name)
  if (!fields) throw unreadable(`unknown message ${name}`)
  const object: Json = {}
  for (const { number, value } of new ProtobufReader(bytes).fields()) {
    const field = fields.get(number)
    if (field) readField(object, field, value)
  }
  return object
}

function readField(object: Json, { name, type, isOptional }: Field, raw: Uint8Array | bigint): void {
  const { form, of } = type
  switch (form) {
    case 'list':
      object[name] = [...((object[name] as unknown[] | undefined) ?? []), readValue(of, raw)]
      return
    case 'map': {
      const entry = readEntry(of, raw as Uint8Array)
      object[name] = { ...(object[name] as Json | undefined), ...entry }
      return
    }
    default: {
      const value = form === 'wrapped' ? readWrapped(of, raw as Uint8Array) : readValue(of, raw)
      if (name === '') Object.assign(object, value)
      // Every plain field is sent, with nothing in it too; only an optional one means what it says then.
      else if (isOptional || form !== 'one' || !isPlain.test(of) || value) object[name] = value
    }
  }
}

function readEntry(of: string, bytes: Uint8Array): Json {
  let key = ''
  const isWrapped = of.startsWith('(')
  let value: unknown = isWrapped ? [] : of === 'string' || of === 'bytes' ? '' : {}
  for (const { number, value: raw } of new ProtobufReader(bytes).fields()) {
    if (number === 1) key = textOf(raw)
    if (number === 2) value = isWrapped ? readWrapped(of.slice(1, -1), raw as Uint8Array) : readValue(of, raw)
  }
  return { [key]: value }
}

function readWrapped(of: string, bytes: Uint8Array): unknown[] {
  return [...new ProtobufReader(bytes).fields()].map(({ value }) => readValue(of, value))
}

function readValue(of: string, raw: Uint8Array | bigint): unknown {
  switch (of) {
    case 'string':
      return textOf(raw)
    case 'int':
      return Number(BigInt.asIntN(64, raw as bigint))
    case 'bool':
      return raw !== 0n
    case 'double':
      return Buffer.from(raw as Uint8Array).readDoubleLE()
    case 'bytes':
      return Buffer.from(raw as Uint8Array).toString('base64')
    default: {
      const leaf = leaves[of.slice(of.lastIndexOf('.') + 1)]
      return leaf && !table.has(of) ? leaf(raw as Uint8Array, readMessage) : readMessage(of, raw as Uint8Array)
    }
  }
}

function readTable(): ReadonlyMap<string, ReadonlyMap<number, Field>> {
  const all = new Map<string, Map<number, Field>>()
  // A message begins at the margin; deeper lines go on with the last one.
  for (const [place, text] of Object.entries(messages))
    for (const line of text
      .replace(/\n {6}/g, ' ')
      .trim()
      .split('\n')) {
      const [name = '', ...words] = line.trim().split(/\s+/)
      const fields = new Map<number, Field>()
      let number = 0
      for (const word of words) {
        const [, at, fieldName = '', type = 'string', mark] =
          /^(?:(\d+)=)?(<|[^:?]+)(?::([^?]+))?(\?)?$/.exec(word) ?? []
        number = at === undefined ? number + 1 : Number(at)
        fields.set(number, {
          name: fieldName === '<' ? '' : fieldName,
          type: readType(type, place),
          isOptional: mark !== undefined,
        })
      }
      all.set(`${place}.${name}`, fields)
    }
  return all
}

function readType(text: string, place: string): Type {
  const [, open = '', of = '', list] = /^([{(]?)(.*?)[)}]?(\*)?$/.exec(text) ?? []
  if (open === '{') return { form: 'map', of: of.startsWith('(') ? `${fullName(of, place)})` : fullName(of, place) }
  return { form: open === '(' ? 'wrapped' : list ? 'list' : 'one', of: fullName(of, place) }
}

function fullName(name: string, place: string): string {
  return name.startsWith('(') || isPlain.test(name) || name.includes('.') ? name : `${place}.${name}`
}

function textOf(raw: Uint8Array | bigint): string {
  return Buffer.from(raw as Uint8Array).toString('utf8')
}

function unreadable(why: string): ApiError {
  return ApiError.unsupportedMediaType(`the body of the request was in an unknown format: ${why}`)
}
