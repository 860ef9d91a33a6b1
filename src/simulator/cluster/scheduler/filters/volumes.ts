import type { Client } from '../../client.ts'
import type { Node } from '../../kinds/node.ts'
import { type PersistentVolume, persistentVolume } from '../../kinds/persistentVolume.ts'
import type { PersistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import { findVolume, isReachable } from '../../kinds/storage/matching.ts'
import { defineFilter } from '../filter.ts'
import { type ClaimOfPod, claimsOf, isProvisioned } from '../match/claims.ts'

interface Prepared {
  readonly bound: readonly PersistentVolume[]
  /** Claims that get a volume once the pod has a node. */
  readonly waiting: readonly PersistentVolumeClaim[]
  readonly isLost: boolean
  readonly client: Client
  readonly volumes: readonly PersistentVolume[]
}

/** Claims that a pod mounts must exist and have a volume that the node can reach, or wait for the pod to get one. */
export const volumes = defineFilter<Prepared>({
  name: 'VolumeBinding',
  prepare(pod, { client }) {
    const claims = claimsOf(pod, client)
    if (claims.length === 0) return { skip: true }
    const refusal = refusalOf(pod, claims)
    if (refusal !== undefined) return { refusal }
    const bound: PersistentVolume[] = []
    let isLost = false
    for (const { claim } of claims) {
      const name = claim!.spec.volumeName
      const volume = name ? client.get(persistentVolume, name) : undefined
      if (volume) bound.push(volume)
      else if (name) isLost = true
    }
    const waiting = claims.flatMap(({ claim }) => (claim!.spec.volumeName ? [] : [claim!]))
    const volumes = waiting.length > 0 ? client.list(persistentVolume) : []
    return { prepared: { bound, waiting, isLost, client, volumes } }
  },
  check(_, { node }, { bound, waiting, isLost, client, volumes: all }) {
    const reasons: string[] = []
    if (isLost) reasons.push('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)')
    if (!bound.every(volume => isReachable(volume, node)))
      reasons.push("node(s) didn't match PersistentVolume's node affinity")
    if (!canBindAll(waiting, all, node, client))
      reasons.push("node(s) didn't find available persistent volumes to bind")
    return reasons.length > 0 ? { reasons } : undefined
  },
})

function refusalOf({ metadata }: Pod, claims: readonly ClaimOfPod[]): string | undefined {
  for (const { name, claim, isEphemeral } of claims) {
    if (!claim && isEphemeral)
      return `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
    if (!claim) return `persistentvolumeclaim "${name}" not found`
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`
    if (isEphemeral && !claim.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
      return `PVC ${metadata.namespace}/${name} was not created for pod ${metadata.namespace}/${metadata.name} (pod is not owner)`
  }
  const isUnbound = claims.some(({ claim, waitsForPod }) => !claim!.spec.volumeName && !waitsForPod)
  return isUnbound ? 'pod has unbound immediate PersistentVolumeClaims' : undefined
}

/** Every claim takes a volume of its own, or has one made for it. */
function canBindAll(
  claims: readonly PersistentVolumeClaim[],
  all: readonly PersistentVolume[],
  node: Node,
  client: Client,
): boolean {
  let left = all
  return claims.every(claim => {
    const volume = findVolume(claim, left, node)
    if (!volume) return isProvisioned(claim, node, client)
    left = left.filter(other => other !== volume)
    return true
  })
}
