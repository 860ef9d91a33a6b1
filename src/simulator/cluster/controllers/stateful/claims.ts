import type { OwnerReference } from 'kubernetes-types/meta/v1'
import { isEqual } from '../../api/equality.ts'
import { controllerReference } from '../../api/object.ts'
import type { Client } from '../../client.ts'
import { persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { StatefulSet } from '../../kinds/statefulSet.ts'
import { claimsOf } from './identity.ts'

/** Makes the claims of a pod belong to the set or to the pod, so that they go when the owner goes; or to nobody. */
export function ownClaims(set: StatefulSet, ordinal: number, member: Pod, isCondemned: boolean, client: Client): void {
  const { namespace } = set.metadata
  const wanted = ownerOf(set, member, isCondemned)
  for (const { metadata } of claimsOf(set, ordinal)) {
    const claim = client.get(persistentVolumeClaim, metadata.name!, namespace)
    if (!claim) continue
    const before = claim.metadata.ownerReferences ?? []
    const others = before.filter(({ uid }) => uid !== set.metadata.uid && uid !== member.metadata.uid)
    const ownerReferences = wanted ? [...others, wanted] : others
    if (!isEqual(before, ownerReferences))
      client.patch(persistentVolumeClaim, metadata.name!, namespace, {
        metadata: { ownerReferences: ownerReferences.length > 0 ? ownerReferences : null },
      })
  }
}

function ownerOf(set: StatefulSet, member: Pod, isCondemned: boolean): OwnerReference | undefined {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  if (isCondemned && whenScaled === 'Delete')
    return { apiVersion: 'v1', kind: 'Pod', name: member.metadata.name, uid: member.metadata.uid }
  return whenDeleted === 'Delete' ? controllerReference(set) : undefined
}
