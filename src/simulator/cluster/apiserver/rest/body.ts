import { decode } from '../../api/decode.ts'
import { ApiError } from '../../api/error.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { schemaNameOf } from '../../api/schemaName.ts'
import { fillZeroFields } from '../../api/zeroFields.ts'
import { apiVersionOf } from '../../kinds/kind.ts'
import type { Writer } from '../store.ts'
import type { Route } from './route.ts'
import type { Asked } from './server.ts'

/** Reads a whole object: what it leaves out of what is required has zero values. */
export function readObject(
  body: unknown,
  route: Pick<Route, 'kind' | 'view'>,
  validation: string | undefined,
  warn: (text: string) => void,
  duplicates: readonly string[] = [],
): KubernetesObject {
  const object = readFields(body, route, validation, warn, duplicates)
  const { kind } = route
  if (!kind.custom) fillZeroFields(object, kind.schema ?? schemaNameOf(kind))
  return object
}

/** Reads the object that a request brings, or another in its place, as strictly as the request asks for. */
export function readAsked(
  asked: Pick<Asked, 'body' | 'query' | 'duplicates'>,
  route: Pick<Route, 'kind' | 'view'>,
  writer: Writer,
  body = asked.body,
): KubernetesObject {
  return readObject(body, route, asked.query['fieldValidation'], text => writer.warn?.(text), asked.duplicates)
}

/** Takes a request's object apart by its kind's schema: unknown fields are refused, told of or left out. */
export function readFields(
  body: unknown,
  { kind: stored, view }: Pick<Route, 'kind' | 'view'>,
  validation: string | undefined,
  warn: (text: string) => void,
  duplicates: readonly string[] = [],
): KubernetesObject {
  const kind = view ?? stored
  const refuse = (why: string) =>
    ApiError.badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${why}`)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuse('json: cannot unmarshal')
  const { apiVersion, kind: name } = body as Partial<KubernetesObject>
  if ((name && name !== kind.kind) || (apiVersion && apiVersion !== apiVersionOf(kind)))
    throw ApiError.badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(kind)})`,
    )
  try {
    const { value, complaints: unknown } = kind.custom?.decode(body) ?? decode(body, kind.schema ?? schemaNameOf(kind))
    const complaints = [...unknown, ...duplicates]
    if (complaints.length > 0 && validation === 'Strict')
      throw refuse(`strict decoding error: ${complaints.join(', ')}`)
    if (validation !== 'Ignore') for (const complaint of complaints) warn(complaint)
    const object = (view?.view ? view.view.toStored(value as never) : value) as KubernetesObject
    object.metadata ??= {} as KubernetesObject['metadata']
    return object
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw refuse(error instanceof Error ? error.message : String(error))
  }
}

/** The namespace and name of a request's object must agree with its address. */
export function placeObject(object: KubernetesObject, { kind, namespace, name }: Route): void {
  const { metadata } = object
  if (kind.namespaced) {
    if (metadata.namespace && namespace && metadata.namespace !== namespace)
      throw ApiError.badRequest('the namespace of the provided object does not match the namespace sent on the request')
    metadata.namespace = namespace ?? metadata.namespace ?? 'default'
  }
  if (name !== undefined) {
    if (metadata.name && metadata.name !== name)
      throw ApiError.badRequest(
        `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
      )
    metadata.name = name
  }
}
