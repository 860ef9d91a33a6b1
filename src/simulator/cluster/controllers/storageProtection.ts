import type { KubernetesObject } from '../api/object.ts'
import type { Change } from '../client.ts'
import type { Kind } from '../kinds/kind.ts'
import { persistentVolume } from '../kinds/persistentVolume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { type Control, defineController, joinKey, type Key, lookUp, watch } from './controller.ts'
import { isTerminal } from './pods/state.ts'

const claimFinalizer = 'kubernetes.io/pvc-protection'
const volumeFinalizer = 'kubernetes.io/pv-protection'

/** Lets a claim that is being deleted go when no pod uses it any more. */
export const claimProtectionController = defineController({
  name: 'pvc-protection-controller',
  watches: [watch(persistentVolumeClaim), watch(pod, claimsOfEndedPod)],
  reconcile(key, control) {
    const claim = lookUp(control.client, persistentVolumeClaim, key)
    if (!claim?.metadata.deletionTimestamp) return
    const { name, namespace } = claim.metadata
    const isUsed = control.client
      .list(pod, { namespace: namespace! })
      .some(member => !isTerminal(member) && member.spec.nodeName && claimNames(member).includes(name))
    if (!isUsed) removeFinalizer(persistentVolumeClaim, claim, claimFinalizer, control)
  },
})

/** Lets a volume that is being deleted go when no claim is bound to it any more. */
export const volumeProtectionController = defineController({
  name: 'pv-protection-controller',
  watches: [watch(persistentVolume), watch(persistentVolumeClaim, volumeOfClaim)],
  reconcile(key, control) {
    const volume = control.client.get(persistentVolume, key)
    if (!volume?.metadata.deletionTimestamp || volume.status?.phase === 'Bound') return
    removeFinalizer(persistentVolume, volume, volumeFinalizer, control)
  },
})

function claimsOfEndedPod({ type, object }: Change<Pod>): Key[] {
  if (type !== 'DELETED' && !isTerminal(object)) return []
  return claimNames(object).map(name => joinKey(object.metadata.namespace, name))
}

function claimNames({ spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: source }) => (source ? [source.claimName] : []))
}

function volumeOfClaim({ type, object }: Change<PersistentVolumeClaim>): Key[] {
  return type === 'DELETED' && object.spec.volumeName ? [object.spec.volumeName] : []
}

function removeFinalizer<T extends KubernetesObject>(
  kind: Kind<T>,
  { metadata }: T,
  finalizer: string,
  { client }: Control,
): void {
  if (!metadata.finalizers?.includes(finalizer)) return
  const finalizers = metadata.finalizers.filter(one => one !== finalizer)
  client.patch(kind, metadata.name, metadata.namespace, {
    metadata: { finalizers: finalizers.length > 0 ? finalizers : null },
  })
}
