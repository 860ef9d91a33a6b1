import { isEqual } from '../api/equality.ts'
import { Quantity } from '../api/quantity.ts'
import { matchesSelector } from '../api/selector.ts'
import type { Change, Client } from '../client.ts'
import { type PersistentVolume, persistentVolume } from '../kinds/persistentVolume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import { storageClass } from '../kinds/storageClass.ts'
import { type Control, defineController, joinKey, type Key, keyOf, lookUp, watch } from './controller.ts'

const boundByController = 'pv.kubernetes.io/bound-by-controller'
const bindCompleted = 'pv.kubernetes.io/bind-completed'
// The claims that found nothing are tried again every so often: --pvclaimbinder-sync-period
const retry = 15_000

/**
 * Finds a volume for every claim.
 * Simplified: nothing provisions volumes; a class whose volumes would be made on demand leaves its claims pending.
 */
export const persistentVolumeController = defineController({
  name: 'persistent-volume-binder',
  component: 'persistentvolume-controller',
  watches: [
    watch(persistentVolumeClaim, claimAndItsVolume),
    watch(persistentVolume, volumeItself),
    watch(pod, claimsOfScheduledPod),
  ],
  reconcile(key, control) {
    if (key.startsWith(volumeMark)) syncVolume(key.slice(volumeMark.length), control)
    else syncClaim(key, control)
  },
})

const volumeMark = 'volume:'

function claimAndItsVolume({ type, object }: Change<PersistentVolumeClaim>): Key[] {
  const { volumeName } = object.spec
  return type === 'DELETED' && volumeName ? [volumeMark + volumeName] : [keyOf(object)]
}

/** A new volume wakes nobody: claims that wait look again by themselves. */
function volumeItself({ object }: Change<PersistentVolume>): Key[] {
  return [volumeMark + object.metadata.name]
}

/** A claim that waits for its first consumer. */
function claimsOfScheduledPod({ object, previous }: Change<Pod>): Key[] {
  if (!object.spec.nodeName || previous?.spec.nodeName) return []
  return (object.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: source }) =>
    source ? [joinKey(object.metadata.namespace, source.claimName)] : [],
  )
}

function syncClaim(key: Key, control: Control): void {
  const { client, record } = control
  const claim = lookUp(client, persistentVolumeClaim, key)
  if (!claim || claim.metadata.deletionTimestamp) return
  if (claim.spec.volumeName) {
    const volume = client.get(persistentVolume, claim.spec.volumeName)
    if (!volume) setClaimPhase(claim, 'Lost', control)
    else if (claim.status?.phase !== 'Bound') bind(claim, volume, control)
    return
  }
  const volume = findVolume(claim, client)
  if (volume) {
    bind(claim, volume, control)
    return
  }
  setClaimPhase(claim, 'Pending', control)
  const className = claim.spec.storageClassName
  const known = className ? client.get(storageClass, className) : undefined
  if (!className)
    record(
      claim,
      'Normal',
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
    )
  else if (!known)
    record(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`)
  else if (known.volumeBindingMode === 'WaitForFirstConsumer')
    record(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
  else if (known.provisioner !== 'kubernetes.io/no-provisioner')
    record(
      claim,
      'Normal',
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${known.provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    )
  control.enqueue(key, retry)
}

/** The smallest free volume that has everything the claim asks for; one that names the claim comes first. */
function findVolume(claim: PersistentVolumeClaim, client: Client): PersistentVolume | undefined {
  const volumes = client.list(persistentVolume).filter(volume => suits(volume, claim))
  const reserved = volumes.find(volume => volume.spec.claimRef)
  const size = (volume: PersistentVolume) => Quantity.parse(volume.spec.capacity?.['storage'] ?? '0')
  return reserved ?? volumes.sort((a, b) => size(a).compare(size(b)))[0]
}

function suits({ metadata, spec, status }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const reference = spec.claimRef
  if (metadata.deletionTimestamp || status?.phase === 'Released' || status?.phase === 'Failed') return false
  if (reference && (reference.name !== claim.metadata.name || reference.namespace !== claim.metadata.namespace))
    return false
  if (reference?.uid && reference.uid !== claim.metadata.uid) return false
  const wanted = claim.spec
  if ((spec.storageClassName ?? '') !== (wanted.storageClassName ?? '')) return false
  if ((spec.volumeMode ?? 'Filesystem') !== (wanted.volumeMode ?? 'Filesystem')) return false
  if (!(wanted.accessModes ?? []).every(mode => spec.accessModes?.includes(mode))) return false
  if (wanted.selector && !matchesSelector(wanted.selector, metadata.labels)) return false
  const capacity = Quantity.parse(spec.capacity?.['storage'] ?? '0')
  return capacity.compare(Quantity.parse(wanted.resources?.requests?.['storage'] ?? '0')) >= 0
}

function bind(claim: PersistentVolumeClaim, volume: PersistentVolume, control: Control): void {
  const { client, timestamp } = control
  const { namespace, name, uid, resourceVersion } = claim.metadata
  let bound = volume
  if (volume.spec.claimRef?.uid !== uid) {
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      namespace: namespace!,
      name,
      uid,
      apiVersion: 'v1',
      resourceVersion,
    }
    bound = client.patch(persistentVolume, volume.metadata.name, undefined, {
      metadata: { annotations: { [boundByController]: 'yes' } },
      spec: { claimRef },
    })
  }
  if (bound.status?.phase !== 'Bound')
    client.updateStatus(persistentVolume, {
      ...bound,
      status: { phase: 'Bound', lastPhaseTransitionTime: timestamp } as PersistentVolume['status'],
    })
  const current = client.patch(persistentVolumeClaim, name, namespace, {
    metadata: {
      annotations: { [bindCompleted]: 'yes', ...(claim.spec.volumeName ? {} : { [boundByController]: 'yes' }) },
    },
    spec: { volumeName: volume.metadata.name },
  })
  const status = {
    phase: 'Bound',
    ...(volume.spec.accessModes && { accessModes: volume.spec.accessModes }),
    ...(volume.spec.capacity && { capacity: volume.spec.capacity }),
  }
  if (!isEqual(status, current.status)) client.updateStatus(persistentVolumeClaim, { ...current, status })
}

function setClaimPhase(claim: PersistentVolumeClaim, phase: string, { client }: Control): void {
  if (claim.status?.phase === phase) return
  client.updateStatus(persistentVolumeClaim, { ...claim, status: { ...claim.status, phase } })
}

/** A volume is available until it is claimed, and released when its claim is gone. */
function syncVolume(name: string, { client, timestamp, record }: Control): void {
  const volume = client.get(persistentVolume, name)
  if (!volume || volume.metadata.deletionTimestamp) return
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec
  const claim = claimRef?.uid ? client.get(persistentVolumeClaim, claimRef.name!, claimRef.namespace) : undefined
  const phase = !claimRef?.uid ? 'Available' : claim?.metadata.uid === claimRef.uid ? 'Bound' : 'Released'
  if (phase === 'Bound' || volume.status?.phase === phase) return
  client.updateStatus(persistentVolume, {
    ...volume,
    status: { phase, lastPhaseTransitionTime: timestamp } as PersistentVolume['status'],
  })
  if (phase === 'Released' && persistentVolumeReclaimPolicy === 'Delete')
    record(
      volume,
      'Warning',
      'VolumeFailedDelete',
      'error getting deleter volume plugin for volume: no deletable volume plugin matched',
    )
}
