import type { LabelSelector } from 'kubernetes-types/meta/v1'
import { controllerReference, isControlledBy, type KubernetesObject } from '../../api/object.ts'
import { isEmptySelector, matchesSelector } from '../../api/selector.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { Control } from '../controller.ts'

/**
 * The objects that an owner controls and whose labels its selector matches. Takes over matching ones that nobody
 * controls, and lets go of its own that no longer match.
 */
export function claim<T extends KubernetesObject>(
  { client }: Pick<Control, 'client'>,
  kind: Kind<T>,
  owner: KubernetesObject,
  selector: LabelSelector | undefined,
): T[] {
  const { namespace, uid, deletionTimestamp } = owner.metadata
  const claimed: T[] = []
  for (const object of client.ownedBy(kind, uid)) {
    if (matchesSelector(selector, object.metadata.labels)) claimed.push(object)
    else if (!deletionTimestamp) release(object)
  }
  if (deletionTimestamp || isEmptySelector(selector)) return claimed
  for (const object of client.uncontrolled(kind, namespace!))
    if (matchesSelector(selector, object.metadata.labels) && !object.metadata.deletionTimestamp)
      claimed.push(adopt(object))
  return claimed

  function adopt(object: T): T {
    const ownerReferences = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)]
    return client.patch(kind, object.metadata.name, object.metadata.namespace, { metadata: { ownerReferences } })
  }

  function release(object: T): void {
    const ownerReferences = object.metadata.ownerReferences!.filter(reference => reference.uid !== uid)
    if (isControlledBy(object, owner))
      client.patch(kind, object.metadata.name, object.metadata.namespace, { metadata: { ownerReferences } })
  }
}
