import { ApiError } from '../../api/error.ts'
import { required } from '../../api/fieldError.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Store, Subresource, Writer } from '../store.ts'
import { placeObject, readBody } from './body.ts'
import type { Route } from './route.ts'
import type { Asked } from './server.ts'

/** Server-side apply: makes an object what a manager wants of it, and notes which fields the manager owns. */
export function applyPatch(
  store: Store,
  { body, query }: Asked,
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
  const applied = readBody(body, route, fieldValidation, text => writer.warn?.(text))
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
      readBody(ownership.apply(live, applied, by, force === 'true'), { kind, view: undefined }, 'Ignore', () => {}),
    author,
    subresource,
  )
}
