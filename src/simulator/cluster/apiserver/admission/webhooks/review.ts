import type { KubernetesObject } from '../../../api/object.ts'
import type { Kind } from '../../../kinds/kind.ts'
import { identityOf } from '../../authorization.ts'
import type { Attempt } from '../admission.ts'
import type { Operation } from './matching.ts'

/** What a webhook is asked about. */
export interface ReviewRequest {
  readonly uid: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string }
  readonly name?: string
  readonly namespace?: string
  readonly operation: Operation
  readonly userInfo: { readonly username: string; readonly groups: readonly string[] }
  readonly object: KubernetesObject | null
  readonly oldObject: KubernetesObject | null
  readonly dryRun: boolean
}

/** What a webhook answers. */
export interface ReviewResponse {
  readonly uid?: string
  readonly allowed?: boolean
  readonly status?: { readonly code?: number; readonly reason?: string; readonly message?: string }
  readonly patch?: string
  readonly patchType?: string
  readonly warnings?: readonly string[]
}

/** A review of an attempt, as `admission.k8s.io/v1` writes it. */
export function reviewOf(
  { kind, object, previous, writer, connection }: Attempt,
  operation: Operation,
  uid: string,
): ReviewRequest {
  const { group, version } = kind
  const { name, namespace } = object.metadata
  const gvk = { group, version, kind: kind.kind }
  const resource = { group, version, resource: kind.plural }
  const isDeletion = operation === 'DELETE'
  return {
    uid,
    kind: gvk,
    resource,
    ...(connection && { subResource: connection }),
    ...{ requestKind: gvk, requestResource: resource },
    ...(name && { name }),
    ...(kind.namespaced && namespace && { namespace }),
    operation,
    userInfo: { username: writer.user, groups: identityOf(writer.user).groups },
    object: isDeletion ? null : connection ? object : withType(object, kind),
    oldObject: isDeletion ? object : (previous ?? null),
    dryRun: writer.isDryRun ?? false,
    ...{ options: { kind: optionsOf[operation], apiVersion: 'meta.k8s.io/v1' } },
  }
}

const optionsOf = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: 'ConnectOptions',
} as const

function withType(object: KubernetesObject, { group, version, kind }: Kind): KubernetesObject {
  return { ...object, kind, apiVersion: group ? `${group}/${version}` : version }
}
