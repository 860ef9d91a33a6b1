import type { ApiResponse } from '../../simulator/cluster/client.ts'

const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

type Json = Readonly<Record<string, unknown>>

/** Documents that are made once and asked for often. */
export class OpenApiForms {
  readonly #encoded = new WeakMap<object, Buffer>()

  /** The answer in the form that the client asks for. */
  inForm(answer: ApiResponse, path: string, accept: string): ApiResponse {
    const { body, status } = answer
    const isAsked = path === '/openapi/v2' && accept.includes('proto-openapi.spec.v2')
    if (!isAsked || status !== 200 || typeof body !== 'object' || body === null) return answer
    const encoded = this.#encoded.get(body) ?? encodeOpenApi(body as Json)
    this.#encoded.set(body, encoded)
    return { ...answer, headers: { ...answer.headers, 'content-type': protobufType }, body: encoded }
  }
}

/**
 * The OpenAPI v2 document of a server in Protocol Buffers form: field numbers are those of OpenAPIv2.proto in
 * github.com/google/gnostic-models.
 * Simplified: responses and security are left out; no Kubernetes client reads them there.
 */
export function encodeOpenApi(document: Json): Buffer {
  const { swagger, paths = {}, definitions = {} } = document as { swagger: string; paths?: Json; definitions?: Json }
  const info = document['info'] as { title: string; version: string }
  return message(
    text(1, swagger),
    part(2, text(1, info.title), text(2, info.version)),
    part(8, ...entries(paths, 2, pathItem)),
    part(9, ...entries(definitions, 1, schema)),
  )
}

const operations: Readonly<Record<string, number>> = {
  get: 2,
  put: 3,
  post: 4,
  delete: 5,
  options: 6,
  head: 7,
  patch: 8,
}

function pathItem(item: Json): Buffer[] {
  return Object.entries(operations).flatMap(([method, number]) => {
    const operation = item[method] as Json | undefined
    return operation ? [part(number, ...operationFields(operation))] : []
  })
}

function operationFields(operation: Json): Buffer[] {
  const parameters = (operation['parameters'] ?? []) as readonly Json[]
  return [
    ...texts(6, operation['produces']),
    ...texts(7, operation['consumes']),
    ...parameters.map(parameter => part(8, part(1, ...parameterFields(parameter)))),
    ...extensions(operation, 13),
  ]
}

/** A body, or something in the query or the path; the two have the same fields with other numbers. */
function parameterFields(parameter: Json): Buffer[] {
  const { name, required, type, uniqueItems } = parameter
  const place = parameter['in']
  if (place === 'body')
    return [part(1, text(2, name), text(3, place), flag(4, required), part(5, ...schema(parameter['schema'] as Json)))]
  const common = [flag(1, required), text(2, place), text(4, name)]
  return place === 'path'
    ? [part(2, part(4, ...common, text(5, type), flag(19, uniqueItems)))]
    : [part(2, part(3, ...common, text(6, type), flag(20, uniqueItems)))]
}

function schema(value: Json): Buffer[] {
  const additional = value['additionalProperties'] as Json | boolean | undefined
  const type = value['type']
  const items = value['items'] as Json | undefined
  return [
    text(1, value['$ref']),
    text(2, value['format']),
    text(3, value['title']),
    text(4, value['description']),
    ...(value['default'] === undefined ? [] : [part(5, any(value['default']))]),
    text(13, value['pattern']),
    ...texts(19, value['required']),
    ...((value['enum'] ?? []) as readonly unknown[]).map(one => part(20, any(one))),
    ...(additional === undefined
      ? []
      : [part(21, typeof additional === 'boolean' ? flag(2, additional) : part(1, ...schema(additional)))]),
    ...(type === undefined ? [] : [part(22, ...texts(1, [type].flat()))]),
    ...(items ? [part(23, part(1, ...schema(items)))] : []),
    ...((value['allOf'] ?? []) as readonly Json[]).map(one => part(24, ...schema(one))),
    ...(value['properties'] ? [part(25, ...entries(value['properties'] as Json, 1, schema))] : []),
    ...extensions(value, 31),
  ]
}

/** Members of a map as messages of a name and a value. */
function entries(map: Json, number: number, fields: (value: Json) => Buffer[]): Buffer[] {
  return Object.entries(map).map(([name, value]) => part(number, text(1, name), part(2, ...fields(value as Json))))
}

/** What Kubernetes adds to the standard, such as `x-kubernetes-group-version-kind`. */
function extensions(value: Json, number: number): Buffer[] {
  return Object.entries(value)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, each]) => part(number, text(1, name), part(2, any(each))))
}

/** Any value: as YAML, of which JSON is a kind. */
function any(value: unknown): Buffer {
  return text(2, `${JSON.stringify(value)}\n`)
}

function texts(number: number, values: unknown): Buffer[] {
  return ((values ?? []) as readonly unknown[]).map(value => text(number, value))
}

function text(number: number, value: unknown): Buffer {
  return value === undefined ? nothing : field(number, Buffer.from(String(value)))
}

function flag(number: number, value: unknown): Buffer {
  return value === true ? Buffer.concat([varint(number << 3), varint(1)]) : nothing
}

function part(number: number, ...fields: readonly Buffer[]): Buffer {
  return field(number, message(...fields))
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields)
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

const nothing = Buffer.alloc(0)
