import { ApiError } from '../../api/error.ts'
import { namespace } from '../../kinds/namespace.ts'
import type { Admission } from './admission.ts'

// Namespaces that the cluster cannot do without.
const immortal = ['default', 'kube-system', 'kube-public']

/** New objects need a namespace that exists and is not being deleted. */
export const namespaceLifecycle: Admission = {
  name: 'NamespaceLifecycle',
  on: ['create', 'delete'],
  handles: () => true,
  admit({ kind, object, store }) {
    if (!kind.namespaced) return
    const name = object.metadata.namespace ?? ''
    const found = store.find(namespace, undefined, name)
    if (!found) throw ApiError.notFound(namespace, name)
    if (found.metadata.deletionTimestamp === undefined) return
    const why = `unable to create new content in namespace ${name} because it is being terminated`
    const message = `namespace ${name} is being terminated`
    throw ApiError.forbidden(kind, object.metadata.name ?? object.metadata.generateName ?? '', why, [
      { reason: 'NamespaceTerminating', message, field: 'metadata.namespace' },
    ])
  },
  check({ kind, object }) {
    const { name, deletionTimestamp } = object.metadata
    if (kind !== namespace || !immortal.includes(name) || deletionTimestamp) return
    const isDeletion = object.metadata.uid !== undefined && object.metadata.resourceVersion !== undefined
    if (isDeletion) throw ApiError.forbidden(namespace, name, 'this namespace may not be deleted')
  },
}
