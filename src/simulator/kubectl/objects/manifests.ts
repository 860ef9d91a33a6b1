import { aggregate, Failure } from '../failure.ts'
import { formatJsonLine, sorted } from '../output/json.ts'
import { type AnyObject, isList } from '../server/object.ts'
import { documentsIn } from './documents.ts'
import type { ManifestSource } from './files.ts'

/** What a manifest must be to be sent: `strict`, `warn`, or not looked at. */
export type Validation = 'strict' | 'warn' | 'ignore'

/** An object from a manifest, or the reason why there is none. */
export type Manifest = { readonly source: string; readonly object: AnyObject } | Failure

/** Reads the objects of a source one after the other, those in lists one by one. */
export async function* manifestsIn(source: ManifestSource, validation?: Validation): AsyncGenerator<Manifest> {
  const documents = documentsIn(await source.read())
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
    yield* decode(next.value, source.name)
  }
}

function* decode(value: unknown, source: string): Generator<Manifest> {
  const unable = (reason: string) => new Failure(`unable to decode ${JSON.stringify(source)}: ${reason}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield unable(`json: cannot unmarshal ${jsonType(value)} into Go value of type unstructured.detector`)
    return
  }
  const object = value as AnyObject
  if (!object.kind) {
    yield unable(`Object 'Kind' is missing in '${formatJsonLine(sorted(object))}'`)
    return
  }
  if (!isList(object) || !object.kind.endsWith('List')) {
    yield { source, object: { ...object, metadata: object.metadata ?? {} } }
    return
  }
  const itemKind = object.kind === 'List' ? undefined : object.kind.slice(0, -'List'.length)
  for (const item of object.items as AnyObject[]) {
    const whole = itemKind
      ? { ...item, apiVersion: item.apiVersion ?? object.apiVersion, kind: item.kind ?? itemKind }
      : item
    yield* decode(whole, source)
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

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
