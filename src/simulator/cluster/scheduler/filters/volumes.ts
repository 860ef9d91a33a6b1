import { matchesNodeTerm } from '../../api/nodeSelector.ts'
import type { Client } from '../../client.ts'
import { type PersistentVolume, persistentVolume } from '../../kinds/persistentVolume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import { storageClass } from '../../kinds/storageClass.ts'
import { defineFilter } from '../filter.ts'

/** Claims that a pod mounts must exist and, unless they wait for a pod, be bound to a volume that the node can reach. */
export const volumes = defineFilter<readonly PersistentVolume[]>({
  name: 'VolumeBinding',
  prepare(pod, { client }) {
    const names = claimNames(pod)
    if (names.length === 0) return { skip: true }
    const prepared: PersistentVolume[] = []
    for (const name of names) {
      const claim = client.get(persistentVolumeClaim, name, pod.metadata.namespace)
      if (!claim) return { refusal: `persistentvolumeclaim "${name}" not found` }
      if (claim.metadata.deletionTimestamp) return { refusal: `persistentvolumeclaim "${name}" is being deleted` }
      const volume = claim.spec.volumeName ? client.get(persistentVolume, claim.spec.volumeName) : undefined
      if (volume) prepared.push(volume)
      else if (!waitsForPod(claim, client)) return { refusal: 'pod has unbound immediate PersistentVolumeClaims' }
    }
    return { prepared }
  },
  check(_, { node }, bound) {
    const isReachable = bound.every(volume => {
      const terms = volume.spec.nodeAffinity?.required?.nodeSelectorTerms
      return !terms || terms.some(term => matchesNodeTerm(term, node))
    })
    return isReachable ? undefined : { reasons: ["node(s) didn't match PersistentVolume's node affinity"] }
  },
})

function claimNames({ metadata, spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim: claim, ephemeral }) => {
    if (claim) return [claim.claimName]
    return ephemeral ? [`${metadata.name}-${name}`] : []
  })
}

function waitsForPod(claim: PersistentVolumeClaim, client: Client): boolean {
  const name = claim.spec.storageClassName
  return Boolean(name) && client.get(storageClass, name!)?.volumeBindingMode === 'WaitForFirstConsumer'
}
