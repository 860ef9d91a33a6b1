import type { Draft, KubernetesObject } from '../api/object.ts'
import type { Client } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'

/** Creates an object unless it is there already. */
export function ensure<T extends KubernetesObject>(client: Client, kind: Kind<T>, object: Draft<T>): void {
  if (!client.get(kind, object.metadata.name!, object.metadata.namespace)) client.create(kind, object)
}
