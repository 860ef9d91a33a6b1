import type { Change, Client } from '../client.ts'
import { type PersistentVolume, persistentVolume } from '../kinds/persistentVolume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { defineController, joinKey, type Key, keyOf, watch } from './controller.ts'
import { syncClaim } from './volumes/claim.ts'
import { syncVolume } from './volumes/volume.ts'

const volumeMark = 'volume:'

/** Finds a volume for every claim, and says of every volume whose it is. */
export const persistentVolumeController = defineController({
  name: 'persistent-volume-binder',
  component: 'persistentvolume-controller',
  watches: [
    watch(persistentVolumeClaim, claimAndItsVolume),
    watch(persistentVolume, volumeAndItsClaim),
    watch(pod, claimsOfScheduledPod),
  ],
  reconcile(key, control) {
    if (key.startsWith(volumeMark)) syncVolume(key.slice(volumeMark.length), control)
    else syncClaim(key, control)
  },
})

function claimAndItsVolume({ type, object }: Change<PersistentVolumeClaim>): Key[] {
  const { volumeName } = object.spec
  return type === 'DELETED' && volumeName ? [volumeMark + volumeName] : [keyOf(object)]
}

/** A new volume wakes only the claim that it is reserved for: others that wait look again by themselves. */
function volumeAndItsClaim({ object }: Change<PersistentVolume>, client: Client): Key[] {
  const { claimRef } = object.spec
  const keys = [volumeMark + object.metadata.name]
  if (claimRef && client.get(persistentVolumeClaim, claimRef.name!, claimRef.namespace))
    keys.push(joinKey(claimRef.namespace, claimRef.name!))
  return keys
}

/** A claim that waits for its first consumer. */
function claimsOfScheduledPod({ object, previous }: Change<Pod>): Key[] {
  if (!object.spec.nodeName || previous?.spec.nodeName) return []
  return (object.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: source }) =>
    source ? [joinKey(object.metadata.namespace, source.claimName)] : [],
  )
}
