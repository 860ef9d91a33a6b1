import type { Client } from '../../client.ts'
import type { Node } from '../../kinds/node.ts'
import { persistentVolume } from '../../kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import { claimReference, findVolume, selectedNode } from '../../kinds/storage/matching.ts'
import { claimsOf } from '../match/claims.ts'

/** Reserves volumes for the claims of a pod that wait for its node, or asks for new ones; false when there are none. */
export function reserveVolumes(pod: Pod, node: Node, client: Client): boolean {
  let isAny = false
  for (const { claim } of claimsOf(pod, client)) {
    if (!claim || claim.spec.volumeName) continue
    isAny = true
    const { name, namespace } = claim.metadata
    const volume = findVolume(claim, client.list(persistentVolume), node)
    if (volume)
      client.patch(persistentVolume, volume.metadata.name, undefined, {
        metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
        spec: { claimRef: claimReference(claim) },
      })
    else
      client.patch(persistentVolumeClaim, name, namespace, {
        metadata: { annotations: { [selectedNode]: node.metadata.name } },
      })
  }
  return isAny
}

/** Whether every claim of a pod has its volume. */
export function hasAllVolumes(pod: Pod, client: Client): boolean {
  return claimsOf(pod, client).every(({ claim }) => claim?.spec.volumeName && claim.status?.phase === 'Bound')
}

/** Whether a provisioner has given up on the node: it takes the annotation away. */
export function isGivenUp(pod: Pod, client: Client): boolean {
  return claimsOf(pod, client).some(
    ({ claim }) => claim && !claim.spec.volumeName && !claim.metadata.annotations?.[selectedNode] && !isReserved(),
  )

  function isReserved(): boolean {
    const uids = new Set(claimsOf(pod, client).map(({ claim }) => claim?.metadata.uid))
    return client.list(persistentVolume).some(({ spec }) => spec.claimRef?.uid && uids.has(spec.claimRef.uid))
  }
}
