import { ApiError } from '../../api/error.ts'
import { required } from '../../api/fieldError.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Store, Subresource, Writer } from '../store.ts'
import { placeObject, readFields, readObject } from './body.ts'
import type { Route } from './route.ts'
import type { Asked } from './server.ts'

/** What nobody knows cannot be owned, whatever the client says of field validation. */
function undeclared({ apiVersion, kind, metadata }: KubernetesObject, unknown: readonly string[]): ApiError {
  const lines = unknown.map(text => `.${text.replace(/^unknown field "(.*)"$/, '$1')}: field not declared in schema`)
  const list = lines.length === 1 ? lines[0]! : `errors:\n${lines.map(line => `  ${line}`).join('\n')}`
  const type = `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`
  const message = `failed to create typed patch object (${metadata.namespace ?? ''}/${metadata.name}; ${type}): ${list}`
  return new ApiError(500, undefined, message)
}

/** Server-side apply: makes an object what a manager wants of it, and notes which fields the manager owns. */
export function applyPatch(
  store: Store,
  { body, query, duplicates }: Asked,
  route: Route,
  writer: Writer,
  subresource: Subresource | undefined,
): KubernetesObject {
  const { kind, namespace, name = '' } = route
  const { fieldManager, force, fieldValidation } = query
  if (!fieldManager)
    throw ApiError.invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      required('fieldManager', 'is required for apply patch'),
    ])
  if (duplicates?.length && fieldValidation === 'Strict')
    throw ApiError.badRequest(`error strict decoding YAML: error converting YAML to JSON: ${duplicates.join(', ')}`)
  for (const text of duplicates ?? []) writer.warn?.(text)
  const unknown: string[] = []
  const applied = readFields(body, route, 'Warn', text => unknown.push(text))
  if (unknown.length > 0) throw undeclared(applied, unknown)
  placeObject(applied, route)
  if (applied.metadata.managedFields?.length) throw ApiError.badRequest('metadata.managedFields must be nil')
  const author = { ...writer, manager: fieldManager, applied }
  if (!store.find(kind, namespace, name)) {
    if (applied.metadata.uid)
      throw ApiError.conflict(
        kind,
        name,
        `uid mismatch: the provided object specified uid ${applied.metadata.uid}, and no existing object was found`,
      )
    return store.create(kind, applied, author)
  }
  const { ownership } = store.entry(kind, namespace, name)
  const by = {
    manager: fieldManager,
    operation: 'Apply',
    subresource: subresource ?? '',
    time: store.timestamp,
  } as const
  return store.update(
    kind,
    namespace,
    name,
    live =>
      readObject(ownership.apply(live, applied, by, force === 'true'), { kind, view: undefined }, 'Ignore', () => {}),
    author,
    subresource,
  )
}
