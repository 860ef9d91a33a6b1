import { decode } from '../../cluster/api/decode.ts'
import { formatJsonLine } from '../../cluster/api/goJson.ts'
import { aggregate, Failure } from '../failure.ts'
import { sorted } from '../output/json.ts'
import { type AnyObject, isList } from '../server/object.ts'
import { documentsIn } from './documents.ts'
import type { ManifestSource } from './files.ts'

/** What a manifest must be to be sent: `strict`, `warn`, or not looked at. */
export type Validation = 'strict' | 'warn' | 'ignore'

/** An object from a manifest, or the reason why there is none. */
export type Manifest = { readonly source: string; readonly object: AnyObject } | Failure

/** Reads the objects of a source one after the other, those in lists one by one. */
export async function* manifestsIn(source: ManifestSource, validation?: Validation): AsyncGenerator<Manifest> {
  let text: string
  try {
    text = await source.read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    yield error
    return
  }
  const documents = documentsIn(text)
  for (;;) {
    let next: IteratorResult<unknown>
    try {
      next = documents.next()
    } catch (error) {
      yield new Failure(`error parsing ${source.name}: ${(error as Error).message}`)
      return
    }
    if (next.done) return
    const problem = validation === undefined || validation === 'ignore' ? undefined : validate(next.value)
    if (problem !== undefined) {
      yield new Failure(`error validating ${JSON.stringify(source.name)}: error validating data: ${problem}`)
      return
    }
    yield* objectsIn(next.value, source.name)
  }
}

function* objectsIn(value: unknown, source: string): Generator<Manifest> {
  const unable = (reason: string) => new Failure(`unable to decode ${JSON.stringify(source)}: ${reason}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield unable(`json: cannot unmarshal ${jsonType(value)} into Go value of type unstructured.detector`)
    return
  }
  const object = value as AnyObject
  if (typeof object.kind !== 'string' || object.kind === '') {
    yield unable(`Object 'Kind' is missing in '${formatJsonLine(sorted(object))}'`)
    return
  }
  if (!isList(object) || !object.kind.endsWith('List')) {
    const problem = mismatchIn(object)
    if (problem !== undefined) {
      yield unable(problem)
      return
    }
    yield { source, object: { ...object, metadata: object.metadata ?? {} } }
    return
  }
  const itemKind = object.kind === 'List' ? undefined : object.kind.slice(0, -'List'.length)
  for (const item of object.items as AnyObject[]) {
    const whole = itemKind
      ? { ...item, apiVersion: item.apiVersion ?? object.apiVersion, kind: item.kind ?? itemKind }
      : item
    yield* objectsIn(whole, source)
  }
}

/** What must be there before the server can look at an object. */
function validate(value: unknown): string | undefined {
  const advice = 'if you choose to ignore these errors, turn validation off with --validate=false'
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `invalid object to validate; ${advice}`
  const { apiVersion, kind } = value as Partial<AnyObject>
  const missing = [...(apiVersion ? [] : ['apiVersion not set']), ...(kind ? [] : ['kind not set'])]
  return missing.length > 0 ? `${aggregate(missing)}; ${advice}` : undefined
}

/** What of the fields that every object has is of a type that it cannot be read as. */
function mismatchIn({ apiVersion, metadata }: { readonly apiVersion: unknown; readonly metadata?: unknown }) {
  const mismatch = (value: unknown, field: string, type: string) =>
    `json: cannot unmarshal ${jsonType(value)} into Go struct field metadataOnlyObject.${field} of type ${type}`
  if (typeof (apiVersion ?? '') !== 'string') return mismatch(apiVersion, 'TypeMeta.apiVersion', 'string')
  if (typeof (metadata ?? {}) !== 'object' || Array.isArray(metadata))
    return mismatch(metadata, 'metadata', 'v1.ObjectMeta')
  try {
    decode({ metadata: metadata ?? {} }, 'V1ConfigMap')
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
